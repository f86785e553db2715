/** Random organizations with what keeps somebody able to come in, and what of it stands, told without the evaluator. */
import { guardSampleOf } from '../../src/plan/guards/account-sample.ts';
import fc from 'fast-check';
import { coveredPart } from '../../src/commands/apply.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Outcome } from '../../src/model/cloud.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { PolicyDocument, Statement } from '../../src/model/policy.ts';
import type { PermissionSet, Resource, State } from '../../src/model/resource.ts';
import {
  accountKey,
  controlPolicyKey,
  customerPolicyKey,
  keyOf,
  pathToRoot,
  permissionSetKey,
  resourcesOf,
  roleKey,
} from '../../src/model/resource.ts';
import { evaluatedGuards } from '../../src/plan/guards/evaluated.ts';
import { phaseEnds } from '../../src/plan/guards/phase-ends.ts';
import { resultsOf } from '../../src/plan/guards/guard.ts';
import { guardedPart } from '../../src/plan/guards/part.ts';
import { survivalRefusals, withRefusals } from '../../src/plan/guards/survival.ts';
import { plan } from '../../src/plan/plan.ts';
import { project } from '../../src/plan/situation/project.ts';
import { situationOf } from '../../src/plan/situation/situation.ts';
import { nextChanges } from '../../src/plan/carry/next.ts';
import {
  MANAGEMENT,
  NOW,
  account,
  allow,
  assignment,
  attachment,
  customerPolicy,
  deny,
  desired,
  document,
  group,
  live,
  membership,
  ou,
  owned,
  rcpType,
  scp,
} from './build.ts';
import {
  administrators,
  free,
  glassAssigned,
  glassSettings,
  hungRcp,
  memberRole,
  ownRoles,
  rcp,
  trustingOwn,
} from './guard-scenes.ts';

const catalogue = loadCatalogue();
const settings = { ...glassSettings, ...ownRoles };

/** What is lost by a document, one word for each thing. */
type Losses = readonly string[];
type Words<Value> = Readonly<Record<string, readonly [value: Value, losses: Losses]>>;

