/** `github drift --adopt`: a pull request for each rollout whose next stage is due. Writes no AWS, and binds nothing by itself. */
import { createHash } from 'node:crypto';
import { planBetween } from '../../approve/between.ts';
import { understand } from '../../desired/understand.ts';
import type { Files } from '../../desired/load.ts';
import { loadCatalogue } from '../../evaluate/catalogue.ts';
import { ADOPT_MARKER_ROOM, clearAdoption, putAdoption } from '../../github/adopt-pull.ts';
import type { AdoptionBase, AdoptionCommit } from '../../github/adopt-pull.ts';
import { valueAt } from '../../import/edit/range.ts';
import { withStageDay } from '../../import/edit/rollout.ts';
import { controlPolicyTypes } from '../../kinds/control-policies.ts';
import { dayOf, daysAfter } from '../../model/days.ts';
import type { Desired, Rollout, RolloutStage } from '../../model/desired.ts';
import type { Git } from '../../model/git.ts';
import type { GitHub } from '../../model/github.ts';
import { controlPolicyKey, keyOf } from '../../model/resource.ts';
import type { Key } from '../../model/resource.ts';
import { undatedStage } from '../../model/rollout.ts';
import type { NextStage } from '../../model/rollout.ts';
import { GITHUB_LIMIT } from '../../render/plan-markdown.ts';
import { stageMarkdown, stageSettled, stageTitle, stageWithdrawn } from '../../render/stage-pull.ts';
import type { CommandContext } from '../run/context.ts';
import type { LivePlan } from '../run/live-plan.ts';
import { repositoryFiles } from '../run/repository.ts';
import { baseOf, outcomeWords } from './drift-adopt.ts';
import type { GitHubSite } from './site.ts';

const BINDINGS = 'scps/bindings.yaml';
const BRANCHES = 'gatehouse/stage-';

type StageContext = {
  readonly context: CommandContext;
  readonly made: LivePlan;
  readonly files: Files;
  readonly site: GitHubSite;
  readonly git: Git;
  readonly base: AdoptionBase;
};

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const nameOf = ({ policy: { kind, name } }: Rollout): string => `${controlPolicyTypes[kind].word} ${name}`;

/** Git takes few characters in the name of a branch, and two policies have two branches. */
const branchOf = ({ policy: { name } }: Rollout): string => {
  const plain = name.replace(/[^A-Za-z0-9-]+/g, '-');
  return `${BRANCHES}${plain}${plain === name ? '' : `-${digestOf(name).slice(0, 8)}`}`;
};

const fromIn = (text: string, name: string, ou: string): unknown => {
  const stages = valueAt(text, ['rollout', name]);
  const found: unknown = Array.isArray(stages)
    ? stages.find((stage: unknown) => (stage as { readonly ou?: unknown } | null)?.ou === ou)
    : undefined;
  return (found as { readonly from?: unknown } | undefined)?.from;
};

/** The day of the merge that made main say since when the stage binds; nothing where no commit after that day did. */
const mergedOn = async (
  git: Git,
  { policy }: Rollout,
  { ou, from = '' }: RolloutStage,
): Promise<string | undefined> => {
  const later = (await git.history('HEAD')).filter(({ committedAt }) => dayOf(committedAt) > from);
  const edits = later.flatMap(({ committedAt, files }) =>
    files.flatMap(({ path, before }) => (path === BINDINGS ? [{ day: dayOf(committedAt), before }] : [])),
  );
  const texts = await git.texts(edits.flatMap(({ before }) => before ?? []));
  return edits.find(({ before }) => fromIn(texts.get(before ?? '') ?? '', policy.name, ou) !== from)?.day;
};

const differing = ({ policy, stages }: Rollout, { plan }: LivePlan): Key | undefined => {
  const attachments = stages.map(({ target }) => keyOf({ kind: 'attachment', policy, target }));
  const keys = new Set<Key>([controlPolicyKey(policy), ...attachments]);
  return [...plan.changes, ...plan.held].find(({ key }) => keys.has(key))?.key;
};

const previous = ({ stages }: Rollout, { stage }: NextStage): RolloutStage | undefined =>
  stages[stages.indexOf(stage) - 1];

