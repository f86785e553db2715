/** The policies of a user, group or role, as the simulator and the access reports read them. */
import type { Call } from '../../core.ts';
import { invalidInput, noSuchEntity } from '../look.ts';
import { managed } from '../policies.ts';
import { groupNamed, groupsWith, iamOf, roleNamed, userNamed, type Identity } from '../state.ts';
import type { Source } from './decide.ts';
import { own } from '../../members.ts';
import type { World } from '../../world.ts';

/** A policy with what ListPoliciesGrantingServiceAccess says of it. */
export type Held = Source & {
  readonly name: string;
  readonly arn?: string;
  readonly entity: string;
  readonly kind: string;
};

const documentOf = (world: World, call: Call, arn: string): string | undefined => {
  const policy = own(iamOf(world, call.account).policies, arn) ?? managed(call.catalogue, arn);
  return policy?.versions.find(({ VersionId }) => VersionId === policy.DefaultVersionId)?.Document;
};

type Named = { readonly kind: string; readonly name: string; readonly identity: Identity };

const heldBy = (world: World, call: Call, { kind, name, identity }: Named): readonly Held[] => [
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
const namedAt = (world: World, account: string, arn: string): readonly Named[] => {
  const [, owner, kind, name = ''] = /^arn:aws:iam::(\d{12}):(user|group|role)\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  if (kind === undefined)
    throw invalidInput(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
  const found = { user: userNamed, group: groupNamed, role: roleNamed }[kind as 'user' | 'group' | 'role'];
  const identity = owner === account ? found(world, account, name) : undefined;
  if (!identity) throw noSuchEntity(`${kind} with name ${name}`);
  const groups = 'UserId' in identity ? groupsWith(world, account, identity) : [];
  return [
    { kind, name, identity },
    ...groups.map((group) => ({ kind: 'group', name: group.GroupName, identity: group })),
  ];
};

export const policiesAt = (world: World, call: Call, arn: string): readonly Held[] =>
  namedAt(world, call.account, arn).flatMap((named) => heldBy(world, call, named));

export const boundariesAt = (world: World, call: Call, arn: string): readonly Source[] =>
  namedAt(world, call.account, arn).flatMap(({ identity: { PermissionsBoundary } }) => {
    if (PermissionsBoundary === undefined) return [];
    const text = documentOf(world, call, PermissionsBoundary);
    return text === undefined ? [] : [{ id: 'PermissionsBoundary', type: 'IAM Permissions Boundary Policy', text }];
  });
