/** A repository for one's own organization, in an empty folder or beside what is there: nothing is ever overwritten. */
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { safely } from '../github/asking-git.ts';
import { UserError } from '../model/problem.ts';
import { bareFiles, firstFiles } from '../render/first-files.ts';
import type { FirstFile, PinnedTool } from '../render/first-files.ts';
import { doctorText } from '../render/doctor.ts';
import { counted } from '../render/words.ts';
import { importCommand } from './import.ts';
import { optionsAgain } from './run/again.ts';
import { styleOf } from './run/context.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { openChecks } from './doctor.ts';
import { readRepository } from './run/repository.ts';
import { schemaFolder, writeSchemas } from './run/schema-files.ts';

export type InitOptions = {
  readonly fromAws?: true;
  readonly example?: true;
  readonly empty?: true;
  readonly repo?: string;
  readonly region?: string;
  readonly organization?: string;
  /** `NAME=ID`. */
  readonly management?: string;
  readonly tool?: string;
};

type Origin = 'from-aws' | 'example' | 'empty';

const isThere = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Whether it was written: a file that is there is left alone, whatever is in it. */
const writeNew = async (dir: string, { path, text }: FirstFile): Promise<boolean> => {
  const file = join(dir, path);
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

/** What an option said, or what a person answers. */
const wanted = async (
  { interactive, ask }: CommandContext,
  given: string | undefined,
  option: string,
): Promise<string> => {
  if (given !== undefined) return given;
  if (!interactive) throw new UserError(`nobody can be asked here: say ${option}`);
  const answer = (await ask(`${option} `)).trim();
  if (answer === '') throw new UserError(`${option} is needed`);
  return answer;
};

const originOf = async (context: CommandContext, { fromAws, example, empty }: InitOptions): Promise<Origin> => {
  const given: readonly Origin[] = [
    ...(fromAws ? ['from-aws' as const] : []),
    ...(example ? ['example' as const] : []),
    ...(empty ? ['empty' as const] : []),
  ];
  const [origin, second] = given;
  if (second !== undefined) throw new UserError('say one of --from-aws, --example and --empty');
  if (origin !== undefined) return origin;
  const answer = await wanted(context, undefined, '--from-aws, --example or --empty');
  const origins: readonly Origin[] = ['from-aws', 'example', 'empty'];
  const chosen = origins.find((one) => one === answer.replace(/^--/, ''));
  if (chosen === undefined) throw new UserError('one of --from-aws, --example and --empty');
  return chosen;
};

/** Of `git remote`, on GitHub or on a server of one's own. */
const remoteOf = async (context: CommandContext): Promise<string | undefined> => {
  const { out } = await context.runGit([...safely, 'remote', 'get-url', 'origin'], { dir: context.options.dir });
  return /[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?\s*$/.exec(out)?.[1];
};

const repositoryOf = async (context: CommandContext, { repo }: InitOptions): Promise<string> => {
  const name = await wanted(context, repo ?? (await remoteOf(context)), '--repo OWNER/NAME');
  if (!/^[\w.-]+\/[\w.-]+$/.test(name)) throw new UserError(`--repo is OWNER/NAME, not ${JSON.stringify(name)}`);
  return name;
};

const exampleFolders = ['access', 'permission-sets', 'scps'];

const filesBelow = async (folder: string, path: string): Promise<readonly FirstFile[]> => {
  const entries = await readdir(join(folder, path), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.sort().map(async (file) => ({ path: file.slice(folder.length + 1), text: await readFile(file, 'utf8') })),
  );
};

const exampleFiles = async ({ own }: CommandContext): Promise<readonly FirstFile[]> =>
  (await Promise.all(exampleFolders.map((path) => filesBelow(own.folder, path)))).flat();

const emptyFiles = async (
  context: CommandContext,
  options: InitOptions,
  owner: string,
): Promise<readonly FirstFile[]> => {
  const organization = await wanted(context, options.organization, '--organization o-…');
  const region = await wanted(context, options.region ?? context.env['AWS_REGION'], '--region REGION');
  const management = await wanted(context, options.management, '--management NAME=ID');
  const [, name = '', id = ''] = /^(.+)=(\d{12})$/.exec(management) ?? [];
  if (name === '') throw new UserError('--management is the name of the management account, = and its 12 digits');
  return bareFiles({ organization, region, owner, management: { name, id } });
};

/** `origin`: nothing where YAML of access was there already. */
type BegunFiles = { readonly origin?: Origin; readonly files: readonly FirstFile[] };

/** The YAML of access. Throws UserError where it could not be had. */
const writeAccess = async (context: CommandContext, options: InitOptions, owner: string): Promise<BegunFiles> => {
  const { dir } = context.options;
  if (await isThere(join(dir, 'access'))) return { files: [] };
  const origin = await originOf(context, options);
  if (origin === 'example') return { origin, files: await exampleFiles(context) };
  if (origin === 'empty') return { origin, files: await emptyFiles(context, options, owner) };
  const rules = { fold: true, force: false, withAssignments: false, members: 'sure', adopt: 'complete' } as const;
  const region = options.region === undefined ? {} : { region: options.region };
  const exit = await importCommand(context, { into: dir, owner, ...region, ...rules });
  if (exit !== 0) throw new UserError('AWS was not imported, so nothing else was written');
  return { origin, files: [] };
};

const commitMessages: Readonly<Record<Origin, readonly [string, string]>> = {
  'from-aws': [
    'Begin with what AWS has',
    'Nothing is changed by this commit: the first plan holds what is adopted, and what is not declared is not touched.',
  ],
  example: [
    'Begin with the example of Gatehouse',
    'SecureCart is not ours: its files are to be tried on the local AWS (--sandbox) and to be replaced.',
  ],
  empty: [
    'Begin with the organization and nothing else',
    'Nothing is changed by this commit: what is not declared is not touched.',
  ],
};

const commitWords = (origin: Origin | undefined): readonly string[] => {
  if (origin === undefined) return [];
  const [subject, body] = commitMessages[origin];
  return ['', 'The first commit could say:', '', `  ${subject}`, '', `  ${body}`];
};

/** What `doctor` says of it; nothing where the files have mistakes, which `validate` says. */
const leftToDo = async (context: CommandContext, repository: string): Promise<readonly string[]> => {
  const { desired } = await readRepository(context);
  if (desired === undefined) return [];
  const view = await openChecks(context, { desired, repository });
  if (view.checks.length === 0) return [];
  return ['', 'What is left to do, as doctor says:', '', doctorText(view, styleOf(context))];
};

type InitResult = {
  readonly written: readonly string[];
  readonly repository: string;
  readonly origin: Origin | undefined;
};

const isYaml = (path: string): boolean => /^(access|permission-sets|scps)\//.test(path);

/** By name, but for the YAML, which may be hundreds. */
const writtenWords = (written: readonly string[]): string => {
  const others = written.filter((path) => !isYaml(path));
  const yaml = written.length - others.length;
  return [...others, ...(yaml === 0 ? [] : [`and ${yaml} in access/, permission-sets/ and scps/`])].join(', ');
};

const told = (context: CommandContext, { written, repository, origin }: InitResult): string => {
  const { own, options } = context;
  const again = optionsAgain(context);
  // The organization of the example is nobody's: only the local AWS has it.
  const sandbox = origin === 'example' && options.sandbox === undefined ? ' --sandbox' : '';
  return [
    written.length === 0
      ? 'Everything is there already: nothing was written.'
      : `${counted(written.length, 'file')} written to ${options.dir}: ${writtenWords(written)}`,
    '',
    'Next:',
    `  have the pinned version   npm install`,
    `  see what is wrong         ${own.command} validate${again}`,
    `  see what would change     ${own.command} plan${again}${sandbox}`,
    `  ask again what is left    ${own.command} doctor${again} --repo ${repository}`,
    ...commitWords(origin),
  ].join('\n');
};

/** At the commit that this was built of. Outside a checkout and a release nobody knows it: a person fills it in. */
const toolOf = ({ own }: CommandContext, { tool }: InitOptions): PinnedTool => {
  if (tool === undefined) return { repository: own.repository, commit: own.commit ?? 'FULL-COMMIT-SHA' };
  const [, repository = '', commit = ''] = /^([\w.-]+\/[\w.-]+)@([0-9a-f]{40})$/.exec(tool) ?? [];
  if (repository === '') throw new UserError('--tool is OWNER/NAME@ and a full commit: 40 hexadecimal digits');
  return { repository, commit };
};

export const initCommand = async (context: CommandContext, options: InitOptions): Promise<ExitCode> => {
  const { own } = context;
  const { dir } = context.options;
  await mkdir(dir, { recursive: true });
  const repository = await repositoryOf(context, options);
  const tool = toolOf(context, options);
  const { origin, files } = await writeAccess(context, options, repository);
  const others = firstFiles({ repository, package: own, tool });
  const written: string[] = [];
  for (const file of [...files, ...others]) if (await writeNew(dir, file)) written.push(file.path);
  const { desired } = await readRepository(context);
  await writeSchemas(schemaFolder(dir), desired);
  const left = origin === 'example' ? [] : await leftToDo(context, repository);
  context.out([told(context, { written, repository, origin }), ...left].join('\n'));
  return 0;
};
