/** Applies of a stage at the same moment on one AWS: a local AWS that lives in this process, and not one that each run reads from a file. */
import pc from 'picocolors';
import { createClients } from '../../src/aws/clients.ts';
import { scaledClock } from '../../src/aws/clock.ts';
import type { Clock } from '../../src/aws/clock.ts';
import type { CommandContext, ExitCode } from '../../src/commands/run/context.ts';
import { githubApplyCommand } from '../../src/commands/github/apply.ts';
import { openSaved } from '../../src/commands/run/open-sandbox.ts';
import { createGitHub } from '../../src/github/client.ts';
import { runGitWith } from '../../src/github/run-git.ts';
import { requestHandler } from '../../src/sandbox/request-handler.ts';
import type { SdkRequestHandler } from '../../src/sandbox/request-handler.ts';
import type { createFaults } from '../support/faults-handler.ts';
import type { SandboxWorld } from '../../src/sandbox/world.ts';
import { jobEnvironment } from '../support/github/scenario.ts';
import type { Stage } from './stage.ts';
import { ownOfTests } from '../support/run.ts';

type SharedAws = {
  /** Runs `github apply` on a checkout of main. */
  readonly apply: (dir: string) => Promise<{ readonly exit: ExitCode; readonly text: string }>;
  /** Does something once, before the next call of such an operation is answered. */
  readonly before: (operation: RegExp, act: () => Promise<unknown>) => void;
  /** As far as AWS and GitHub see it, whatever runs is killed: no call of it arrives any more. */
  readonly kill: () => void;
  /** Lets commands of the stage see what was done. */
  readonly save: () => Promise<void>;
};

const permissions = {
  contents: 'read',
  'pull-requests': 'write',
  deployments: 'write',
  statuses: 'write',
  actions: 'read',
} as const;

const nobody = (): Promise<never> => Promise.reject(new Error('nobody can be asked'));

type Run = {
  readonly dir: string;
  readonly handler: SdkRequestHandler;
  readonly ahead: number;
  readonly say: (text: string) => void;
};

const aheadBy = (milliseconds: number): Clock => {
  const clock = scaledClock(40);
  return { ...clock, now: () => clock.now() + milliseconds };
};

const contextOf = (stage: Stage, { dir, handler, ahead, say }: Run): CommandContext => {
  const token = stage.github.jobToken(permissions);
  const credentials = { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' };
  return {
    own: ownOfTests,
    // The keys are told.
    options: { dir, format: 'text', verbose: true, nowIsGiven: false },
    out: say,
    err: say,
    errStream: process.stderr,
    paint: pc.createColors(false),
    width: 80,
    interactive: false,
    ask: nobody,
    now: new Date(Date.now() + ahead).toISOString(),
    clock: aheadBy(ahead),
    createClients: (options) => Promise.resolve(createClients({ ...options, credentials, requestHandler: handler })),
    createGitHub: (repository) =>
      Promise.resolve(createGitHub({ repository, token, baseUrl: stage.github.url, pace: 'at once', say })),
    runGit: runGitWith({ PATH: process.env['PATH'], HOME: dir, GIT_CONFIG_GLOBAL: '/dev/null' }),
    interrupt: new AbortController().signal,
    env: jobEnvironment(stage.github, stage.github.addRun({ event: 'push', workflow: 'apply.yml' }), token),
    readInput: nobody,
  };
};

type Odd = {
  /** What goes wrong between the runs and AWS. */
  readonly faults?: (world: SandboxWorld) => Pick<ReturnType<typeof createFaults>, 'around'>;
  /** Milliseconds by which the clocks of the runs are ahead of AWS's. */
  readonly ahead?: number;
};

export const shareAws = async (stage: Stage, { faults, ahead = 0 }: Odd = {}): Promise<SharedAws> => {
  const opened = await openSaved(stage.aws);
  if (opened === undefined) throw new Error('the stage has no AWS yet');
  const plain = requestHandler(opened.sandbox, Date.now);
  const through = faults?.(opened.sandbox.world()).around(plain) ?? plain;
  let waiting: { readonly operation: RegExp; readonly act: () => Promise<unknown> } | undefined;
  let alive = true;
  const handler: SdkRequestHandler = {
    ...through,
    handle: async (request) => {
      const due = waiting?.operation.test(request.headers['x-amz-target'] ?? '') ? waiting : undefined;
      if (due !== undefined) waiting = undefined;
      await due?.act();
      if (!alive) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      return through.handle(request);
    },
  };
  return {
    apply: async (dir) => {
      const lines: string[] = [];
      const exit = await githubApplyCommand(
        contextOf(stage, { dir, handler, ahead, say: (text) => void lines.push(text) }),
        {},
      );
      return { exit, text: lines.join('\n') };
    },
    before: (operation, act) => {
      waiting = { operation, act };
    },
    kill: () => {
      alive = false;
      stage.github.fail({ as: 'reset', times: 1_000 });
    },
    save: opened.save,
  };
};
