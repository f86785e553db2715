/** The sentences at the top: what will happen, to whom. */
import type { AccessChange, Plan, TestResult } from '../model/plan.ts';
import { isEmpty, isRefusing } from '../model/plan.ts';
import { keptOf } from './unmanaged.ts';
import { counted, criticalOf, enumerated, guardCounts, kindCounts, leftOutSentence, number } from './words.ts';

/** A plan is worded as what will be done, or as drift: what somebody did. */
export type SummaryVoice = 'plan' | 'drift';

const countsOf = (plan: Plan): Readonly<Record<'create' | 'adopt' | 'update' | 'delete', number>> => {
  const adopt = plan.changes.filter((change) => change.adopts === true).length;
  return { ...plan.summary, adopt, update: plan.summary.update - adopt };
};

const verbs: Readonly<
  Record<SummaryVoice, Readonly<Record<keyof ReturnType<typeof countsOf>, (count: string) => string>>>
> = {
  plan: {
    create: (count) => `create ${count}`,
    adopt: (count) => `adopt ${count}`,
    update: (count) => `change ${count}`,
    delete: (count) => `delete ${count}`,
  },
  drift: {
    create: (count) => `${count} missing in AWS`,
    adopt: (count) => `${count} to adopt`,
    update: (count) => `${count} altered`,
    delete: (count) => `${count} that Git does not declare`,
  },
};

const actionsText = (plan: Plan, voice: SummaryVoice): string => {
  const counts = countsOf(plan);
  const said = (['create', 'adopt', 'update', 'delete'] as const)
    .filter((action) => counts[action] > 0)
    .map((action) => verbs[voice][action](number(counts[action])));
  return enumerated(said);
};

/** Distinct principals; someone in two groups is counted twice, hence "up to". */
const whoText = (changes: readonly AccessChange[]): string => {
  const people = new Map<string, number>();
  for (const { principal, people: count } of changes)
    people.set(principal, Math.max(count, people.get(principal) ?? 0));
  const total = [...people.values()].reduce((sum, count) => sum + count, 0);
  // Roles, sets and services have no people: nobody is to be told that they are none.
  if (total === 0 && ![...people.keys()].some((principal) => /^(group|user):/.test(principal)))
    return counted(people.size, 'principal');
  return `${counted(people.size, 'principal')} (${people.size > 1 ? 'up to ' : ''}${counted(total, 'person', 'people')})`;
};

const verb = (changes: readonly AccessChange[], stem: string): string =>
  new Set(changes.map((change) => change.principal)).size === 1 ? `${stem}s` : stem;

/** Undefined where the plan says nothing about access. */
const accessClause = (plan: Plan): string | undefined => {
  const gaining = plan.access.filter((change) => change.gained.length > 0);
  const losing = plan.access.filter((change) => change.lost.length > 0);
  // Whoever gains or loses is said to; that conditions change for them as well adds nothing to decide by.
  const named = new Set([...gaining, ...losing].map((change) => change.principal));
  const changing = plan.access.filter((change) => change.changed.length > 0 && !named.has(change.principal));
  const said = [
    ...(gaining.length > 0 ? [`${whoText(gaining)} ${verb(gaining, 'gain')} access`] : []),
    ...(losing.length > 0 ? [`${whoText(losing)} ${verb(losing, 'lose')} access`] : []),
    ...(changing.length > 0 ? [`for ${whoText(changing)} conditions change`] : []),
  ];
  return said.length > 0 ? enumerated(said) : undefined;
};

/** "2 guards and 1 access test stand in the way"; undefined where nothing does. */
export const refusalText = (plan: Plan): string | undefined => {
  const guards = guardCounts(plan).failing;
  const tests = plan.tests.filter(isRefusing).length;
  if (guards + tests === 0) return undefined;
  const said = [
    ...(guards > 0 ? [counted(guards, 'guard')] : []),
    ...(tests > 0 ? [counted(tests, 'access test')] : []),
  ];
  return `${enumerated(said)} ${guards + tests === 1 ? 'stands' : 'stand'} in the way`;
};

/** A test that fails because something ended on its day: it refuses nothing, and somebody has to put it right. */
export const endedTestText = ({ name, ended = [], message }: TestResult): string => {
  const what = ended.length > 3 ? `${ended.slice(0, 3).join(', ')} and ${ended.length - 3} more` : enumerated(ended);
  return `access test fails since ${what} ended, and refuses nothing: ${name}${message ? `: ${message}` : ''}. Give it \`at:\`, or extend the entry.`;
};

