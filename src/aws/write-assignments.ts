/** Writes of assignments: asynchronous, and each waited for to its end. */
import type { Assignment } from '../model/resource.ts';
import { isNamed } from './failures.ts';
import { idIn, principalId } from './ids.ts';
import type { Claim } from './lanes.ts';
import { allPages } from './pages.ts';
import { patiently, unless } from './retry.ts';
import type { Writing } from './writing.ts';

/** AWS updates the role of one permission set in an account at a time (Identity Center quotas page). */
export const accountClaim = (account: string, permissionSetArn: string): Claim => ({
  lane: `account ${account}`,
  token: permissionSetArn,
});

/** Assignments of a set overlap each other and never an edit: each provisions the set as it is at that moment. */
const assigning = (permissionSetArn: string): Claim => ({ lane: `set ${permissionSetArn}`, token: 'assigning' });

type Address = {
  readonly InstanceArn: string;
  readonly PermissionSetArn: string;
  readonly TargetType: 'AWS_ACCOUNT';
  readonly TargetId: string;
  readonly PrincipalType: 'GROUP' | 'USER';
  readonly PrincipalId: string;
};

const addressOf = ({ ids }: Writing, { principal, permissionSet, account }: Assignment): Address => ({
  InstanceArn: ids.instanceArn,
  PermissionSetArn: idIn(ids.permissionSets, permissionSet, 'permission set'),
  TargetType: 'AWS_ACCOUNT',
  TargetId: idIn(ids.accounts, account, 'account'),
  PrincipalType: principal.type === 'group' ? 'GROUP' : 'USER',
  PrincipalId: principalId(ids, principal),
});

const inLane = (writing: Writing, address: Address, work: () => Promise<void>): Promise<void> => {
  const { PermissionSetArn, TargetId } = address;
  const claims = [assigning(PermissionSetArn), accountClaim(TargetId, PermissionSetArn)];
  return writing.lanes.run(claims, () => writing.assignmentSlots.run(work));
};

/** One that exists already is made again and stays one (CreateAccountAssignment), for the price of a slot. */
export const createAssignment = async (writing: Writing, assignment: Assignment): Promise<void> => {
  const { connection, pollers } = writing;
  const address = addressOf(writing, assignment);
  await inLane(writing, address, async () => {
    const begun = await patiently(connection.clock, () => connection.ssoAdmin.createAccountAssignment(address));
    await pollers.creation.settled(begun?.AccountAssignmentCreationStatus);
  });
};

const rowsBeside = ({ connection }: Writing, { InstanceArn, PermissionSetArn, TargetId }: Address) =>
  allPages(async (token) => {
    const input = { InstanceArn, PermissionSetArn, AccountId: TargetId, ...token };
    const page = await connection.ssoAdmin.listAccountAssignments(input);
    return { rows: page.AccountAssignments, next: page.NextToken };
  });

/** A set that is gone has no assignments. */
const isThere = async (writing: Writing, address: Address): Promise<boolean> => {
  let there = false;
  await unless(['ResourceNotFoundException'], async () => {
    const rows = await rowsBeside(writing, address);
    there = rows.some(
      ({ PrincipalType, PrincipalId }) =>
        PrincipalType === address.PrincipalType && PrincipalId === address.PrincipalId,
    );
  });
  return there;
};

/** Deleting what is not there fails with words that AWS does not document: the list says what is true. */
const revoke = async (writing: Writing, address: Address): Promise<void> => {
  const { connection, pollers } = writing;
  try {
    const begun = await patiently(connection.clock, () => connection.ssoAdmin.deleteAccountAssignment(address));
    await pollers.deletion.settled(begun?.AccountAssignmentDeletionStatus);
  } catch (thrown) {
    if (!isNamed(thrown, 'FAILED', 'ResourceNotFoundException')) throw thrown;
    if (await isThere(writing, address)) throw thrown;
  }
};

export const deleteAssignment = async (writing: Writing, assignment: Assignment): Promise<void> => {
  const address = addressOf(writing, assignment);
  await inLane(writing, address, () => revoke(writing, address));
};
