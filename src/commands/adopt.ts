/** A difference that turns out to be right becomes YAML, without anybody typing it. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { understand } from '../desired/understand.ts';
import { loadCatalogue } from '../evaluate/catalogue.ts';
import { keyTaken, plainNames, takenLines } from '../desired/names.ts';
import type { Desired } from '../model/desired.ts';
import type { Plan } from '../model/plan.ts';
import { beforeOf } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { UserError } from '../model/problem.ts';
import type { Files } from '../desired/load.ts';
import { keyText } from '../model/resource.ts';
import type { Key, Resource, State } from '../model/resource.ts';
import { parsePlan } from '../plan/carry/parse-plan.ts';
import { counted } from '../render/words.ts';
import { withoutDoubtfulMembers } from '../import/adopt/editing.ts';
import { adoptedFiles } from '../import/adopt/files.ts';
import type { Adopted, AdoptedFile } from '../import/adopt/files.ts';
import { connectCommand } from './run/connect.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { lintFiles } from '../desired/lint-files.ts';
import { cloudOf } from './run/live-plan.ts';
import { readNamedPolicies } from './run/named-resources.ts';
import { desiredOrProblems, repositoryFiles } from './run/repository.ts';
import { RefusedAdoption } from '../import/adopt/refused-adoption.ts';

type AdoptOptions = { readonly keys: readonly string[]; readonly plan?: string };

/** The first change of a key begins with what AWS has; what hangs for one apply only is not there before it. */
const beforeAll = ({ changes }: Plan): ReadonlyMap<Key, Resource | undefined> => {
  const before = new Map<Key, Resource | undefined>();
  for (const change of changes) if (!before.has(change.key)) before.set(change.key, beforeOf(change));
  return before;
};

const unknownReason = (key: Key, { unmanaged, held }: Plan): string => {
  if (unmanaged.some((thing) => thing.key === key))
    return `${key}: the plan lists it as unmanaged and does not say what it holds; without --plan, AWS is read`;
  if (held.some((thing) => thing.key === key))
    return `${key}: the plan holds it and does not say what AWS has; without --plan, AWS is read`;
  return `${key}: the plan changes no such thing; without --plan, AWS is read`;
};

/** What AWS had when the plan was made, as far as the plan says. Throws UserError, by name, for keys of which it does not. */
export const liveOfPlan = (plan: Plan, desired: Desired, keys: readonly Key[]): State => {
  const before = beforeAll(plan);
  const unknown = keys.filter((key) => !before.has(key));
  if (unknown.length > 0) throw new UserError(unknown.map((key) => unknownReason(key, plan)).join('\n'));
  const kept = Object.entries(desired.state).filter(([key]) => !before.has(key));
  const had = [...before].flatMap(([key, resource]) => (resource === undefined ? [] : [[key, resource] as const]));
  return Object.fromEntries([...kept, ...had]);
};

const readPlan = async (file: string): Promise<Plan> => {
  const read = parsePlan(await readFile(file, 'utf8'));
  if ('problem' in read) throw new UserError(`${file} is not a plan: ${read.problem}`);
  return read.plan;
};

type Adoptable = { readonly keys: readonly Key[]; readonly live: State };

/** Keys as plan spells them, or as much of one as only one thing has. Throws UserError. */
const keysTaken = (context: CommandContext, typed: readonly string[], known: Iterable<Key>): readonly Key[] => {
  const what = 'a key of a thing in AWS or in the files, as plan --verbose spells them';
  const shown = new Map([...known].map((key) => [keyText(key), key]));
  const choice = { known: plainNames(shown.keys()), what, all: 'keys' };
  const pairs = typed.map((word) => [keyText(word), keyTaken(keyText(word), choice)] as const);
  for (const line of takenLines(pairs)) context.err(line);
  return pairs.map(([, name]) => shown.get(name) ?? name);
};

const keysIn = ({ changes, unmanaged, held }: Plan): readonly Key[] =>
  [...changes, ...unmanaged, ...held].map(({ key }) => key);

