/** `github drift --adopt`: one pull request per risk, with the edits that make main say what AWS has. Writes no AWS. */
import { createHash } from 'node:crypto';
import type { Files } from '../../desired/load.ts';
import { understand } from '../../desired/understand.ts';
import { loadCatalogue } from '../../evaluate/catalogue.ts';
import { ADOPT_MARKER_ROOM, clearAdoption, putAdoption } from '../../github/adopt-pull.ts';
import type { AdoptionOutcome, AdoptionBase } from '../../github/adopt-pull.ts';
import type { Git } from '../../model/git.ts';
import type { GitHub } from '../../model/github.ts';
import type { Desired, Risk, Settings } from '../../model/desired.ts';
import { UserError } from '../../model/problem.ts';
import type { Plan } from '../../model/plan.ts';
import type { Key, State } from '../../model/resource.ts';
import type { Traces } from '../../model/trace.ts';
import { closure } from '../../import/adoption.ts';
import { underNamesOf } from '../../plan/situation/renames.ts';
import { adoptMarkdown, adoptTitle, adoptedNothing } from '../../render/adopt-pull.ts';
import { GITHUB_LIMIT } from '../../render/plan-markdown.ts';
import { terminal } from '../../render/untrusted.ts';
import { counted } from '../../render/words.ts';
import { withoutDoubtfulMembers } from '../../import/adopt/editing.ts';
import { shellQuoted } from '../run/quoted.ts';
import { adoptMany, changedFiles } from '../run/adopt-many.ts';
import type { AdoptedKeys } from '../run/adopt-many.ts';
import type { CommandContext } from '../run/context.ts';
import { planBetween } from '../../approve/between.ts';
import { itemsOf } from '../../approve/fingerprints.ts';
import type { GitHubSite } from './site.ts';
import type { LivePlan } from '../run/live-plan.ts';
import { repositoryFiles } from '../run/repository.ts';
import { isAtLeast, risksByDanger } from '../../model/risk.ts';
import { asDeclared } from '../../kinds/equal.ts';

const branchOf = (risk: Risk): string => `gatehouse/adopt-${risk}`;

/** A run looks at no more; what is left is the next run's. */
const mostKeys = 500;

/** The edits are made on main's tip. Nothing when main has moved on since it was checked out. */
export const baseOf = async (git: Git, github: GitHub): Promise<AdoptionBase | undefined> => {
  const tip = await git.commit('HEAD');
  if (tip === undefined) throw new UserError('--adopt needs a git checkout of main');
  const branch = await github.defaultBranch();
  return (await github.branchHead(branch)) === tip ? { branch, tip } : undefined;
};

const higher = (one: Risk | undefined, other: Risk): Risk => (one !== undefined && isAtLeast(one, other) ? one : other);

/**
 * How dangerous it is to accept each thing, which is not how dangerous it is to revert it: the approvals will ask for the
 * first. What names others takes these along, and is as dangerous as they are.
 */
const risksOf = (desired: Desired, live: State, { plan, now }: { plan: Plan; now: string }): ReadonlyMap<Key, Risk> => {
  const items = itemsOf(plan).filter(({ change }) => change.temporary !== true);
  const keys = items.slice(0, mostKeys).map(({ change }) => change.key);
  const drifted = new Set(keys);
  const kept = Object.entries(desired.state).filter(([key]) => !drifted.has(key));
  const had = keys.flatMap((key) => (live[key] === undefined ? [] : [[key, asDeclared(live[key])] as const]));
  const accepting = planBetween(desired, { ...desired, state: Object.fromEntries([...kept, ...had]) }, now);
  const risks = new Map<Key, Risk>();
  for (const { key, risk } of accepting.changes) risks.set(key, higher(risks.get(key), risk));
  const riskOf = (item: (typeof items)[number]): Risk =>
    closure([item.change.key], { said: desired.state, live }).reduce<Risk>(
      (most, key) => higher(risks.get(key), most),
      risks.get(item.change.key) ?? item.change.risk,
    );
  return new Map(items.slice(0, mostKeys).map((item) => [item.change.key, riskOf(item)]));
};

const digestOf = (files: ReturnType<typeof changedFiles>): string =>
  createHash('sha256')
    .update(JSON.stringify(files.map(({ path, text }) => [path, text ?? null])))
    .digest('hex');

const desiredIn = (files: Files, now: string): Desired => {
  const { desired } = understand(files, { catalogue: loadCatalogue(), now });
  if (desired === undefined) throw new Error('adopted files without an error ask for nothing');
  return desired;
};

type AdoptableDrift = {
  readonly context: CommandContext;
  readonly github: GitHub;
  readonly made: LivePlan;
  readonly traces: Traces;
  readonly base: AdoptionBase;
  readonly files: Files;
  readonly issue: number | undefined;
};
type RiskClass = { readonly risk: Risk; readonly keys: readonly Key[] };

