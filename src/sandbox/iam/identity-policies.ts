/** Inline, attached and bounding policies: the same operations for roles, users and groups; a group has no boundary. */
import type { CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { limitExceeded, documentSize } from './documents.ts';
import { checkInlineDocument } from './grammar/identity.ts';
import { encoded, missingIamEntity, noSuchIamEntity, iamListPage } from './look.ts';
import { mustBeArn, mustBeAttachable, mustBeBoundary } from './policies.ts';
import type { IamIdentity } from './state.ts';
import { optionalTextMember, own, textMember } from '../members.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

type FindIdentity = (world: SandboxWorld, account: string, input: CallInput) => IamIdentity;

export type IdentityKind = {
  readonly kind: 'Role' | 'User' | 'Group';
  readonly find: FindIdentity;
  /** As `find`, refusing what nobody may change. */
  readonly findToChange: FindIdentity;
  /** The sum of all inline policies, in characters without white space ("IAM and AWS STS quotas"). */
  readonly inlineQuota: number;
};

const attachedQuota = 10;

const putInline =
  ({ kind, findToChange, inlineQuota }: IdentityKind): SandboxOperation<SandboxWorld> =>
  (world, input, call) => {
    const identity = findToChange(world, call.account, input);
    const json = textMember(input, 'PolicyDocument');
    checkInlineDocument(json);
    const inline = { ...identity.inline, [textMember(input, 'PolicyName')]: json };
    const size = Object.values(inline).reduce((sum, one) => sum + documentSize(one), 0);
    if (size > inlineQuota)
      throw limitExceeded(
        `Maximum policy size of ${inlineQuota} bytes exceeded for ${kind.toLowerCase()} ${textMember(input, `${kind}Name`)}`,
      );
    identity.inline = inline;
    return {};
  };

const inlineNamed = (identity: IamIdentity, kind: IdentityKind['kind'], input: CallInput): string => {
  const found = own(identity.inline, textMember(input, 'PolicyName'));
  if (found === undefined)
    throw noSuchIamEntity(`${kind.toLowerCase()} policy with name ${textMember(input, 'PolicyName')}`);
  return found;
};

const attach =
  ({ kind, findToChange }: IdentityKind): SandboxOperation<SandboxWorld> =>
  (world, input, call) => {
    const identity = findToChange(world, call.account, input);
    const PolicyArn = textMember(input, 'PolicyArn');
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
  ({ findToChange }: IdentityKind): SandboxOperation<SandboxWorld> =>
  (world, input, call) => {
    const identity = findToChange(world, call.account, input);
    const PolicyArn = textMember(input, 'PolicyArn');
    mustBeArn(PolicyArn);
    const rest = identity.attached.filter((one) => one.PolicyArn !== PolicyArn);
    if (rest.length === identity.attached.length) throw missingIamEntity(`Policy ${PolicyArn} was not found.`);
    identity.attached = rest;
    return {};
  };

const boundaryOperations = ({ kind, findToChange }: IdentityKind): WorldOperations => ({
  [`Put${kind}PermissionsBoundary`]: (world, input, call) => {
    const identity = findToChange(world, call.account, input);
    const arn = textMember(input, 'PermissionsBoundary');
    mustBeBoundary(world, call, arn);
    identity.PermissionsBoundary = arn;
    return {};
  },
  [`Delete${kind}PermissionsBoundary`]: (world, input, call) => {
    const identity = findToChange(world, call.account, input);
    if (identity.PermissionsBoundary === undefined)
      throw noSuchIamEntity(`permissions boundary of ${kind.toLowerCase()} ${textMember(input, `${kind}Name`)}`);
    delete identity.PermissionsBoundary;
    return {};
  },
});

const listed =
  (
    { find }: IdentityKind,
    name: string,
    rows: (identity: IamIdentity) => readonly unknown[],
  ): SandboxOperation<SandboxWorld> =>
  (world, input, call): CallOutput => {
    const identity = find(world, call.account, input);
    return iamListPage(name, rows(identity), input);
  };

export const policyOperationsOf = (kind: IdentityKind): WorldOperations => {
  const name = kind.kind;
  return {
    ...(name === 'Group' ? {} : boundaryOperations(kind)),
    [`Put${name}Policy`]: putInline(kind),
    [`Get${name}Policy`]: (world, input, call) => {
      const found = inlineNamed(kind.find(world, call.account, input), name, input);
      return {
        [`${name}Name`]: textMember(input, `${name}Name`),
        PolicyName: textMember(input, 'PolicyName'),
        PolicyDocument: encoded(found),
      };
    },
    [`Delete${name}Policy`]: (world, input, call) => {
      const identity = kind.findToChange(world, call.account, input);
      inlineNamed(identity, name, input);
      const { [textMember(input, 'PolicyName')]: _gone, ...inline } = identity.inline;
      identity.inline = inline;
      return {};
    },
    [`List${name}Policies`]: listed(kind, 'PolicyNames', ({ inline }) => Object.keys(inline).sort()),
    [`Attach${name}Policy`]: attach(kind),
    [`Detach${name}Policy`]: detach(kind),
    [`ListAttached${name}Policies`]: (world, input, call) => {
      const { attached } = kind.find(world, call.account, input);
      const prefix = optionalTextMember(input, 'PathPrefix') ?? '/';
      const path = (arn: string): string => arn.replace(/^arn:aws:iam::(\d{12}|aws):policy/, '');
      return iamListPage(
        'AttachedPolicies',
        attached.filter(({ PolicyArn }) => path(PolicyArn).startsWith(prefix)),
        input,
      );
    },
  };
};
