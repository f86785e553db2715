/** The policies of a user, group or role, as the simulator and the access reports read them. */
import type { SandboxCall } from '../../core.ts';
import { invalidIamInput, noSuchIamEntity } from '../look.ts';
import { managed } from '../policies.ts';
import type { IamIdentity } from '../state.ts';
import { groupNamed, groupsWith, iamOf, roleNamed, userNamed } from '../state.ts';
import type { SimulationSource } from './decide.ts';
import { own } from '../../members.ts';
import type { SandboxWorld } from '../../world.ts';

/** A policy with what ListPoliciesGrantingServiceAccess says of it. */
export type AttachedSource = SimulationSource & {
  readonly name: string;
  readonly arn?: string;
  readonly entity: string;
  readonly kind: string;
};

const documentOf = (world: SandboxWorld, call: SandboxCall, arn: string): string | undefined => {
  const policy = own(iamOf(world, call.account).policies, arn) ?? managed(call.catalogue, arn);
  return policy?.versions.find(({ VersionId }) => VersionId === policy.DefaultVersionId)?.Document;
};

type NamedIdentity = { readonly kind: string; readonly name: string; readonly identity: IamIdentity };

const heldBy = (
  world: SandboxWorld,
  call: SandboxCall,
  { kind, name, identity }: NamedIdentity,
): readonly AttachedSource[] => [
  ...identity.attached.flatMap(({ PolicyArn, PolicyName }) => {
    const text = documentOf(world, call, PolicyArn);
    const held = { id: PolicyName, type: 'IAM Policy', name: PolicyName, arn: PolicyArn, entity: name, kind };
    return text === undefined ? [] : [{ ...held, text }];
  }),
  ...Object.entries(identity.inline).map(([policy, text]) => {
    const id = `${kind}_${name}_${policy}`;
    return { id, type: 'IAM Policy', name: policy, entity: name, kind, text };
  }),
];

/** The user, group or role at the ARN, and for a user the groups. Throws for what is not in the caller's account. */
const namedAt = (world: SandboxWorld, account: string, arn: string): readonly NamedIdentity[] => {
  const [, owner, kind, name = ''] = /^arn:aws:iam::(\d{12}):(user|group|role)\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  if (kind === undefined)
    throw invalidIamInput(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
  const found = { user: userNamed, group: groupNamed, role: roleNamed }[kind as 'user' | 'group' | 'role'];
  const identity = owner === account ? found(world, account, name) : undefined;
  if (!identity) throw noSuchIamEntity(`${kind} with name ${name}`);
  const groups = 'UserId' in identity ? groupsWith(world, account, identity) : [];
  return [
    { kind, name, identity },
    ...groups.map((group) => ({ kind: 'group', name: group.GroupName, identity: group })),
  ];
};

export const policiesAt = (world: SandboxWorld, call: SandboxCall, arn: string): readonly AttachedSource[] =>
  namedAt(world, call.account, arn).flatMap((named) => heldBy(world, call, named));

export const boundariesAt = (world: SandboxWorld, call: SandboxCall, arn: string): readonly SimulationSource[] =>
  namedAt(world, call.account, arn).flatMap(({ identity: { PermissionsBoundary } }) => {
    if (PermissionsBoundary === undefined) return [];
    const text = documentOf(world, call, PermissionsBoundary);
    return text === undefined ? [] : [{ id: 'PermissionsBoundary', type: 'IAM Permissions Boundary Policy', text }];
  });