const adoptionOf = (
  { context, made, traces, files, issue }: AdoptableDrift,
  { risk, keys }: RiskClass,
  many: AdoptedKeys,
) => {
  const edits = changedFiles(files, many.files);
  const asked = new Set(keys);
  const page = {
    risk,
    keys: many.keys.filter((key) => asked.has(key)),
    along: many.keys.filter((key) => !asked.has(key)),
    refused: many.refused,
    traces,
    between: planBetween(made.desired, desiredIn(many.files, context.now), context.now),
    limit: GITHUB_LIMIT - ADOPT_MARKER_ROOM,
    ...(issue === undefined ? {} : { issue }),
  };
  const title = adoptTitle(page);
  const digest = digestOf(edits);
  return { branch: branchOf(risk), title, body: adoptMarkdown(page), subject: title, digest, files: edits };
};

/** Member accounts are entered by a role of their own. */
const ownRoles = ({ reconciler, memberRole }: Settings): readonly string[] => [
  ...(reconciler === undefined ? [] : [reconciler.apply.split('/').at(-1) ?? '']),
  ...(memberRole === undefined ? [] : [memberRole.name]),
];

/**
 * A merge that is not applied yet, and an entry whose end has passed, differ from AWS like drift does: what AWS has was then
 * written by the last apply, or by nobody. Only what somebody else is known to have done is proposed.
 */
const reasonToWait = (key: Key, { context, traces, made }: AdoptableDrift): string | undefined => {
  const trace = Object.hasOwn(traces.found, key) ? traces.found[key] : undefined;
  if (trace === undefined)
    return `nobody is known to have done it in AWS, so it may be a merge that is not applied yet: ${context.own.command} adopt ${shellQuoted(key)} takes it by hand`;
  const own = ownRoles(made.desired.settings).find((role) => trace.who.endsWith(`(role ${role})`));
  return own === undefined ? undefined : `${own} wrote what AWS has: the next apply decides`;
};

const adoptKnown = async (drift: AdoptableDrift, keys: readonly Key[]): Promise<AdoptedKeys> => {
  const { context, files, made } = drift;
  const waiting = keys.flatMap((key) => {
    const reason = reasonToWait(key, drift);
    return reason === undefined ? [] : [{ key, reason }];
  });
  const waits = new Set(waiting.map(({ key }) => key));
  const known = keys.filter((key) => !waits.has(key));
  const many = await adoptMany(context, { files, live: withoutDoubtfulMembers(made.live, made.desired, known) }, known);
  return { ...many, refused: [...many.refused, ...waiting] };
};

const putClass = async (drift: AdoptableDrift, one: RiskClass): Promise<readonly string[]> => {
  const { github, base } = drift;
  const branch = branchOf(one.risk);
  const many = await adoptKnown(drift, one.keys);
  const outcome =
    many.keys.length === 0
      ? await clearAdoption(github, base, { branch, body: adoptedNothing })
      : await putAdoption(github, base, adoptionOf(drift, one, many));
  const refused = many.refused.map(({ key, reason }) => `${terminal(key)} cannot be adopted: ${terminal(reason)}`);
  return [...outcomeWords(branch, outcome, many.keys.length), ...refused];
};

export const outcomeWords = (branch: string, outcome: AdoptionOutcome, count: number): readonly string[] => {
  if (outcome.did === 'nothing') return [];
  const pull = outcome.number === undefined ? '' : ` #${outcome.number}`;
  const why = outcome.reason === undefined ? '' : `: ${terminal(outcome.reason)}`;
  return [`${branch}: ${outcome.did}${pull}${count === 0 ? '' : ` (${counted(count, 'thing')})`}${why}`];
};

export type AdoptionContext = {
  readonly site: GitHubSite;
  /** Of main, from which the files were taken. */
  readonly git: Git;
  readonly traces: Traces;
  readonly issue: number | undefined;
};

/** What was done, as lines for stderr. Main and AWS are both as the drift has read them. */
export const adoptDrift = async (
  context: CommandContext,
  made: LivePlan,
  told: AdoptionContext,
): Promise<readonly string[]> => {
  const { github } = told.site;
  const base = await baseOf(told.git, github);
  if (base === undefined) return ['main has moved on since it was checked out: the next run adopts'];
  const live = underNamesOf(made.desired, made.live.state).state;
  const risks = risksOf(made.desired, live, { plan: made.plan, now: context.now });
  const files = await repositoryFiles(context);
  const drift: AdoptableDrift = { context, github, made, traces: told.traces, base, files, issue: told.issue };
  const lines: string[] = [];
  for (const risk of risksByDanger) {
    const keys = [...risks].flatMap(([key, own]) => (own === risk ? [key] : []));
    lines.push(...(await putClass(drift, { risk, keys })));
  }
  return lines;
};
