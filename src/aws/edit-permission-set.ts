/** Which calls turn one permission set into another, and in which order. */
import { canonicalPolicy, minified } from '../model/policy.ts';
import type { CustomerManagedPolicy, PermissionsBoundary, PermissionSet } from '../model/resource.ts';
import type { AwsConnection } from './connection.ts';
import { isoDurationText } from './durations.ts';
import { awsTexts } from './permission-set-texts.ts';
import { listCustomerManagedPolicies, listManagedPolicies } from './read-permission-sets.ts';
import type { SetAddress } from './read-provisioning.ts';
import { patiently, unless } from './retry.ts';
import { tagList, ownershipTags, tagEdit } from './tags.ts';
import type { TagMap } from './tags.ts';

/** `reachesAccounts`: roles have it only after the set is provisioned again. Tags never do. */
export type SetEdit = { readonly reachesAccounts: boolean; readonly carryOut: () => Promise<unknown> };

export type SetBeforeAndAfter = { readonly before: PermissionSet; readonly after: PermissionSet };
type SetEditInput = SetBeforeAndAfter & { readonly connection: AwsConnection; readonly address: SetAddress };

const absent = ['ResourceNotFoundException'];

const edit = (
  { connection }: SetEditInput,
  write: () => Promise<unknown>,
  isDone?: () => Promise<boolean>,
): SetEdit => ({
  reachesAccounts: true,
  carryOut: () => patiently(connection.clock, write, isDone),
});

const removal = (editing: SetEditInput, write: () => Promise<unknown>): SetEdit =>
  edit(editing, () => unless(absent, write));

const without = <T>(list: readonly T[], other: readonly T[], text: (one: T) => string): readonly T[] => {
  const known = new Set(other.map(text));
  return list.filter((one) => !known.has(text(one)));
};

const arnText = (arn: string): string => arn;
const referenceText = ({ path, name }: CustomerManagedPolicy): string => `${path}${name}`;
const awsReference = ({ path, name }: CustomerManagedPolicy) => ({ Path: path, Name: name });

/**
 * A policy that denies protects while others come and go: it is attached before them and detached after them. AWS's own
 * (AWSDenyAll, AWSCompromisedKeyQuarantine) are known by name; nothing else is known of a policy's effect here.
 */
const denies = (name: string): boolean => /deny|quarantine/i.test(name);

const attachManaged = (editing: SetEditInput, ManagedPolicyArn: string): SetEdit => {
  const { connection, address } = editing;
  return edit(
    editing,
    () => connection.ssoAdmin.attachManagedPolicyToPermissionSet({ ...address, ManagedPolicyArn }),
    async () => (await listManagedPolicies(connection, address)).includes(ManagedPolicyArn),
  );
};

const attachCustomer = (editing: SetEditInput, policy: CustomerManagedPolicy): SetEdit => {
  const { connection, address } = editing;
  const CustomerManagedPolicyReference = awsReference(policy);
  return edit(
    editing,
    () =>
      connection.ssoAdmin.attachCustomerManagedPolicyReferenceToPermissionSet({
        ...address,
        CustomerManagedPolicyReference,
      }),
    async () =>
      (await listCustomerManagedPolicies(connection, address)).map(referenceText).includes(referenceText(policy)),
  );
};

const detachManaged = (editing: SetEditInput, ManagedPolicyArn: string): SetEdit =>
  removal(editing, () =>
    editing.connection.ssoAdmin.detachManagedPolicyFromPermissionSet({ ...editing.address, ManagedPolicyArn }),
  );

const detachCustomer = (editing: SetEditInput, policy: CustomerManagedPolicy): SetEdit =>
  removal(editing, () =>
    editing.connection.ssoAdmin.detachCustomerManagedPolicyReferenceFromPermissionSet({
      ...editing.address,
      CustomerManagedPolicyReference: awsReference(policy),
    }),
  );

type NamedSetEdit = { readonly name: string; readonly edit: SetEdit };

const attachments = (editing: SetEditInput): readonly NamedSetEdit[] => {
  const { before, after } = editing;
  return [
    ...without(after.managedPolicies, before.managedPolicies, arnText).map((arn) => ({
      name: arn,
      edit: attachManaged(editing, arn),
    })),
    ...without(after.customerManagedPolicies, before.customerManagedPolicies, referenceText).map((policy) => ({
      name: policy.name,
      edit: attachCustomer(editing, policy),
    })),
  ];
};

const detachments = (editing: SetEditInput): readonly NamedSetEdit[] => {
  const { before, after } = editing;
  return [
    ...without(before.managedPolicies, after.managedPolicies, arnText).map((arn) => ({
      name: arn,
      edit: detachManaged(editing, arn),
    })),
    ...without(before.customerManagedPolicies, after.customerManagedPolicies, referenceText).map((policy) => ({
      name: policy.name,
      edit: detachCustomer(editing, policy),
    })),
  ];
};