export const endedTests = ({ tests }: Plan): readonly TestResult[] => tests.filter(({ ended }) => ended !== undefined);

const nothingSentence = (plan: Plan, voice: SummaryVoice): string => {
  const where = plan.unread.length > 0 ? 'what could be read of AWS' : 'AWS';
  const leftOut = leftOutSentence(plan);
  if (leftOut !== undefined)
    return voice === 'drift' ? `No drift, but ${leftOut}.` : `Nothing can be done now: ${leftOut}.`;
  const kept = keptOf(plan);
  if (kept.length > 0)
    return `${voice === 'drift' ? 'No drift' : 'Nothing to do'}: ${where} has what Git says, and beside it ${kindCounts(kept)} ${kept.length === 1 ? 'that is' : 'that are'} not ours to take away.`;
  if (voice === 'drift') return `No drift: ${where} is what Git says.`;
  const refused = refusalText(plan);
  return refused === undefined
    ? `Nothing to do: ${where} is what Git says.`
    : `Nothing to change: ${where} is what Git says, but ${refused}.`;
};

const accessText = (plan: Plan, voice: SummaryVoice): string => {
  const clause = accessClause(plan);
  if (clause === undefined) return '';
  return voice === 'drift' ? `; when it is put right, ${clause}` : `; ${clause}`;
};

const criticalText = (criticals: number, changes: number): string => {
  if (criticals === 0) return '';
  if (criticals < changes) return `, ${number(criticals)} of them critical`;
  return changes === 1 ? ', critical' : ', all of them critical';
};

const MOST_KINDS = 6;

const changesSentence = (plan: Plan, voice: SummaryVoice): string => {
  const criticals = criticalOf(plan).length;
  const lead =
    voice === 'drift'
      ? `AWS (${plan.organization}) differs from Git: ${actionsText(plan, voice)}`
      : `Gatehouse will ${actionsText(plan, voice)} in ${plan.organization}`;
  const critical = criticalText(criticals, plan.changes.length);
  return `${lead}${critical} (${kindCounts(plan.changes, MOST_KINDS)})${accessText(plan, voice)}.`;
};

/** The same in one line, without whom it concerns. */
export const verdictSentence = (plan: Plan, voice: SummaryVoice): string => {
  const refused = refusalText(plan);
  if (refused !== undefined && voice === 'plan') return `Refused: ${refused}.`;
  if (plan.changes.length === 0) return summarySentence(plan, voice);
  const criticals = criticalOf(plan).length;
  const lead = voice === 'drift' ? 'AWS differs from Git: ' : 'Gatehouse will ';
  const held = plan.held.length > 0 ? `, ${number(plan.held.length)} held` : '';
  return `${lead}${actionsText(plan, voice)}${criticals > 0 ? `, ${number(criticals)} critical` : ''}${held}.`;
};

/** One raw sentence: what will happen, how much of it is critical, and to whom. */
export const summarySentence = (plan: Plan, voice: SummaryVoice): string => {
  if (isEmpty(plan)) return nothingSentence(plan, voice);
  if (plan.changes.length > 0) return changesSentence(plan, voice);
  return voice === 'drift'
    ? `AWS (${plan.organization}) differs from Git, and everything that differs is held.`
    : `Gatehouse will change nothing in ${plan.organization}: everything that is wanted is held.`;
};

/** A refused plan still ends what has ended. */
const endingCaveat = (plan: Plan): readonly string[] => {
  const ended = plan.changes.filter((change) => change.ended !== undefined).length;
  if (ended === 0 || refusalText(plan) === undefined) return [];
  return [`The plan is refused; apply carries out only ${counted(ended, 'deletion')} of what has ended on its day.`];
};

/** What else to know before reading on; each only where there is something to say. */
export const caveats = (plan: Plan): readonly string[] => [
  ...endingCaveat(plan),
  ...(plan.held.length > 0 ? [`${counted(plan.held.length, 'wanted change is', 'wanted changes are')} held.`] : []),
  ...(plan.unread.length > 0
    ? [`${counted(plan.unread.length, 'scope', 'scopes')} could not be read, and nothing inside is touched.`]
    : []),
];
