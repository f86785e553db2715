/** Inline, attached and bounding policies: the same operations for roles, users and groups; a group has no boundary. */
import type { Input, Operation, Output } from '../core.ts';
import { limitExceeded, sizeOf } from './documents.ts';
import { checkInlineDocument } from './grammar/identity.ts';
import { encoded, missing, noSuchEntity, pageOf } from './look.ts';
import { mustBeArn, mustBeAttachable, mustBeBoundary } from './policies.ts';
import type { Identity } from './state.ts';
import { optionalText, own, text } from '../members.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

type Find = (world: World, account: string, input: Input) => Identity;

export type Kind = {
  readonly kind: 'Role' | 'User' | 'Group';
  readonly find: Find;
  /** As `find`, refusing what nobody may change. */
  readonly findToChange: Find;
  /** The sum of all inline policies, in characters without white space ("IAM and AWS STS quotas"). */
  readonly inlineQuota: number;
};

const attachedQuota = 10;

const putInline =
  ({ kind, findToChange, inlineQuota }: Kind): Operation<World> =>
  (world, input, call) => {
    const identity = findToChange(world, call.account, input);
    const json = text(input, 'PolicyDocument');
    checkInlineDocument(json);
    const inline = { ...identity.inline, [text(input, 'PolicyName')]: json };
    const size = Object.values(inline).reduce((sum, one) => sum + sizeOf(one), 0);
    if (size > inlineQuota)
      throw limitExceeded(
        `Maximum policy size of ${inlineQuota} bytes exceeded for ${kind.toLowerCase()} ${text(input, `${kind}Name`)}`,
      );
    identity.inline = inline;
    return {};
  };

const inlineNamed = (identity: Identity, kind: Kind['kind'], input: Input): string => {
  const found = own(identity.inline, text(input, 'PolicyName'));
  if (found === undefined) throw noSuchEntity(`${kind.toLowerCase()} policy with name ${text(input, 'PolicyName')}`);
  return found;
};

const attach =
  ({ kind, findToChange }: Kind): Operation<World> =>
  (world, input, call) => {
    const identity = findToChange(world, call.account, input);
    const PolicyArn = text(input, 'PolicyArn');
    mustBeArn(PolicyArn);
    mustBeAttachable(world, call, { arn: PolicyArn, kind });
    if (identity.attached.some((one) => one.PolicyArn === PolicyArn)) return {};
    if (identity.attached.length >= attachedQuota)
      throw limitExceeded(`Cannot exceed quota for PoliciesPer${kind}: ${attachedQuota}`);
    const PolicyName = PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1);
    identity.attached = [...identity.attached, { PolicyName, PolicyArn }];
    return {};
  };

const detach =
  ({ findToChange }: Kind): Operation<World> =>
  (world, input, call) => {
    const identity = findToChange(world, call.account, input);
    const PolicyArn = text(input, 'PolicyArn');
    mustBeArn(PolicyArn);
    const rest = identity.attached.filter((one) => one.PolicyArn !== PolicyArn);
    if (rest.length === identity.attached.length) throw missing(`Policy ${PolicyArn} was not found.`);
    identity.attached = rest;
    return {};
  };

const boundaryOperations = ({ kind, findToChange }: Kind): Ops => ({
  [`Put${kind}PermissionsBoundary`]: (world, input, call) => {
    const identity = findToChange(world, call.account, input);
    const arn = text(input, 'PermissionsBoundary');
    mustBeBoundary(world, call, arn);
    identity.PermissionsBoundary = arn;
    return {};
  },
  [`Delete${kind}PermissionsBoundary`]: (world, input, call) => {
    const identity = findToChange(world, call.account, input);
    if (identity.PermissionsBoundary === undefined)
      throw noSuchEntity(`permissions boundary of ${kind.toLowerCase()} ${text(input, `${kind}Name`)}`);
    delete identity.PermissionsBoundary;
    return {};
  },
});

const listed =
  ({ find }: Kind, name: string, rows: (identity: Identity) => readonly unknown[]): Operation<World> =>
  (world, input, call): Output => {
    const identity = find(world, call.account, input);
    return pageOf(name, rows(identity), input);
  };

export const policyOperationsOf = (kind: Kind): Ops => {
  const name = kind.kind;
  return {
    ...(name === 'Group' ? {} : boundaryOperations(kind)),
    [`Put${name}Policy`]: putInline(kind),
    [`Get${name}Policy`]: (world, input, call) => {
      const found = inlineNamed(kind.find(world, call.account, input), name, input);
      return {
        [`${name}Name`]: text(input, `${name}Name`),
        PolicyName: text(input, 'PolicyName'),
        PolicyDocument: encoded(found),
      };
    },
    [`Delete${name}Policy`]: (world, input, call) => {
      const identity = kind.findToChange(world, call.account, input);
      inlineNamed(identity, name, input);
      const { [text(input, 'PolicyName')]: _gone, ...inline } = identity.inline;
      identity.inline = inline;
      return {};
    },
    [`List${name}Policies`]: listed(kind, 'PolicyNames', ({ inline }) => Object.keys(inline).sort()),
    [`Attach${name}Policy`]: attach(kind),
    [`Detach${name}Policy`]: detach(kind),
    [`ListAttached${name}Policies`]: (world, input, call) => {
      const { attached } = kind.find(world, call.account, input);
      const prefix = optionalText(input, 'PathPrefix') ?? '/';
      const path = (arn: string): string => arn.replace(/^arn:aws:iam::(\d{12}|aws):policy/, '');
      return pageOf(
        'AttachedPolicies',
        attached.filter(({ PolicyArn }) => path(PolicyArn).startsWith(prefix)),
        input,
      );
    },
  };
};
