/** `github apply` of a history: the real command in this process, on the git and the GitHub in memory and the local AWS. */
import { PassThrough } from 'node:stream';
import pc from 'picocolors';
import { connectAws } from '../../../src/aws/connection.ts';
import type { CommandContext, ExitCode } from '../../../src/commands/run/context.ts';
import { githubApplyCommand } from '../../../src/commands/github/apply.ts';
import type { GitHubApplyOptions } from '../../../src/commands/github/apply.ts';
import { createFaults } from '../faults-handler.ts';
import type { FaultKind, FaultSchedule } from '../faults.ts';
import type { Sandbox } from '../../../src/sandbox/handle.ts';
import { requestHandler } from '../../../src/sandbox/request-handler.ts';
import type { SimulatedClock } from '../../aws/simulated-clock.ts';
import { answerWith, clients } from '../answered-clients.ts';
import { mortalClock, mortalHandler, newLife } from '../mortal.ts';
import type { Life } from '../mortal.ts';
import type { MemoryGit } from './memory-git.ts';
import type { MemoryGitHub } from './memory-github.ts';
import { ownOfTests } from '../run.ts';

export type Theatre = {
  readonly git: MemoryGit;
  readonly github: MemoryGitHub;
  readonly sandbox: Sandbox;
  readonly clock: SimulatedClock;
};

export type Ended = {
  readonly how: ExitCode | 'killed' | 'threw' | 'hung';
  /** What it said, results and messages. */
  readonly said: string;
  readonly struck: readonly FaultKind[];
};

type Job = {
  /** Sees every call to AWS. */
  readonly watched: Sandbox;
  readonly schedule: FaultSchedule;
  readonly options: GitHubApplyOptions;
  readonly run: number;
};

const nobody = (): Promise<never> => Promise.reject(new Error('nobody can be asked'));

type Stage = Theatre & { readonly life: Life; readonly run: number; readonly say: (text: string) => void };

/** A journal that cannot be written stops nothing, and thousands of them would only fill the disk. */
const NOWHERE = '/dev/null/checkout';

const contextOf = ({ git, github, clock, life, run, say }: Stage): CommandContext => ({
  own: ownOfTests,
  options: { dir: NOWHERE, format: 'text', verbose: false, nowIsGiven: false },
  out: say,
  err: say,
  errStream: new PassThrough() as unknown as NodeJS.WriteStream,
  paint: pc.createColors(false),
  width: 100,
  interactive: false,
  ask: nobody,
  now: new Date(clock.now()).toISOString(),
  clock: mortalClock(clock, life),
  createClients: async () => clients,
  createGitHub: async () => github.port(life.alive),
  runGit: git.runAt(github.main()),
  interrupt: new AbortController().signal,
  env: { GITHUB_REPOSITORY: 'shop/aws-access', GITHUB_RUN_ID: String(run) },
  readInput: nobody,
});

const PATIENCE = 60_000;

const outOfPatience = (): { readonly late: Promise<'hung'>; readonly stop: () => void } => {
  let stop = (): void => undefined;
  const late = new Promise<'hung'>((resolve) => {
    const timer = setTimeout(() => resolve('hung'), PATIENCE);
    stop = () => clearTimeout(timer);
  });
  return { late, stop };
};

const striking = (theatre: Theatre, { schedule, watched }: Job, life: Life, struck: FaultKind[]) => {
  const { sandbox, clock } = theatre;
  const faults = createFaults({
    schedule,
    world: sandbox.world(),
    struck: (kind) => {
      struck.push(kind);

      if (kind === 'killed-before') life.kill();
      // The write is carried out first; nobody hears the answer.
      if (kind === 'killed-after') setImmediate(() => setImmediate(() => setImmediate(() => life.kill())));
    },
  });
  answerWith(mortalHandler(clock.watching(faults.around(requestHandler(watched, clock.now))), life));
};

/** Never throws: what the command throws is how it ended. */
export const applyOnce = async (theatre: Theatre, job: Job): Promise<Ended> => {
  const [life, lines, struck]: [Life, string[], FaultKind[]] = [newLife(), [], []];
  striking(theatre, job, life, struck);
  const stage = { ...theatre, life, run: job.run, say: (text: string) => void lines.push(text) };
  // The clients are shared: the last run, which may be dead, left them waiting by its own clock.
  await connectAws(clients, { clock: mortalClock(theatre.clock, life), onCall: () => undefined });
  const { late, stop } = outOfPatience();
  const command = githubApplyCommand(contextOf(stage), job.options).catch((thrown: unknown) => {
    lines.push(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
    return 'threw' as const;
  });
  const how = await Promise.race([command, life.killed, late]);
  stop();
  life.kill();
  return { how, said: lines.join('\n'), struck };
};
