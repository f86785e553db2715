/**
 * A runner of Actions as far as our workflows need one: it runs the steps of a reusable workflow and the shell of our action
 * as they are written, on checkouts of the repositories of the fake GitHub. AWS is asked by the trust of its roles.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { git } from './git.ts';

type Texts = Readonly<Record<string, string>>;

type Step = {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Texts;
  readonly with?: Readonly<Record<string, unknown>>;
};
type Steps = { readonly steps: readonly Step[] };

export type Job = {
  /** Of a workflow that was parsed. */
  readonly steps: readonly Step[];
  /** What `${{ … }}` stands for, by the text between the braces. */
  readonly values: Texts;
  readonly env: Texts;
  /** Words that each command is given besides: where the local AWS lies. */
  readonly besides: readonly string[];
  /** Whether AWS gives the job this role. */
  readonly enters: (role: string) => boolean;
};

export type Ended = { readonly conclusion: 'success' | 'failure'; readonly log: string; readonly workspace: string };

/** The folder on disk in which the bare repositories lie, as `owner/name.git`. */
export type Runner = { readonly root: string };

const resolved = (text: string, values: Texts): string =>
  text.replaceAll(/\$\{\{ (.+?) \}\}/g, (_, expression: string) => {
    const value = values[expression];
    if (value === undefined) throw new Error(`this runner does not know ${expression}`);
    return value;
  });

const inputsOf = ({ with: given = {} }: Step, values: Texts): Texts =>
  Object.fromEntries(Object.entries(given).map(([key, value]) => [key, resolved(String(value), values)]));

/** As actions/checkout leaves it: at a commit or a branch of one repository, the remote being the server's address. */
const checkOut = async ({ root }: Runner, workspace: string, given: Texts & { readonly server: string }) => {
  const { repository = '', ref = '', path = '' } = given;
  const dir = join(workspace, path);
  await git(workspace, 'clone', '-q', '--no-checkout', join(root, `${repository}.git`), dir);
  await git(dir, 'fetch', '-q', 'origin', '+refs/*:refs/all/*');
  await git(dir, 'checkout', '-q', '--detach', /^[0-9a-f]{40}$/.test(ref) ? ref : `refs/all/heads/${ref}`);
  await git(dir, 'remote', 'set-url', 'origin', `${given.server}/${repository}`);
};

const bash = (script: string, cwd: string, env: Texts): Promise<{ readonly code: number; readonly said: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', script], { cwd, env });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, said }));
  });

type Place = { readonly workspace: string; readonly temp: string; readonly say: (text: string) => void };

const outputsIn = (file: string): Texts =>
  Object.fromEntries(
    (existsSync(file) ? readFileSync(file, 'utf8') : '')
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

/** The steps of our action; setup-node has nothing to do here. */
const runAction = async (job: Job, place: Place, given: Texts): Promise<boolean> => {
  const folder = join(place.workspace, 'tool/.github/actions/gatehouse');
  const action = parse(readFileSync(join(folder, 'action.yml'), 'utf8')) as { readonly runs: Steps };
  const output = join(mkdtempSync(join(place.temp, 'step-')), 'output');
  const words = [given['arguments'] ?? '', ...(given['arguments']?.startsWith('github') === true ? job.besides : [])];
  for (const step of action.runs.steps) {
    if (step.run === undefined) continue;
    const home = outputsIn(output)['home'] ?? '';
    const values: Texts = {
      'github.action_path': folder,
      'github.action_repository': '',
      'github.action_ref': '',
      'github.token': job.env['GITHUB_TOKEN'] ?? '',
      'inputs.arguments': words.join('\n'),
      'inputs.also-succeeds-on': given['also-succeeds-on'] ?? '0',
      'inputs.token': job.env['GITHUB_TOKEN'] ?? '',
      'steps.take.outputs.home': home,
    };
    const own = Object.entries(step.env ?? {}).map(([key, value]) => [key, resolved(value, values)]);
    const env = { ...job.env, RUNNER_TEMP: place.temp, GITHUB_OUTPUT: output, ...Object.fromEntries(own) } as Texts;
    const { code, said } = await bash(step.run, place.workspace, env);
    place.say(said);
    if (code !== 0) return false;
  }
  return true;
};

const isWanted = ({ if: condition }: Step, { values }: Job): boolean => {
  if (condition === undefined || condition === '!cancelled()') return true;
  const value = values[condition];
  if (value === undefined) throw new Error(`this runner does not know ${condition}`);
  return value === 'true';
};

const runStep = async (runner: Runner, job: Job, { step, place }: { step: Step; place: Place }): Promise<boolean> => {
  const { uses = '' } = step;
  const given = inputsOf(step, job.values);
  if (uses.startsWith('actions/checkout@')) {
    const whole = { repository: job.env['GITHUB_REPOSITORY'] ?? '', server: job.env['GITHUB_SERVER_URL'] ?? '' };
    await checkOut(runner, place.workspace, { ...whole, ...given });
    return true;
  }
  if (uses === './tool/.github/actions/gatehouse') return runAction(job, place, given);
  if (uses.startsWith('aws-actions/')) {
    const isLetIn = job.enters(given['role-to-assume'] ?? '');
    if (!isLetIn) place.say('Not authorized to perform sts:AssumeRoleWithWebIdentity\n');
    return isLetIn;
  }
  if (/^actions\/(up|down)load-artifact@/.test(uses)) return true;
  throw new Error(`this runner does not know ${uses || (step.name ?? 'a step')}`);
};

/** Stops at the first step that fails. */
export const runJob = async (runner: Runner, job: Job): Promise<Ended> => {
  const home = mkdtempSync(join(runner.root, 'runner-'));
  const [workspace, temp] = [join(home, 'work'), join(home, 'temp')];
  for (const dir of [workspace, temp]) mkdirSync(dir);
  let log = '';
  const place: Place = { workspace, temp, say: (text) => void (log += text) };
  for (const step of job.steps)
    if (isWanted(step, job) && !(await runStep(runner, job, { step, place })))
      return { conclusion: 'failure', log, workspace };
  return { conclusion: 'success', log, workspace };
};

/** A bare repository beside the others, with one commit of these files; its sha. */
export const addBareRepository = async (
  { root }: Runner,
  name: string,
  files: Texts,
): Promise<{ readonly dir: string; readonly commit: string }> => {
  const dir = join(root, `${name}.git`);
  mkdirSync(dir, { recursive: true });
  await git(dir, 'init', '-q', '--bare', '-b', 'main');
  return { dir, commit: await commitTo(dir, files, 'refs/heads/main') };
};

/** Commits these files on top of what main has and pushes that to a ref. */
export const commitTo = async (bare: string, files: Texts, ref: string): Promise<string> => {
  const work = mkdtempSync(join(dirname(bare), 'work-'));
  await git(work, 'clone', '-q', bare, work);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(work, path)), { recursive: true });
    writeFileSync(join(work, path), text);
  }
  await git(work, 'add', '-A');
  await git(work, 'commit', '-q', '-m', 'Change the tool');
  await git(work, 'push', '-q', 'origin', `HEAD:${ref}`);
  return git(work, 'rev-parse', 'HEAD');
};
