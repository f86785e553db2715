/** The changes of a plan as people list them: one principal and set over many accounts is one entry. */
import type { Risk } from '../model/desired.ts';
import type { ChangeAction, Change, Phase, Plan } from '../model/plan.ts';
import { phases, subjectOf } from '../model/plan.ts';
import {
  encodeName,
  isOfIam,
  isSettingsKind,
  isSettingsPolicy,
  keyText,
  principalText,
  targetText,
} from '../model/resource.ts';
import type { Kind } from '../model/resource.ts';
import { changeWords, detailLines, signs } from './change-detail.ts';
import type { SummaryVoice } from './summary.ts';
import { counted, foldedList, phaseTitles } from './words.ts';
import { byDanger } from '../model/risk.ts';

/** Raw text, like everything before it is shown. */
export type PlanEntry = {
  readonly sign: '+' | '~' | '-';
  readonly phase: Phase;
  readonly risk: Risk;
  /** A key, or what the keys of a group of changes have in common. */
  readonly title: string;
  /** What differs within the group, as it is counted and as it is named; a single change has none. */
  readonly members: readonly string[];
  readonly changes: readonly [Change, ...Change[]];
};

/** `role/*:NAME` of `role/ACCOUNT:NAME`. */
const everywhereKey = ({ kind, key }: Change): string => `${kind}/*${key.slice(key.indexOf(':'))}`;

const titleOf = (change: Change): string => {
  const subject = subjectOf(change);
  switch (subject.kind) {
    case 'assignment':
      return keyText(`assignment/${principalText(subject.principal)}:${encodeName(subject.permissionSet)}`);
    case 'entitlement':
      return keyText(change.key.slice(0, change.key.lastIndexOf('@')));
    case 'membership':
      return keyText(`membership/${encodeName(subject.group)}`);
    case 'attachment':
      return keyText(`attachment/${subject.policy.kind}:${encodeName(subject.policy.name)}`);
    case 'role':
    case 'policy':
    case 'oidc-provider':
      return keyText(everywhereKey(change));
    default:
      return keyText(change.key);
  }
};

/** What differs among changes of one title. */
const memberOf = (change: Change): string => {
  const subject = subjectOf(change);
  if (subject.kind === 'membership') return subject.user;
  if (subject.kind === 'attachment') return targetText(subject.target);
  const isGiven = subject.kind === 'assignment' || subject.kind === 'entitlement';
  return isGiven || isOfIam(subject) ? subject.account : '';
};

const ofAccount: readonly Kind[] = ['role', 'policy', 'oidc-provider'];

/** Kinds that exist in many accounts: changes that show the same lines form one entry. */
export const isEntryInAccount = ({ kind }: Change): boolean => ofAccount.includes(kind);

const groupingOf = (change: Change): string =>
  JSON.stringify([
    change.action,
    change.phase,
    change.risk,
    titleOf(change),
    change.temporary ?? false,
    ...(isEntryInAccount(change) ? [detailLines(change), changeWords(change)] : []),
  ]);

const memberWords = {
  assignment: ['account'],
  entitlement: ['account'],
  membership: ['user'],
  attachment: ['target'],
  role: ['account'],
  policy: ['account'],
  'oidc-provider': ['account'],
} as const;

const entryOf = (changes: readonly [Change, ...Change[]]): PlanEntry => {
  const [first] = changes;
  const many = changes.length > 1;
  return {
    sign: signs[first.action],
    phase: first.phase,
    risk: first.risk,
    title: many ? titleOf(first) : keyText(first.key),
    members: many ? changes.map(memberOf) : [],
    changes,
  };
};

/** Assignments of one line follow one another: to see that is cheaper than to name the group of each. */
const isOfOneLine = (one: Change, other: Change): boolean => {
  if (one.kind !== 'assignment' || other.kind !== 'assignment') return false;
  if (one.action !== other.action || one.phase !== other.phase || one.risk !== other.risk) return false;
  const [a, b] = [subjectOf(one), subjectOf(other)];
  return (
    a.kind === 'assignment' &&
    b.kind === 'assignment' &&
    a.permissionSet === b.permissionSet &&
    a.principal === b.principal
  );
};

/** In the order of the changes; a group stands where its first change stood. */
export const entriesOf = (changes: readonly Change[]): readonly PlanEntry[] => {
  const groups = new Map<string, [Change, ...Change[]]>();
  let last: [Change, ...Change[]] | undefined;
  for (const change of changes) {
    if (last !== undefined && isOfOneLine(last[0], change)) {
      last.push(change);
      continue;
    }
    const name = groupingOf(change);
    last = groups.get(name);
    if (last !== undefined) last.push(change);
    else groups.set(name, (last = [change]));
  }
  return [...groups.values()].map(entryOf);
};

export type PlanSection = { readonly title: string; readonly entries: readonly PlanEntry[] };

const sectionOf = (title: string, changes: readonly Change[]): PlanSection => ({ title, entries: entriesOf(changes) });

const driftTitles: Readonly<Record<ChangeAction, string>> = {
  delete: 'In AWS and not in Git',
  update: 'Altered in AWS',
  create: 'In Git and missing in AWS',
};

/** Of settings that accounts come to have; to make or delete a policy alone sets nothing. */
const setsSomething = (change: Change): boolean => {
  const subject = subjectOf(change);
  return subject.kind === 'attachment'
    ? isSettingsKind(subject.policy.kind)
    : isSettingsPolicy(subject) && change.action === 'update';
};

const settingsTitle = (phase: Phase): string =>
  `${phase.charAt(0).toUpperCase()}${phase.slice(1)}: settings of accounts`;

/** A plan by phase, in the order of apply; drift by what happened, the riskiest first. Empty sections are left out. */
export const sectionsOf = (plan: Plan, voice: SummaryVoice): readonly PlanSection[] => {
  const sections =
    voice === 'drift'
      ? (['delete', 'update', 'create'] as const).map((action) =>
          sectionOf(driftTitles[action], plan.changes.filter((change) => change.action === action).toSorted(byDanger)),
        )
      : [
          sectionOf(
            'Adopt: tags only',
            plan.changes.filter(({ adopts }) => adopts === true),
          ),
          ...phases.flatMap((phase) => {
            const changes = plan.changes.filter((change) => change.phase === phase && change.adopts !== true);
            return [
              sectionOf(
                phaseTitles[phase],
                changes.filter((change) => !setsSomething(change)),
              ),
              sectionOf(settingsTitle(phase), changes.filter(setsSomething)),
            ];
          }),
        ];
  return sections.filter(({ entries }) => entries.length > 0);
};

export const changeCount = (entries: readonly PlanEntry[]): number =>
  entries.reduce((sum, entry) => sum + entry.changes.length, 0);

const whereabouts = ({ members, changes: [first] }: PlanEntry, most: number): string => {
  const [word] = memberWords[first.kind as keyof typeof memberWords] ?? ['place'];
  return `in ${counted(members.length, word)}: ${foldedList(members, most)}`;
};

/** What follows the title: the members of a group, then what the sign does not say, then the risk if it is one. */
export const entryWords = (entry: PlanEntry, most: number): string => {
  const words = [...(entry.members.length > 0 ? [whereabouts(entry, most)] : []), ...changeWords(entry.changes[0])];
  const risk = entry.risk === 'critical' || entry.risk === 'high' ? `  [${entry.risk}]` : '';
  return `${words.length > 0 ? `  ${words.join('; ')}` : ''}${risk}`;
};

export const originText = ({ changes: [{ origin }] }: PlanEntry): string =>
  origin === undefined ? '' : `${origin.file}:${origin.line}`;