/** Whether it has been bound long enough, in AWS as main says: a merge that came late counts from its own day. */
const reasonToWait = async (
  { git, made, context }: StageContext,
  rollout: Rollout,
  next: NextStage,
): Promise<string | undefined> => {
  const key = differing(rollout, made);
  if (key !== undefined) return `waits: AWS differs from main in ${key}`;
  const before = previous(rollout, next);
  const merged = before === undefined ? undefined : await mergedOn(git, rollout, before);
  const due = merged === undefined ? next.day : daysAfter(merged, next.stage.after ?? 0);
  return due > dayOf(context.now) ? `waits until ${due}: main has it since ${merged ?? ''}` : undefined;
};

const withText = (files: Files, text: string): Files => ({
  ...files,
  files: files.files.map((file) => (file.path === BINDINGS ? { ...file, text } : file)),
});

const proposalOf = (
  { context, files, made }: StageContext,
  rollout: Rollout,
  next: NextStage,
): AdoptionCommit | undefined => {
  const index = rollout.stages.indexOf(next.stage);
  const text = files.files.find(({ path }) => path === BINDINGS)?.text ?? '';
  const editedOn = (day: string): string => withStageDay(text, { policy: rollout.policy.name, index, day });
  const edited = editedOn(dayOf(context.now));
  const { desired } = understand(withText(files, edited), { catalogue: loadCatalogue(), now: context.now });
  if (desired === undefined) return undefined;
  const { ou, after = 0 } = next.stage;
  const page = {
    policy: nameOf(rollout),
    ou,
    before: previous(rollout, next)?.ou ?? '',
    after,
    between: planBetween(made.desired, desired, context.now),
    limit: GITHUB_LIMIT - ADOPT_MARKER_ROOM,
  };
  const title = stageTitle(page);
  // By the day on which it was due, so that tomorrow's run finds the same edit and leaves the pull request as it is.
  const digest = digestOf(editedOn(next.day));
  const edits = [{ path: BINDINGS, text: edited }];
  return { branch: branchOf(rollout), title, subject: title, body: stageMarkdown(page), digest, files: edits };
};

const proposed = async (told: StageContext, rollout: Rollout): Promise<readonly string[]> => {
  const { site, base, context } = told;
  const branch = branchOf(rollout);
  const next = undatedStage(rollout);
  if (next === undefined || next.day > dayOf(context.now))
    return outcomeWords(branch, await clearAdoption(site.github, base, { branch, body: stageSettled }), 0);
  const reason = await reasonToWait(told, rollout, next);
  if (reason !== undefined) return [`${branch}: ${next.stage.ou} ${reason}`];
  const proposal = proposalOf(told, rollout, next);
  if (proposal === undefined) return [`${branch}: the files would have errors`];
  return outcomeWords(branch, await putAdoption(site.github, base, proposal), 0);
};

/** Branches with an open pull request, of rollouts that main has no longer. */
const withdrawnIn = async (github: GitHub, rollouts: readonly Rollout[]): Promise<readonly string[]> => {
  const known = new Set(rollouts.map(branchOf));
  return (await github.openBranches()).filter((name) => name.startsWith(BRANCHES) && !known.has(name));
};

const closed = async ({ site, base }: StageContext, branches: readonly string[]): Promise<readonly string[]> => {
  const lines: string[] = [];
  for (const branch of branches)
    lines.push(...outcomeWords(branch, await clearAdoption(site.github, base, { branch, body: stageWithdrawn }), 0));
  return lines;
};

/** What was done, as lines for stderr. Main and AWS are both as the drift has read them. */
export const proposeStages = async (
  context: CommandContext,
  made: LivePlan,
  { site, git }: { readonly site: GitHubSite; readonly git: Git },
): Promise<readonly string[]> => {
  const { rollouts }: Desired = made.desired;
  const withdrawn = await withdrawnIn(site.github, rollouts);
  if (rollouts.length + withdrawn.length === 0) return [];
  const base = await baseOf(git, site.github);
  if (base === undefined) return [];
  const told = { context, made, files: await repositoryFiles(context), site, git, base };
  const lines = [...(await closed(told, withdrawn))];
  for (const rollout of rollouts) lines.push(...(await proposed(told, rollout)));
  return lines;
};
