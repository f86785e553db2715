/** One grant given or taken in the files, as a person would write it, with the pull request that proposes it. */
import { planBetween } from '../approve/between.ts';
import { didYouMean } from '../desired/suggest.ts';
import type { Files } from '../desired/load.ts';
import { editedFiles } from '../import/adopt/files.ts';
import { isRefused, repoOf } from '../import/edit/repo.ts';
import type { Repo } from '../import/edit/repo.ts';
import { placeText } from '../import/grant/entries.ts';
import { givenAlready, withGrant } from '../import/grant/give.ts';
import { givenWords, grantTaken, understoodGrant, userNames, whereWords } from '../import/grant/request.ts';
import type { GrantGround, GrantRequest, TypedGrant } from '../import/grant/request.ts';
import { withoutGrant } from '../import/grant/take.ts';
import { throughGroups } from '../import/grant/through-groups.ts';
import { dayOf } from '../model/days.ts';
import type { Desired, GrantTerms } from '../model/desired.ts';
import { UserError } from '../model/problem.ts';
import { grantJson, grantText } from '../render/grant-pull.ts';
import type { GrantPage } from '../render/grant-pull.ts';
import { problemsText } from '../render/problems.ts';
import { withChanges, writeChanges } from './adopt.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { desiredOrProblems, repositoryFiles, readRepository, withFiles } from './run/repository.ts';

type Action = GrantPage['action'];

type Ground = GrantGround & { readonly files: Files };

const groundOf = async (context: CommandContext): Promise<Ground | undefined> => {
  const desired = await desiredOrProblems(context);
  if (desired === undefined) return undefined;
  const files = await repositoryFiles(context);
  return { files, desired, repo: repoOf(files.files) };
};

const checkTerms = ({ from, until }: GrantTerms, today: string): void => {
  if (until !== undefined && until < today) throw new UserError(`--until ${until} has passed: today is ${today}`);
  if (from !== undefined && until !== undefined && from > until)
    throw new UserError(`--from ${from} is after --until ${until}`);
};

/** What the files ask for after the edit. Throws UserError where they would have errors. */
const checked = async (context: CommandContext, files: Files): Promise<Desired> => {
  const { desired, problems } = await readRepository(withFiles(context, files));
  if (desired !== undefined) return desired;
  const errors = problems.filter(({ severity }) => severity === 'error');
  throw new UserError(`nothing is written: validate would refuse it\n${problemsText(errors, context.paint)}`);
};

type Edit = { readonly action: Action; readonly repo: Repo; readonly notes: (after: Desired) => readonly string[] };

const finish = async (context: CommandContext, ground: Ground, { request, edit }: ProposedEdit): Promise<ExitCode> => {
  const changes = editedFiles(ground.files, edit.repo);
  if (changes.length === 0) throw new UserError('no edit of the file would change what it says');
  const after = await checked(context, withChanges(ground.files, changes));
  const before = new Map(ground.files.files.map(({ path, text }) => [path, text]));
  const page: GrantPage = {
    action: edit.action,
    who: request.principal.name,
    what: givenWords(request.given),
    where: whereWords(request.target),
    terms: request.terms,
    notes: edit.notes(after),
    files: changes.map(({ path, text }) => ({ path, text, before: before.get(path) })),
    between: planBetween(ground.desired, after, context.now),
  };
  await writeChanges(context.options.dir, changes);
  context.out(context.options.format === 'json' ? grantJson(page) : grantText(page));
  return 0;
};

type ProposedEdit = { readonly request: GrantRequest; readonly edit: Edit };

const isNewUser = (ground: Ground, { principal }: GrantRequest): boolean =>
  principal.type === 'user' && !userNames(ground).includes(principal.name);

const newUserNotes = (ground: Ground, request: GrantRequest): readonly string[] => {
  if (!isNewUser(ground, request)) return [];
  const { name } = request.principal;
  const near = didYouMean(name, userNames(ground));
  return [`No file named the user ${name} before. The plan says if the directory has no such user.`, near ?? ''].filter(
    (note) => note !== '',
  );
};

/** What is written is said first, where it was typed in short. */
const taken = (context: CommandContext, ground: Ground, words: TypedGrant) => {
  const { who, what, where } = words;
  const request = understoodGrant(ground, { who, what, where });
  for (const line of grantTaken(words, request)) context.err(line);
  return request;
};

export type GrantOptions = TypedGrant & GrantTerms;

/** 2 where it is given already. */
export const grantCommand = async (context: CommandContext, options: GrantOptions): Promise<ExitCode> => {
  const ground = await groundOf(context);
  if (ground === undefined) return 1;
  const { from, until, reason } = options;
  const terms = { ...(from && { from }), ...(until && { until }), ...(reason && { reason }) };
  const today = dayOf(context.now);
  checkTerms(terms, today);
  const request = { ...taken(context, ground, options), terms, today };
  const there = givenAlready(ground.repo, request);
  if (there !== undefined) {
    context.err(`Nothing to change: ${placeText(there)} gives it already, for as long or longer.`);
    return 2;
  }
  const repo = withGrant(ground.repo, request);
  if (isRefused(repo)) throw new UserError(repo.refused);
  const notes = newUserNotes(ground, request);
  return finish(context, ground, { request, edit: { action: 'give', repo, notes: () => notes } });
};

/** 2 where no entry gives it. Throws UserError where a user has it through a group alone. */
export const revokeCommand = async (context: CommandContext, options: TypedGrant): Promise<ExitCode> => {
  const ground = await groundOf(context);
  if (ground === undefined) return 1;
  const request = { ...taken(context, ground, options), terms: {}, today: dayOf(context.now) };
  const rest = withoutGrant(ground.repo, request);
  if (rest === undefined) {
    const [through] = throughGroups(ground.desired, request);
    if (through !== undefined) throw new UserError(`${through} Take it from the group, or the user out of the group.`);
    context.err(`Nothing to change: no entry gives it to ${request.principal.name} there.`);
    return 2;
  }
  if ('refused' in rest) throw new UserError(rest.refused);
  const notes = (after: Desired) => [
    ...rest.notes,
    ...throughGroups(after, request).map((sentence) => `Still there: ${sentence}`),
  ];
  return finish(context, ground, { request, edit: { action: 'take', repo: rest.repo, notes } });
};
