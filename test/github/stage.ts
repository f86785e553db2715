/** A shop on the fake GitHub and on the local AWS, and the jobs that workflows would run, here or as processes of their own. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSaved } from '../../src/commands/run/open-sandbox.ts';
import { callSandbox } from '../../src/sandbox/call.ts';
import { git } from '../support/github/git.ts';
import type { GitHubOptions, NewRun, OpenGitHub } from '../support/github/open-github.ts';
import { openGitHub } from '../support/github/open-github.ts';
import { jobEnvironment, merge, propose, review, seedMain } from '../support/github/scenario.ts';
import type { Comment, Issue } from '../support/github/state.ts';
import { runHere, runProcess } from '../support/run.ts';
import type { Ran as Answered } from '../support/run.ts';
import { writeShop } from './shop.ts';

export type Ran = Answered & {
  /** What the job wrote on the page of its run. */
  readonly summary: string;
};

export type Job = NewRun & { readonly token?: string; readonly env?: Readonly<Record<string, string>> };

export type Stage = {
  readonly github: OpenGitHub;
  /** The local AWS's folder. */
  readonly aws: string;
  /** Runs a command of the command line in a job of Actions. */
  readonly run: (words: readonly string[], job?: Job) => Promise<Ran>;
  /** A checkout of main, or of a pull request's head, as actions/checkout makes it with fetch-depth 0. */
  readonly checkout: (pull?: number) => Promise<string>;
  readonly plan: (pull: number, job?: Job) => Promise<Ran>;
  readonly approvals: (pull: number, job?: Job) => Promise<Ran>;
  readonly apply: (words?: readonly string[], job?: Job) => Promise<Ran>;
  readonly drift: (words?: readonly string[], job?: Job) => Promise<Ran>;
  /** Somebody in the console: one call to the local AWS. */
  readonly call: Call;
  /** Somebody in the console gives a permission set another session duration. */
  readonly update: (set: string, sessionDuration: string) => Promise<void>;
  /** Somebody in the console takes an assignment of a group away. */
  readonly revoke: (group: string, set: string, accountId: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** What the jobs of our workflows are given. */
const permissions = {
  plan: { contents: 'read', 'pull-requests': 'write', checks: 'write', actions: 'read', deployments: 'read' },
  'approve-check': { contents: 'read', 'pull-requests': 'read', checks: 'write' },
  apply: { contents: 'read', 'pull-requests': 'write', deployments: 'write', statuses: 'write', actions: 'read' },
  drift: { contents: 'read', issues: 'write' },
} as const;

const permissionsOf = (words: readonly string[]): Readonly<Record<string, 'read' | 'write'>> =>
  Object.entries(permissions).find(([command]) => words[0] === 'github' && words[1] === command)?.[1] ?? {};

const checkoutOf = async (github: OpenGitHub, pull: number | undefined): Promise<string> => {
  const dir = mkdtempSync(join(github.state.root, 'checkout-'));
  await git(github.state.root, 'clone', '-q', github.repository.dir, dir);
  if (pull === undefined) return dir;
  await git(dir, 'fetch', '-q', 'origin', `refs/pull/${pull}/head`);
  await git(dir, 'checkout', '-q', '--detach', 'FETCH_HEAD');
  return dir;
};

const runIn =
  (github: OpenGitHub, command: typeof runHere) =>
  async (words: readonly string[], { token, env, ...job }: Job = {}): Promise<Ran> => {
    const page = join(mkdtempSync(join(github.state.root, 'run-')), 'summary.md');
    const run = github.addRun(job);
    const environment = jobEnvironment(github, run, token ?? github.jobToken(permissionsOf(words)));
    const home = { HOME: github.state.root, GITHUB_STEP_SUMMARY: page };
    const ran = await command({ words, env: { ...environment, ...home, ...env } });
    return { ...ran, summary: existsSync(page) ? readFileSync(page, 'utf8') : '' };
  };

const scheduled: Job = { event: 'schedule', workflow: 'drift.yml' };
const pushed: Job = { event: 'push', workflow: 'apply.yml' };

type Answer = Readonly<Record<string, unknown>>;
/** One call to the local AWS by hand. */
type Call = (service: string, operation: string, input: object) => Promise<Answer>;

/** By hand on the state that the commands left, without a job. */
const callIn =
  (aws: string): Call =>
  async (service, operation, input) => {
    const opened = await openSaved(aws);
    if (opened === undefined) throw new Error('nothing is in the local AWS yet');
    const { ok, output } = callSandbox(opened.sandbox, { service, operation, input: { ...input } }, Date.now);
    if (!ok) throw new Error(`${operation}: ${String(output)}`);
    await opened.save();
    return output as Answer;
  };

type Instance = { readonly InstanceArn: string; readonly IdentityStoreId: string };

const instanceIn = async (call: Call): Promise<Instance> =>
  ((await call('sso-admin', 'ListInstances', {}))['Instances'] as readonly Instance[])[0] as Instance;

const setArn = async (call: Call, name: string): Promise<string> => {
  const { InstanceArn } = await instanceIn(call);
  const sets = (await call('sso-admin', 'ListPermissionSets', { InstanceArn }))['PermissionSets'] as readonly string[];
  for (const PermissionSetArn of sets) {
    const { PermissionSet } = await call('sso-admin', 'DescribePermissionSet', { InstanceArn, PermissionSetArn });
    if ((PermissionSet as { readonly Name: string }).Name === name) return PermissionSetArn;
  }
  throw new Error(`AWS has no permission set ${name}`);
};

const updateSet = async (call: Call, set: string, SessionDuration: string): Promise<void> => {
  const { InstanceArn } = await instanceIn(call);
  const PermissionSetArn = await setArn(call, set);
  await call('sso-admin', 'UpdatePermissionSet', { InstanceArn, PermissionSetArn, SessionDuration });
};

type Grant = { readonly group: string; readonly set: string; readonly accountId: string };

const revokeFrom = async (call: Call, { group, set, accountId }: Grant): Promise<void> => {
  const { InstanceArn, IdentityStoreId } = await instanceIn(call);
  const { Groups } = await call('identitystore', 'ListGroups', { IdentityStoreId });
  const found = (Groups as readonly { readonly DisplayName: string; readonly GroupId: string }[]).find(
    ({ DisplayName }) => DisplayName === group,
  );
  await call('sso-admin', 'DeleteAccountAssignment', {
    InstanceArn,
    TargetId: accountId,
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn: await setArn(call, set),
    PrincipalType: 'GROUP',
    PrincipalId: found?.GroupId ?? '',
  });
};

export type StageOptions = GitHubOptions & {
  /** Jobs run the compiled command line as processes of their own. */
  readonly processes?: true;
  /** Writes the three folders that main begins with; the shop's unless said. */
  readonly write?: (dir: string) => void;
};

const openStage = async ({ processes, write = writeShop, ...options }: StageOptions = {}): Promise<Stage> => {
  const github = await openGitHub(options);
  const source = mkdtempSync(join(github.state.root, 'shop-'));
  write(source);
  await seedMain(
    github,
    Object.fromEntries(['access', 'permission-sets', 'scps'].map((name) => [name, join(source, name)])),
  );
  const aws = join(github.state.root, 'aws');
  const run = runIn(github, processes ? runProcess : runHere);
  const sandbox = `--sandbox=${aws}`;
  const checkout = (pull?: number): Promise<string> => checkoutOf(github, pull);
  const onPull = async (command: string, pull: number): Promise<readonly string[]> => {
    const [base, head] = [await checkout(), await checkout(pull)];
    return ['github', command, '--pr', String(pull), '--base', base, '--dir', head];
  };
  const call = callIn(aws);
  return {
    github,
    aws,
    run,
    checkout,
    plan: async (pull, job) => run([...(await onPull('plan', pull)), sandbox], job),
    approvals: async (pull, job) => run(await onPull('approve-check', pull), job),
    apply: async (words = [], job = pushed) =>
      run(['github', 'apply', '--dir', await checkout(), sandbox, ...words], job),
    drift: async (words = [], job = scheduled) =>
      run(['github', 'drift', '--dir', await checkout(), sandbox, ...words], job),
    call,
    update: (set, sessionDuration) => updateSet(call, set, sessionDuration),
    revoke: (group, set, accountId) => revokeFrom(call, { group, set, accountId }),
    close: () => github.close(),
  };
};

let applied: Promise<string> | undefined;

/** The state of the local AWS in which the shop was carried out, made once for a file of tests. */
const appliedShop = async (): Promise<string> => {
  const stage = await openStage();
  const { exit, err } = await stage.run(['apply', '--yes', '--dir', await stage.checkout(), `--sandbox=${stage.aws}`]);
  if (exit !== 0) throw new Error(`the shop was not applied: ${err}`);
  const state = readFileSync(join(stage.aws, 'sandbox.json'), 'utf8');
  await stage.close();
  return state;
};

/** The shop is in AWS already, and everything of it is ours: where most stories begin. */
export const openSettledStage = async (options: StageOptions = {}): Promise<Stage> => {
  applied ??= appliedShop();
  const [state, stage] = [await applied, await openStage(options)];
  mkdirSync(stage.aws, { recursive: true });
  writeFileSync(join(stage.aws, 'sandbox.json'), state);
  return stage;
};

const root = join(import.meta.dirname, '../..');

/** SecureCart's own repository, not yet carried out. Who may approve there: ada-gh and grace-gh, and the members of two teams. */
export const openSecureCartStage = (): Promise<Stage> =>
  openStage({
    roles: { ada: 'admin', linus: 'write', 'ada-gh': 'write', 'grace-gh': 'write', sam: 'write', pia: 'write' },
    teams: { 'securecart/security': ['sam', 'grace-gh'], 'securecart/platform': ['pia'] },
    write: (dir) => {
      for (const folder of ['access', 'permission-sets', 'scps'])
        cpSync(join(root, folder), join(dir, folder), { recursive: true });
    },
  });

/** What a job is given where the workflows use an app that may see teams. */
export const appToken = (stage: Stage): string =>
  stage.github.appToken('securecart-access', {
    contents: 'read',
    'pull-requests': 'write',
    checks: 'write',
    deployments: 'write',
    statuses: 'write',
    issues: 'write',
    actions: 'read',
    members: 'read',
  });

export const commentsOn = (stage: Stage, pull: number): readonly Comment[] =>
  stage.github.repository.comments.filter(({ issue }) => issue === pull);

export const bodyOn = (stage: Stage, pull: number, purpose: 'plan' | 'apply'): string =>
  commentsOn(stage, pull).findLast(({ body }) => body.startsWith(`<!-- gatehouse:${purpose} -->`))?.body ?? '';

export const checkOn = (stage: Stage, name: string) =>
  stage.github.repository.checks.findLast((check) => check.name === name);

export const driftIssue = (stage: Stage): Issue | undefined =>
  stage.github.repository.issues.find(({ labels }) => labels.includes('gatehouse-drift'));

/** Opens a pull request that changes files of the shop. */
export const proposeEdit = (
  stage: Stage,
  branch: string,
  edit: { readonly by?: string; readonly files: Readonly<Record<string, string | null>> },
): Promise<number> => propose(stage.github, { by: edit.by ?? 'linus', branch, files: edit.files });

export const approve = async (stage: Stage, pull: number, ...logins: readonly string[]): Promise<void> => {
  for (const login of logins) await review(stage.github, login, { number: pull });
};

export const mergePull = (
  stage: Stage,
  pull: number,
  method: 'merge' | 'squash' | 'rebase' = 'merge',
): Promise<string> => merge(stage.github, 'ada', { number: pull, merge_method: method });