const inline = (editing: SetEditInput): readonly SetEdit[] => {
  const { connection, address, before, after } = editing;
  const [old, wanted] = [before.inlinePolicy, after.inlinePolicy];
  if (wanted === undefined) {
    const remove = () => connection.ssoAdmin.deleteInlinePolicyFromPermissionSet({ ...address });
    return old === undefined ? [] : [removal(editing, remove)];
  }
  if (old !== undefined && canonicalPolicy(old) === canonicalPolicy(wanted)) return [];
  const InlinePolicy = minified(wanted);
  return [edit(editing, () => connection.ssoAdmin.putInlinePolicyToPermissionSet({ ...address, InlinePolicy }))];
};

const awsBoundary = (boundary: PermissionsBoundary) =>
  'managedPolicy' in boundary
    ? { ManagedPolicyArn: boundary.managedPolicy }
    : { CustomerManagedPolicyReference: awsReference(boundary.customerManagedPolicy) };

type BoundarySetEdits = {
  readonly first: readonly SetEdit[];
  readonly between: readonly SetEdit[];
  readonly last: readonly SetEdit[];
};

/** A boundary that was not there goes up first and one that goes comes down last; one that changes does so between. */
const boundaries = (editing: SetEditInput): BoundarySetEdits => {
  const { connection, address, before, after } = editing;
  const none = { first: [], between: [], last: [] };
  const [old, wanted] = [before.permissionsBoundary, after.permissionsBoundary];
  if (wanted === undefined) {
    const remove = () => connection.ssoAdmin.deletePermissionsBoundaryFromPermissionSet({ ...address });
    return old === undefined ? none : { ...none, last: [removal(editing, remove)] };
  }
  const PermissionsBoundary = awsBoundary(wanted);
  if (old !== undefined && JSON.stringify(awsBoundary(old)) === JSON.stringify(PermissionsBoundary)) return none;
  const put = edit(editing, () =>
    connection.ssoAdmin.putPermissionsBoundaryToPermissionSet({ ...address, PermissionsBoundary }),
  );
  return old === undefined ? { ...none, first: [put] } : { ...none, between: [put] };
};

export const scalarsOf = (set: PermissionSet) => ({
  ...awsTexts(set),
  SessionDuration: isoDurationText(set.sessionDuration),
});

/** UpdatePermissionSet clears what it is not given, so it is always given all of them. */
const scalars = (editing: SetEditInput): readonly SetEdit[] => {
  const { connection, address, before, after } = editing;
  if (JSON.stringify(scalarsOf(before)) === JSON.stringify(scalarsOf(after))) return [];
  return [edit(editing, () => connection.ssoAdmin.updatePermissionSet({ ...address, ...scalarsOf(after) }))];
};

export const allTags = (set: PermissionSet): TagMap => ({ ...set.tags, ...ownershipTags(set) });

const tags = (editing: SetEditInput): readonly SetEdit[] => {
  const { ssoAdmin } = editing.connection;
  const { InstanceArn, PermissionSetArn } = editing.address;
  const resource = { InstanceArn, ResourceArn: PermissionSetArn };
  const { set, remove } = tagEdit(allTags(editing.before), allTags(editing.after));
  const add = edit(editing, () => ssoAdmin.tagResource({ ...resource, Tags: tagList(set) }));
  const take = edit(editing, () => ssoAdmin.untagResource({ ...resource, TagKeys: [...remove] }));
  return [...(Object.keys(set).length > 0 ? [add] : []), ...(remove.length > 0 ? [take] : [])].map((one) => ({
    ...one,
    reachesAccounts: false,
  }));
};

const chosen = (list: readonly NamedSetEdit[], wanted: (name: string) => boolean): readonly SetEdit[] =>
  list.filter(({ name }) => wanted(name)).map((named) => named.edit);

/**
 * What each prefix of these edits gives is given by `before` or by `after`: what allows goes before anything new comes,
 * and what denies is there the whole time.
 */
export const editsOf = (editing: SetEditInput): readonly SetEdit[] => {
  const [added, removed, boundary] = [attachments(editing), detachments(editing), boundaries(editing)];
  const allows = (name: string): boolean => !denies(name);
  return [
    ...boundary.first,
    ...chosen(added, denies),
    ...chosen(removed, allows),
    ...boundary.between,
    ...inline(editing),
    ...chosen(removed, denies),
    ...chosen(added, allows),
    ...boundary.last,
    ...scalars(editing),
    ...tags(editing),
  ];
};