const everyRole = 'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Glass_????????????????';
const excepting = (statement: Statement): Statement => ({
  ...statement,
  Condition: {
    ArnNotLike: {
      'aws:PrincipalArn': [everyRole, 'arn:aws:iam::*:role/gatehouse/*'],
    },
  },
});
const leaving = deny('organizations:LeaveOrganization');
const scps: Words<PolicyDocument> = {
  mild: [document(leaving), []],
  excepting: [document(leaving, excepting(deny('iam:*', 'dynamodb:*'))), []],
  more: [document(leaving, deny('dynamodb:*')), ['dynamodb']],
  deaf: [
    document({
      ...deny('iam:*'),
      Condition: {
        ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/gatehouse/*' },
      },
    }),
    ['iam of the role'],
  ],
  shut: [document(deny('iam:*')), ['iam of break-glass', 'iam of the role']],
};

const rcps: Words<Statement> = {
  excepting: [excepting(deny('s3:*')), []],
  data: [deny('s3:GetObject'), ['data']],
  saml: [deny('sts:AssumeRoleWithSAML'), ['sign-in']],
  enter: [deny('sts:AssumeRole'), ['the way in']],
};

const sets: Words<Partial<PermissionSet>> = {
  whole: [{}, []],
  denied: [{ inlinePolicy: document(deny('iam:*')) }, ['iam of break-glass']],
  less: [{ inlinePolicy: document(deny('dynamodb:*')) }, ['dynamodb']],
  attached: [{ customerManagedPolicies: [{ name: 'Own', path: '/' }] }, []],
  bounded: [
    {
      permissionsBoundary: {
        customerManagedPolicy: { name: 'Own', path: '/' },
      },
    },
    [],
  ],
};

const owns: Words<PolicyDocument> = {
  open: [document(allow('*')), []],
  narrow: [document(allow('*'), deny('sqs:*')), ['sqs']],
};

const memberRoles: Words<Resource> = {
  whole: [memberRole(), []],
  tagged: [memberRole({ tags: { team: 'security' } }), []],
  deaf: [memberRole({ trust: trustingOwn(['Plan']) }), ['the way in']],
  weak: [
    memberRole({
      inlinePolicies: { own: document(allow('iam:Get*', 's3:*')) },
    }),
    ['iam of the role'],
  ],
};

/** How often something is harmless, and how often anything. */
type Weights = { readonly mild: number; readonly any: number };
const word = (words: Words<unknown>, { mild, any }: Weights): fc.Arbitrary<string> => {
  const all = Object.entries(words);
  const harmless = all.filter(([, [, lost]]) => lost.length === 0).map(([name]) => name);
  return fc.oneof(
    { weight: mild, arbitrary: fc.constantFrom(...harmless) },
    { weight: any, arbitrary: fc.constantFrom(...all.map(([name]) => name)) },
  );
};

const places = ['ou:Work', 'ou:Lab', 'account:Dev'];
const hungOn = (...names: readonly string[]) =>
  fc.subarray(
    names.flatMap((name) => places.map((place) => `${name}@${place}`)),
    { maxLength: 3 },
  );

const sideOf = (mild: Weights) =>
  fc.record({
    members: fc.subarray(['ada', 'bob', 'cyd', 'eve', 'fay', 'gil', 'hal'], {
      minLength: 1,
      maxLength: 4,
    }),
    parent: fc.constantFrom('Work', 'Lab'),
    second: fc.boolean(),
    scps: fc.record({ One: word(scps, mild), Two: word(scps, mild) }),
    rcps: fc.record({ Three: word(rcps, mild), Four: word(rcps, mild) }),
    hung: hungOn('One', 'Two'),
    hungRcps: hungOn('Three', 'Four'),
    set: word(sets, mild),
    own: word(owns, mild),
    role: word(memberRoles, mild),
  });
type Side = ReturnType<typeof sideOf> extends fc.Arbitrary<infer T> ? T : never;

const valueOf = <Value>(words: Words<Value>, name: string): Value => {
  const found = words[name];
  if (found === undefined) throw new Error(`no ${name}`);
  return found[0];
};

const resources = (one: Side): readonly Resource[] => [
  ...[owned(ou('Work')), owned(ou('Lab')), group('Glass'), rcpType],
  ...[administrators('Glass', valueOf(sets, one.set)), administrators('Glass2')],
  ...['Dev', MANAGEMENT].map((on) => owned(customerPolicy('Own', on, valueOf(owns, one.own)))),
  account('Dev', '222222222222', one.parent),
  ...glassAssigned(),
  ...(one.second ? [assignment('group:Glass', 'Glass2', 'Dev')] : []),
  ...one.members.map((name) => membership('Glass', name)),
  ...Object.entries(one.scps).map(([name, text]) => owned(scp(name, valueOf(scps, text)))),
  ...Object.entries(one.rcps).map(([name, text]) => rcp(name, valueOf(rcps, text))),
  ...one.hung.map((text) => attachment(...(text.split('@') as [string, string]))),
  ...one.hungRcps.map((text) => hungRcp(...(text.split('@') as [string, string]))),
  valueOf(memberRoles, one.role),
];

/** By what stands in it, compared as text: in between, a guard rail can have the denials of both its ends. */
const lostBy = <Value>(words: Words<Value>, isIn: (value: Value) => boolean): Losses =>
  Object.values(words).flatMap(([value, losses]) => (losses.length > 0 && isIn(value) ? losses : []));

const says = (whole: unknown, part: unknown): boolean => JSON.stringify(whole) === JSON.stringify(part);
const statementsOf = ({ Statement: found }: PolicyDocument): readonly Statement[] => [found].flat();
const hasStatement = (whole: PolicyDocument, one: Statement): boolean =>
  statementsOf(whole).some((own) => says({ ...own, Principal: 0, Sid: 0 }, { ...one, Principal: 0, Sid: 0 }));

const railLosses = (state: State): Losses => {
  const dev = state[accountKey('Dev')];
  const path = dev?.kind === 'account' ? pathToRoot(dev.parent) : [];
  return resourcesOf(state, 'attachment').flatMap(({ policy, target }) => {
    const isAbove =
      target.type === 'account' ? target.name === 'Dev' : target.type === 'root' || path.includes(target.path);
    const rail = state[controlPolicyKey(policy)];
    if (!isAbove || (rail?.kind !== 'scp' && rail?.kind !== 'rcp')) return [];
    const whole = rail.document;
    return rail.kind === 'rcp'
      ? lostBy(rcps, (one) => hasStatement(whole, one))
      : lostBy(scps, (one) => statementsOf(one).every((each) => says(each, leaving) || hasStatement(whole, each)));
  });
};

const setLosses = (state: State): Losses => {
  const set = state[permissionSetKey('Glass')];
  if (set?.kind !== 'permission-set') return ['the set'];
  const own = state[customerPolicyKey({ name: 'Own', path: '/', account: 'Dev' })];
  const named = set.customerManagedPolicies.length > 0 || set.permissionsBoundary !== undefined;
  const inPolicy = named && own?.kind === 'policy' ? lostBy(owns, (one) => says(own.document, one)) : [];
  return [
    ...lostBy(sets, ({ inlinePolicy }) => inlinePolicy !== undefined && says(inlinePolicy, set.inlinePolicy)),
    ...inPolicy,
  ];
};

const roleLosses = (state: State): Losses => {
  const role = state[roleKey({ account: 'Dev', name: 'Member' })];
  if (role?.kind !== 'role') return ['the role'];
  return lostBy(
    memberRoles,
    (one) =>
      one.kind === 'role' &&
      ((!says(one.trust, trustingOwn()) && says(one.trust, role.trust)) ||
        (says(one.trust, trustingOwn()) && says(one.inlinePolicies, role.inlinePolicies))),
  );
};

const peopleLosses = (state: State): Losses => {
  const assigned = ['Glass', 'Glass2'].some(
    (name) => state[keyOf(assignment('group:Glass', name, 'Dev'))] !== undefined,
  );
  const members = resourcesOf(state, 'membership').some((one) => one.group === 'Glass');
  return [...(assigned ? [] : ['the assignment']), ...(members ? [] : ['the members'])];
};

const lossesIn = (state: State): ReadonlySet<string> =>
  new Set([railLosses, setLosses, roleLosses, peopleLosses].flatMap((of) => of(state)));

/** What is lost at some moment that stood at first; `dice` decides what AWS refuses and what comes first. */
const lostIn = (part: Plan, start: State, dice: readonly number[]): readonly string[] => {
  const before = lossesIn(start);
  const outcomes = new Map<string, Outcome>();
  let state = start;
  for (let turn = 0; ; turn += 1) {
    const { ready, held } = nextChanges(part, outcomes, new Set());
    for (const one of held) outcomes.set(one.id, one);
    const roll = dice[turn % dice.length] ?? 0;
    const change = ready[roll % Math.max(1, ready.length)];
    if (change === undefined && held.length === 0) return [];
    if (change === undefined) continue;
    const failed = roll % 3 === 0;
    const { id, key } = change;
    outcomes.set(id, failed ? { id, key, status: 'failed', reason: 'refused' } : { id, key, status: 'done' });
    if (!failed) state = project(state, [change]);
    const lost = [...lossesIn(state)].filter((one) => !before.has(one));
    if (lost.length > 0) return lost;
  }
};

/**
 * `ordered`: changes wait for one another. `moments`: guards are asked of every moment of the whole plan; `part`: of the part
 * that is approved. `approved`: all of it, or some. `edited`: sets and roles change
 * and accounts move, too.
 */
type Variant = {
  readonly ordered: boolean;
  readonly moments: boolean;
  readonly part: boolean;
  readonly approved: 'all' | 'some';
  readonly edited: boolean;
};

const scene = fc.record({
  was: sideOf({ mild: 1, any: 4 }),
  wanted: sideOf({ mild: 12, any: 1 }),
  dice: fc.array(fc.nat({ max: 999 }), { minLength: 8, maxLength: 8 }),
  approved: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
});
type Sides = { readonly was: Side; readonly wanted: Side };

const isRefused = ({ guards }: Plan): boolean => guards.some(({ ok }) => !ok);

const guarded = (made: Plan, input: Input, { moments }: Variant): Plan => {
  const situation = situationOf(input.desired, input.live);
  const ground = { situation, catalogue, today: NOW.slice(0, 10) };
  const ends = phaseEnds(ground, made.changes);
  const asked = [
    ...made.guards,
    ...resultsOf(evaluatedGuards, { ...ground, ends, sample: guardSampleOf({ ...ground, changes: made.changes }) }),
  ];
  const refusals = moments ? survivalRefusals(ground, made.changes) : [];
  return { ...made, guards: withRefusals(asked, refusals) };
};

const users = ['ada', 'bob', 'cyd', 'eve', 'fay', 'gil', 'hal'];
const inputOf = ({ was, wanted }: Sides) => ({
  desired: desired(resources(wanted), { memberGroups: ['Glass'], settings }),
  live: live(resources(was), { users }),
  catalogue,
});
type Input = ReturnType<typeof inputOf>;

/** The part of the plan that is written, unless some guard refuses it. */
const written = (input: Input, variant: Variant, approved: readonly boolean[]): Plan | undefined => {
  const raw = plan(input.desired, input.live, NOW);
  const made = guarded(variant.ordered ? raw : free(raw), input, variant);
  if (isRefused(made) || made.changes.length === 0) return undefined;
  const chosen = made.changes.filter((_, at) => variant.approved === 'all' || approved[at % approved.length]);
  const covered = coveredPart(made, { ...made, changes: chosen });
  const part = variant.part
    ? guardedPart(covered, { situation: situationOf(input.desired, input.live), catalogue })
    : covered;
  return isRefused(part) ? undefined : part;
};

/** How many plans were carried out, beside those that were refused. */
export type Tally = { carried: number };

/** Whatever is approved, held or refused by AWS: what stood stands. */
export const survivalLaw = (variant: Variant, tally: Tally = { carried: 0 }) =>
  fc.property(scene, ({ dice, approved, was, wanted }) => {
    const { set, own, role, parent } = variant.edited ? wanted : was;
    const input = inputOf({
      was,
      wanted: { ...wanted, set, own, role, parent },
    });
    const part = written(input, variant, approved);
    if (part === undefined) return;
    tally.carried += 1;
    const lost = lostIn(part, input.live.state, dice);
    if (lost.length > 0) throw new Error(`lost: ${lost.join(', ')}`);
  });

/** Each of them is enough by itself, where it is asked for anything. */
export const survivalVariants: Readonly<Record<string, Variant>> = {
  'at every moment of what is written': {
    ordered: true,
    moments: true,
    part: true,
    approved: 'some',
    edited: true,
  },
  'by the order alone, where all is approved, no set or role is edited and no account moves': {
    ordered: true,
    moments: false,
    part: false,
    approved: 'all',
    edited: false,
  },
  'when nothing waits for anything, by what is asked of the whole plan': {
    ordered: false,
    moments: true,
    part: false,
    approved: 'all',
    edited: true,
  },
  'when nothing waits for anything, by what is asked of the part': {
    ordered: false,
    moments: false,
    part: true,
    approved: 'some',
    edited: true,
  },
};
