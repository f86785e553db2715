/** A repository that is applied to a local AWS in simulated time, through the commands that people run. */
import { PassThrough } from 'node:stream';
import pc from 'picocolors';
import { createClients } from '../../src/aws/clients.ts';
import type { AwsClients, AwsCredentials } from '../../src/aws/clients.ts';
import { applyCommand } from '../../src/commands/apply.ts';
import type { CommandContext, OutputFormat } from '../../src/commands/run/context.ts';
import { freshWorld, sandboxOf } from '../../src/commands/run/open-sandbox.ts';
import { cloudOf } from '../../src/commands/run/live-plan.ts';
import { planCommand } from '../../src/commands/plan.ts';
import { load } from '../../src/desired/load.ts';
import { resolve } from './understood.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import { callSandbox } from '../../src/sandbox/call.ts';
import { requestHandler } from '../../src/sandbox/request-handler.ts';
import { simulatedClock } from '../aws/simulated-clock.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { State } from '../../src/model/resource.ts';
import { ownOfTests } from './run.ts';
import type { Ran } from './run.ts';

/** Region and service of the credential: the local AWS takes the service of S3 alone from it, whose paths are names. */
const scopeOf = ({ hostname }: { readonly hostname: string }): string => {
  const [, region = 'us-east-1'] = /\.([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(hostname) ?? [];
  return `${region}/${/(^|\.)s3[.-]/.test(hostname) ? 's3' : 'any'}`;
};

/** Nobody checks signatures here, and they would be half of the work. */
const naming = ({ accessKeyId }: AwsCredentials) => ({
  sign: async (request: { readonly hostname: string; readonly headers: Record<string, string> }) => ({
    ...request,
    headers: {
      ...request.headers,
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261123/${scopeOf(request)}/aws4_request, Signature=none`,
    },
  }),
});

const clientsOf = (region: string, handler: unknown, credentials: AwsCredentials): AwsClients => ({
  ...createClients({ region, credentials, requestHandler: handler, ...({ signer: naming(credentials) } as object) }),
  withCredentials: async (session) => clientsOf(region, handler, session),
});

export type Hours = {
  readonly now: () => string;
  /** To this moment, or not at all if it has passed. */
  readonly until: (moment: string) => Promise<void>;
  readonly apply: (approved?: string) => Promise<Ran>;
  readonly plan: (format?: OutputFormat, out?: string) => Promise<Ran>;
  readonly planned: () => Promise<Plan>;
  /** All that AWS has of what Gatehouse knows. */
  readonly state: () => Promise<State>;
  /** One call to the local AWS by hand. */
  readonly call: (service: string, operation: string, input: object) => Readonly<Record<string, unknown>>;
};

/** `seededAt`: ISO 8601; the local AWS begins as a brownfield that knows the names of the files of that day. */
export const openHours = async (dir: string, seededAt: string): Promise<Hours> => {
  const clock = simulatedClock(Date.parse(seededAt));
  const now = (): string => new Date(clock.now()).toISOString();
  const first = resolve(await load(dir), { catalogue: loadCatalogue(), now: seededAt });
  const sandbox = sandboxOf(freshWorld(first, clock.now()), 1);
  const { handle } = clock.watching(requestHandler(sandbox, clock.now));
  const handler = {
    ...requestHandler(sandbox, clock.now),
    handle,
  };
  const clients = clientsOf(first.settings.region, handler, { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' });
  const run = async (format: OutputFormat, command: (context: CommandContext) => Promise<number>): Promise<Ran> => {
    let [out, err] = ['', ''];
    const context: CommandContext = {
      own: ownOfTests,
      options: { dir, format, verbose: false, nowIsGiven: false },
      out: (text) => void (out += `${text}\n`),
      err: (text) => void (err += `${text}\n`),
      errStream: new PassThrough() as unknown as NodeJS.WriteStream,
      paint: pc.createColors(false),
      width: 120,
      interactive: false,
      ask: async () => 'no',
      now: now(),
      clock,
      createClients: async () => clients,
      createGitHub: () => Promise.reject(new Error('there is no GitHub here')),
      runGit: () => Promise.reject(new Error('there is no git here')),
      interrupt: new AbortController().signal,
      env: {},
      readInput: async () => '',
    };
    const exit = await command(context);
    return { exit, out, err };
  };
  const plan: Hours['plan'] = (format = 'text', out) =>
    run(format, (context) => planCommand(context, { detailedExitcode: false, ...(out === undefined ? {} : { out }) }));
  return {
    now,
    until: async (moment) => clock.sleep(Date.parse(moment) - clock.now()),
    apply: (approved) =>
      run('text', (context) => applyCommand(context, { yes: true, ...(approved === undefined ? {} : { approved }) })),
    plan,
    state: async () => {
      const desired = resolve(await load(dir), { catalogue: loadCatalogue(), now: now() });
      const cloud = cloudOf({ clients, clock, place: 'here', save: async () => undefined }, desired);
      return (await cloud.read()).state;
    },
    planned: async () => JSON.parse((await plan('json')).out) as Plan,
    call: (service, operation, input) => {
      const { ok, output } = callSandbox(sandbox, { service, operation, input: { ...input } }, clock.now);
      if (!ok) throw new Error(`${operation}: ${String(output)}`);
      return output as Readonly<Record<string, unknown>>;
    },
  };
};
