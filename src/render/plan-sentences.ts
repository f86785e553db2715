/** What a plan does besides giving and taking permission sets, a sentence each: guard rails, roles, moves, new names. */
import { controlPolicyTypes } from '../kinds/control-policies.ts';
import { grouped } from '../model/lists.ts';
import type { Change, Plan } from '../model/plan.ts';
import { subjectOf } from '../model/plan.ts';
import type { Attachment, Kind, Resource, Target } from '../model/resource.ts';
import { decodeName, isControlPolicy } from '../model/resource.ts';
import type { SummaryVoice } from './summary.ts';
import { counted, foldedList } from './words.ts';

const MOST_PLACES = 4;
const MOST_POLICIES = 5;

const pathText = (path: string): string => path.split('/').map(decodeName).join('/');
const ouText = (path: string): string => (path === '' ? 'Root' : `OU ${pathText(path)}`);

export const targetWords = (target: Target): string => {
  if (target.type === 'root') return 'the whole organization';
  return target.type === 'ou' ? ouText(target.path) : target.name;
};

const attached: Readonly<
  Record<SummaryVoice, Readonly<Record<'create' | 'delete', readonly [one: string, many: string]>>>
> = {
  plan: {
    create: ['holds from now on in', 'hold from now on in'],
    delete: ['no longer holds in', 'no longer hold in'],
  },
  drift: { create: ['is missing at', 'are missing at'], delete: ['hangs, undeclared, at', 'hang, undeclared, at'] },
};

type Attaching = { readonly action: 'create' | 'delete'; readonly attachment: Attachment };

const attachmentsIn = (changes: readonly Change[]): readonly Attaching[] =>
  changes.flatMap((change): readonly Attaching[] => {
    const subject = subjectOf(change);
    if (subject.kind !== 'attachment' || change.action === 'update' || change.temporary) return [];
    return [{ action: change.action, attachment: subject }];
  });

export const namedPolicyText = ({ kind, name }: Attachment['policy']): string =>
  `${controlPolicyTypes[kind].word} ${name}`;
const nameOf = ({ attachment: { policy } }: Attaching): string => namedPolicyText(policy);

const targetsText = (attachings: readonly Attaching[]): string =>
  foldedList([...new Set(attachings.map(({ attachment: { target } }) => targetWords(target)))], MOST_PLACES);

const attachmentSentence = (alike: readonly Attaching[], where: string, voice: SummaryVoice): readonly string[] => {
  const names = [...new Set(alike.map(nameOf))];
  const [first] = alike;
  if (first === undefined) return [];
  const [one, many] = attached[voice][first.action];
  return [`${foldedList(names, MOST_POLICIES)} ${names.length === 1 ? one : many} ${where}`];
};

/** Policies that go up in the same places are one sentence. */
const attachmentSentences = (changes: readonly Change[], voice: SummaryVoice): readonly string[] => {
  const policies = grouped(attachmentsIn(changes), (one) => `${one.action} ${nameOf(one)}`);
  const places = grouped([...policies.values()], (same) => `${same[0]?.action ?? ''} ${targetsText(same)}`);
  return [...places.values()].flatMap((lists) => attachmentSentence(lists.flat(), targetsText(lists.flat()), voice));
};

const edited: Readonly<Record<SummaryVoice, readonly [one: string, many: string]>> = {
  plan: ['says something else', 'say something else'],
  drift: ['was edited', 'were edited'],
};

/** A few are a sentence each, more are one. */
const railEdits = (changes: readonly Change[], voice: SummaryVoice): readonly string[] => {
  const names = changes.flatMap((change) => {
    const subject = subjectOf(change);
    if (!isControlPolicy(subject) || change.action !== 'update' || change.adopts === true) return [];
    return [`${controlPolicyTypes[subject.kind].word} ${subject.name}`];
  });
  const [one, many] = edited[voice];
  return names.length <= MOST_POLICIES
    ? names.map((name) => `${name} ${one}`)
    : [`${foldedList(names, MOST_POLICIES)} ${many}`];
};

/** Nearly all changes say who has what, and no sentence here does. */
const toldHere = ({ changes }: Pick<Plan, 'changes'>): readonly Change[] =>
  changes.filter(({ kind }) => kind !== 'assignment' && kind !== 'membership');