const adoptable = async (context: CommandContext, desired: Desired, options: AdoptOptions): Promise<Adoptable> => {
  if (options.plan !== undefined) {
    const plan = await readPlan(options.plan);
    const keys = keysTaken(context, options.keys, [...keysIn(plan), ...Object.keys(desired.state)]);
    return { keys, live: liveOfPlan(plan, desired, keys) };
  }
  const connection = await connectCommand(context, desired);
  const read = await cloudOf(connection, desired, { policies: 'all' }).read();
  const named = await readNamedPolicies(options.keys, { connection, live: read, desired });
  const live = { ...read, state: { ...read.state, ...named } };
  await connection.save();
  const keys = keysTaken(context, options.keys, [...Object.keys(live.state), ...Object.keys(desired.state)]);
  return { keys, live: withoutDoubtfulMembers(live, desired, keys) };
};

export const withChanges = (files: Files, changes: readonly AdoptedFile[]): Files => {
  const texts = new Map(files.files.map(({ path, text }) => [path, text]));
  for (const { path, text } of changes) {
    if (text === undefined) texts.delete(path);
    else texts.set(path, text);
  }
  return { ...files, files: [...texts].map(([path, text]) => ({ path, text })) };
};

const faultsIn = async (context: CommandContext, files: Files): Promise<readonly Problem[]> => {
  const catalogue = loadCatalogue();
  const { problems } = await lintFiles(files, understand(files, { catalogue, now: context.now }), catalogue);
  return problems.filter(({ severity }) => severity === 'error');
};

const known = new WeakMap<Files, Promise<readonly Problem[]>>();
const faultsBefore = (context: CommandContext, files: Files): Promise<readonly Problem[]> => {
  const faults = known.get(files) ?? faultsIn(context, files);
  known.set(files, faults);
  return faults;
};

/** Problems that the files had before the edit are not counted against it. */
const newFaults = async (context: CommandContext, files: Files, changes: readonly AdoptedFile[]) => {
  const words = ({ file, rule, message }: Problem): string => `${file} ${rule} ${message}`;
  const before = new Set((await faultsBefore(context, files)).map(words));
  return (await faultsIn(context, withChanges(files, changes))).filter((fault) => !before.has(words(fault)));
};

export const checkLint = async (context: CommandContext, files: Files, { files: changes }: Adopted): Promise<void> => {
  const [fault] = await newFaults(context, files, changes);
  if (fault === undefined) return;
  throw new RefusedAdoption(`validate would refuse it: ${fault.file}:${fault.line} ${fault.rule} ${fault.message}`);
};

export const writeChanges = async (dir: string, changes: readonly AdoptedFile[]): Promise<void> => {
  for (const { path, text } of changes) {
    const file = join(dir, path);
    if (text === undefined) await rm(file);
    else {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }
};

const fileLine = (files: Files, { path, text }: AdoptedFile): string => {
  if (text === undefined) return `- ${path}`;
  return `${files.files.some((file) => file.path === path) ? '~' : '+'} ${path}`;
};

export const toldAdoption = (files: Files, { files: changes, keys }: Adopted): string =>
  [
    ...changes.map((change) => fileLine(files, change)),
    `${counted(keys.length, 'thing')} adopted: ${keys.map(keyText).join(', ')}`,
  ].join('\n');

/** Edits the files so that they say of these keys what AWS has. Nothing is written when one of them cannot be said. */
export const adoptCommand = async (context: CommandContext, options: AdoptOptions): Promise<ExitCode> => {
  const desired = await desiredOrProblems(context);
  if (desired === undefined) return 1;
  const files = await repositoryFiles(context);
  const { keys, live } = await adoptable(context, desired, options);
  const adopted = adoptedFiles({ files, keys, live, now: context.now, fold: 'no-fold' });
  await checkLint(context, files, adopted);
  await writeChanges(context.options.dir, adopted.files);
  context.out(toldAdoption(files, adopted));
  return 0;
};
