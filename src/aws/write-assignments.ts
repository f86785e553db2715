/** Writes of assignments: asynchronous, and each waited for to its end. */
import type { Assignment } from '../model/resource.ts';
import { isNamed } from './failures.ts';
import { idIn, principalId } from './ids.ts';
import type { LaneClaim } from './lanes.ts';
import { allPages } from './pages.ts';
import { FailedOperation } from './pollers.ts';
import { patiently, unless } from './retry.ts';
import type { WriteContext } from './writing.ts';

/** AWS updates the role of one permission set in an account at a time (Identity Center quotas page). */
export const accountClaim = (account: string, permissionSetArn: string): LaneClaim => ({
  lane: `account ${account}`,
  token: permissionSetArn,
});

/** Assignments of a set overlap each other and never an edit: each provisions the set as it is at that moment. */
const assigning = (permissionSetArn: string): LaneClaim => ({ lane: `set ${permissionSetArn}`, token: 'assigning' });

type AssignmentAddress = {
  readonly InstanceArn: string;
  readonly PermissionSetArn: string;
  readonly TargetType: 'AWS_ACCOUNT';
  readonly TargetId: string;
  readonly PrincipalType: 'GROUP' | 'USER';
  readonly PrincipalId: string;
};

const addressOf = ({ ids }: WriteContext, { principal, permissionSet, account }: Assignment): AssignmentAddress => ({
  InstanceArn: ids.instanceArn,
  PermissionSetArn: idIn(ids.permissionSets, permissionSet, 'permission set'),
  TargetType: 'AWS_ACCOUNT',
  TargetId: idIn(ids.accounts, account, 'account'),
  PrincipalType: principal.type === 'group' ? 'GROUP' : 'USER',
  PrincipalId: principalId(ids, principal),
});

const rowsBeside = ({ connection }: WriteContext, { InstanceArn, PermissionSetArn, TargetId }: AssignmentAddress) =>
  allPages(async (token) => {
    const input = { InstanceArn, PermissionSetArn, AccountId: TargetId, ...token };
    const page = await connection.ssoAdmin.listAccountAssignments(input);
    return { rows: page.AccountAssignments, next: page.NextToken };
  });

type AssignedPrincipal = { readonly PrincipalType?: string | undefined; readonly PrincipalId?: string | undefined };
const holderText = ({ PrincipalType, PrincipalId }: AssignedPrincipal): string => `${PrincipalType} ${PrincipalId}`;

/** A set that is gone has no assignments. */
const holders = async (writing: WriteContext, address: AssignmentAddress): Promise<ReadonlySet<string>> => {
  const found = new Set<string>();
  await unless(['ResourceNotFoundException'], async () => {
    for (const row of await rowsBeside(writing, address)) found.add(holderText(row));
  });
  return found;
};

const isThere = async (writing: WriteContext, address: AssignmentAddress): Promise<boolean> =>
  (await holders(writing, address)).has(holderText(address));

type AssignmentJob = { readonly wanted: 'there' | 'gone'; readonly work: () => Promise<void> };

/**
 * One list per set and account, shared by all that are written there together, tells what somebody else did already. An
 * assignment has no fields: it is there or it is not, and cannot have become anything that no plan knows.
 */
const inLane = (writing: WriteContext, address: AssignmentAddress, { wanted, work }: AssignmentJob): Promise<void> => {
  const { PermissionSetArn, TargetId } = address;
  const claims = [assigning(PermissionSetArn), accountClaim(TargetId, PermissionSetArn)];
  const read = () => holders(writing, address);
  return writing.batches.join(`${PermissionSetArn} ${TargetId}`, read, (rows) =>
    writing.lanes.run(claims, () =>
      writing.assignmentSlots.run(async () => {
        writing.begin();
        const isNew = writing.madeSets.has(PermissionSetArn);
        const there = !isNew && (await rows()).has(holderText(address));
        if (isNew || there !== (wanted === 'there')) await work();
      }),
    ),
  );
};

/** One that appears after the list is made again and stays one (CreateAccountAssignment). */
export const createAssignment = async (writing: WriteContext, assignment: Assignment): Promise<void> => {
  const { connection, pollers } = writing;
  const address = addressOf(writing, assignment);
  const work = async (): Promise<void> => {
    const begun = await patiently(connection.clock, () => connection.ssoAdmin.createAccountAssignment(address));
    await pollers.creation.settled(begun?.AccountAssignmentCreationStatus);
  };
  await inLane(writing, address, { wanted: 'there', work });
};

/** Deleting what is not there fails with words that AWS does not document: the list says what is true. */
const revoke = async (writing: WriteContext, address: AssignmentAddress): Promise<void> => {
  const { connection, pollers } = writing;
  try {
    const begun = await patiently(connection.clock, () => connection.ssoAdmin.deleteAccountAssignment(address));
    await pollers.deletion.settled(begun?.AccountAssignmentDeletionStatus);
  } catch (thrown) {
    if (!(thrown instanceof FailedOperation) && !isNamed(thrown, 'ResourceNotFoundException')) throw thrown;
    if (await isThere(writing, address)) throw thrown;
  }
};

export const deleteAssignment = async (writing: WriteContext, assignment: Assignment): Promise<void> => {
  const address = addressOf(writing, assignment);
  await inLane(writing, address, { wanted: 'gone', work: () => revoke(writing, address) });
};