/** Guard rails that go up, come down or say something else. */
export const railSentences = (plan: Pick<Plan, 'changes'>, voice: SummaryVoice): readonly string[] => {
  const changes = toldHere(plan);
  return [...attachmentSentences(changes, voice), ...railEdits(changes, voice)];
};

type NamedResource = Extract<Resource, { readonly name: string }>;
const hasName = (resource: Resource): resource is NamedResource => 'name' in resource;

const kindWords: Partial<Readonly<Record<Kind, string>>> = {
  group: 'Group',
  'permission-set': 'Permission set',
  ou: 'OU',
  scp: 'SCP',
  rcp: 'RCP',
};

const renamed = (change: Change): readonly string[] => {
  if (change.action !== 'update' || !hasName(change.before) || !hasName(change.after)) return [];
  const [before, after, word] = [change.before.name, change.after.name, kindWords[change.kind]];
  return word === undefined || before === after ? [] : [`${word} ${before} is renamed ${after}`];
};

const moved = (change: Change): readonly string[] => {
  if (change.action !== 'update' || change.before.kind !== 'account' || change.after.kind !== 'account') return [];
  const [before, after] = [change.before.parent, change.after.parent];
  return before === after ? [] : [`${change.after.name} moves from ${ouText(before)} to ${ouText(after)}`];
};

const made: Readonly<Record<SummaryVoice, Readonly<Record<Change['action'], readonly [one: string, many: string]>>>> = {
  plan: { create: ['is created', 'are created'], update: ['changes', 'change'], delete: ['is deleted', 'are deleted'] },
  drift: {
    create: ['is missing', 'are missing'],
    update: ['was altered', 'were altered'],
    delete: ['is there, undeclared,', 'are there, undeclared,'],
  },
};

const inAccounts = { role: 'Role', policy: 'Customer policy', 'oidc-provider': 'OIDC provider' } as const;

type SentencePlace = { readonly action: Change['action']; readonly what: string; readonly account: string };

const placesIn = (changes: readonly Change[]): readonly SentencePlace[] =>
  changes.flatMap((change): readonly SentencePlace[] => {
    const subject = subjectOf(change);
    if (change.adopts === true) return [];
    if (subject.kind !== 'role' && subject.kind !== 'policy' && subject.kind !== 'oidc-provider') return [];
    const name = subject.kind === 'oidc-provider' ? subject.host : subject.name;
    return [{ action: change.action, what: `${inAccounts[subject.kind]} ${name}`, account: subject.account }];
  });

/** Roles and policies that come or go in the same accounts are one sentence. */
const placeSentences = (changes: readonly Change[], voice: SummaryVoice): readonly string[] => {
  const things = grouped(placesIn(changes), ({ action, what }) => `${action} ${what}`);
  const accountsOf = (same: readonly SentencePlace[]): string =>
    foldedList(
      same.map(({ account }) => account),
      MOST_PLACES,
    );
  const places = grouped([...things.values()], (same) => `${same[0]?.action ?? ''} ${accountsOf(same)}`);
  return [...places.values()].flatMap((lists) => {
    const [first = []] = lists;
    const names = lists.map((same) => same[0]?.what ?? '');
    const [one, many] = made[voice][first[0]?.action ?? 'update'];
    return [`${foldedList(names, MOST_POLICIES)} ${names.length === 1 ? one : many} in ${accountsOf(first)}`];
  });
};

const setEdits = (changes: readonly Change[], voice: SummaryVoice): readonly string[] =>
  changes.flatMap((change) =>
    change.action === 'update' && change.adopts !== true && change.after.kind === 'permission-set'
      ? [`Permission set ${change.after.name} ${made[voice].update[0]}`]
      : [],
  );

const adoptionSentence = (changes: readonly Change[]): readonly string[] => {
  const adopted = changes.filter(({ adopts }) => adopts === true).length;
  return adopted === 0
    ? []
    : [`${counted(adopted, 'thing')} of AWS ${adopted === 1 ? 'gets' : 'get'} our tags and nothing else`];
};

/** Moves, new names, roles and sets. */
export const otherSentences = (plan: Pick<Plan, 'changes'>, voice: SummaryVoice): readonly string[] => {
  const changes = toldHere(plan);
  return [
    ...changes.flatMap(moved),
    ...changes.flatMap(renamed),
    ...setEdits(changes, voice),
    ...placeSentences(changes, voice),
    ...adoptionSentence(changes),
  ];
};
