/** Invitations to accounts outside, and the step from consolidated billing to all features. */
import type { SandboxCall, CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { AwsError, nextId } from '../core.ts';
import { optionalTextMember, own, textMember } from '../members.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';
import { attachDefaults } from './attach.ts';
import { listOutput, missingFromOrganization } from './look.ts';
import { invalidOrganizationsInput } from './refusal.ts';
import type { Handshake, HandshakeState, OrganizationsState } from './state.ts';
import { organizationTagsIn } from './tags.ts';

/** "The handshake expires 15 days after"; the step to all features has 90. */
const days = { INVITE: 15, ENABLE_ALL_FEATURES: 90 } as const;

const handshakesOf = (state: OrganizationsState): Handshake[] => (state.handshakes ??= []);

const expiryOf = ({ askedAt, action }: Handshake): number => askedAt + days[action] * 86_400_000;

const isPending = ({ State }: Handshake): boolean => State === 'OPEN' || State === 'REQUESTED';

const stateAt = (handshake: Handshake, now: number): HandshakeState =>
  isPending(handshake) && expiryOf(handshake) <= now ? 'EXPIRED' : handshake.State;

const resourcesOf = (state: OrganizationsState, { target, notes, action }: Handshake): readonly CallOutput[] => {
  const management = own(state.accounts, state.management);
  const organization = {
    Type: 'ORGANIZATION',
    Value: state.id,
    Resources: [
      { Type: 'MASTER_EMAIL', Value: management?.Email },
      { Type: 'MASTER_NAME', Value: management?.Name },
      { Type: 'ORGANIZATION_FEATURE_SET', Value: action === 'INVITE' ? (state.featureSet ?? 'ALL') : 'ALL' },
    ],
  };
  return [
    organization,
    ...(target === undefined ? [] : [{ Type: target.Type, Value: target.Id }]),
    ...(notes === undefined ? [] : [{ Type: 'NOTES', Value: notes }]),
  ];
};

const handshakeOutput = (state: OrganizationsState, handshake: Handshake, now: number): CallOutput => ({
  Id: handshake.Id,
  Arn: `arn:aws:organizations::${state.management}:handshake/${state.id}/${handshake.action.toLowerCase()}/${handshake.Id}`,
  Parties: [
    { Id: state.id.slice(2), Type: 'ORGANIZATION' },
    ...(handshake.target === undefined ? [] : [handshake.target]),
  ],
  State: stateAt(handshake, now),
  RequestedTimestamp: Math.floor(handshake.askedAt / 1000),
  ExpirationTimestamp: Math.floor(expiryOf(handshake) / 1000),
  Action: handshake.action,
  Resources: resourcesOf(state, handshake),
});

const constraint = (reason: string, message: string): AwsError =>
  new AwsError('HandshakeConstraintViolationException', message, { fields: { Reason: reason } });

const opened = (world: SandboxWorld, handshake: Omit<Handshake, 'Id'>): CallOutput => {
  const state = world.organizations;
  const whole: Handshake = { Id: `h-${nextId(world.ids, 32)}`, ...handshake };
  handshakesOf(state).push(whole);
  return { Handshake: handshakeOutput(state, whole, handshake.askedAt) };
};

const targetIn = (input: CallInput): { readonly Id: string; readonly Type: string } => {
  const target = input['Target'] as CallInput;
  const found = { Id: textMember(target, 'Id'), Type: textMember(target, 'Type') };
  if (found.Type === 'ORGANIZATION')
    throw invalidOrganizationsInput('INVALID_PARTY_TYPE_TARGET', 'You specified the wrong type of entity as a party.');
  const isId = found.Type === 'ACCOUNT' ? /^\d{12}$/.test(found.Id) : /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(found.Id);
  if (!isId) throw invalidOrganizationsInput('INVALID_EMAIL_ADDRESS_TARGET', 'You specified an invalid target.');
  return found;
};

const isMember = (state: OrganizationsState, { Id }: { readonly Id: string }): boolean =>
  Object.values(state.accounts).some((account) => account.Id === Id || account.Email === Id);

const invite: SandboxOperation<SandboxWorld> = (world, input, { now }) => {
  const state = world.organizations;
  const target = targetIn(input);
  organizationTagsIn(input);
  if (isMember(state, target))
    throw constraint('ALREADY_IN_AN_ORGANIZATION', 'The invited account is already a member of an organization.');
  const isOpen = handshakesOf(state).some((one) => one.target?.Id === target.Id && stateAt(one, now) === 'OPEN');
  if (isOpen) throw new AwsError('DuplicateHandshakeException', 'A handshake with the same target already exists.');
  const notes = optionalTextMember(input, 'Notes');
  return opened(world, {
    action: 'INVITE',
    State: 'OPEN',
    target,
    askedAt: now,
    ...(notes === undefined ? {} : { notes }),
  });
};

/** Without invited accounts nobody has to agree but the management account, which accepts its own handshake. */
const enableAllFeatures: SandboxOperation<SandboxWorld> = (world, _input, { now }) => {
  const state = world.organizations;
  if (state.featureSet !== 'CONSOLIDATED_BILLING')
    throw constraint('ORGANIZATION_ALREADY_HAS_ALL_FEATURES', 'The organization has already enabled all features.');
  const isOpen = handshakesOf(state).some((one) => one.action === 'ENABLE_ALL_FEATURES' && isPending(one));
  if (isOpen)
    throw constraint(
      'ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION',
      'The organization has already started to enable all features.',
    );
  return opened(world, { action: 'ENABLE_ALL_FEATURES', State: 'REQUESTED', askedAt: now });
};

const handshakeIn = (state: OrganizationsState, input: CallInput): Handshake => {
  const found = handshakesOf(state).find(({ Id }) => Id === textMember(input, 'HandshakeId'));
  if (found) return found;
  throw missingFromOrganization(
    'HandshakeNotFoundException',
    "We can't find a handshake with the HandshakeId that you specified.",
  );
};

const moved =
  (
    to: HandshakeState,
    effect?: (state: OrganizationsState, handshake: Handshake, call: SandboxCall) => void,
  ): SandboxOperation<SandboxWorld> =>
  ({ organizations: state }, input, call) => {
    const handshake = handshakeIn(state, input);
    const now = stateAt(handshake, call.now);
    if (now === to) throw new AwsError('HandshakeAlreadyInStateException', `The handshake is already ${to}.`);
    if (!['OPEN', 'REQUESTED'].includes(now))
      throw new AwsError('InvalidHandshakeTransitionException', `A handshake that is ${now} cannot be ${to}.`);
    effect?.(state, handshake, call);
    handshake.State = to;
    return { Handshake: handshakeOutput(state, handshake, call.now) };
  };

const join = (state: OrganizationsState, { target }: Handshake, { now }: SandboxCall): void => {
  if (target?.Type !== 'ACCOUNT')
    throw constraint('PAYMENT_INSTRUMENT_REQUIRED', 'No account has the address of the invitation.');
  state.accounts[target.Id] = {
    Id: target.Id,
    Name: target.Id,
    Email: `${target.Id}@aws.example`,
    State: 'ACTIVE',
    JoinedMethod: 'INVITED',
    JoinedTimestamp: Math.floor(now / 1000),
    parent: state.rootId,
  };
  attachDefaults(state, target.Id, now);
};

const accept = moved('ACCEPTED', (state, handshake, call) => {
  if (handshake.action === 'INVITE') join(state, handshake, call);
  else state.featureSet = 'ALL';
});

/** Those that are over are shown for thirty days. */
const listed =
  (isShown: (handshake: Handshake, call: SandboxCall) => boolean): SandboxOperation<SandboxWorld> =>
  ({ organizations: state }, input, call) => {
    const action = optionalTextMember((input['Filter'] ?? {}) as CallInput, 'ActionType');
    const rows = handshakesOf(state).filter(
      (one) => isShown(one, call) && (action === undefined || one.action === action),
    );
    return listOutput(
      'Handshakes',
      rows.map((one) => handshakeOutput(state, one, call.now)),
      input,
    );
  };

export const handshakeOperations: WorldOperations = {
  InviteAccountToOrganization: invite,
  EnableAllFeatures: enableAllFeatures,
  DescribeHandshake: ({ organizations: state }, input, { now }) => ({
    Handshake: handshakeOutput(state, handshakeIn(state, input), now),
  }),
  AcceptHandshake: accept,
  DeclineHandshake: moved('DECLINED'),
  CancelHandshake: moved('CANCELED'),
  ListHandshakesForAccount: listed(({ target }, { account }) => target?.Id === account),
  ListHandshakesForOrganization: listed(() => true),
};
