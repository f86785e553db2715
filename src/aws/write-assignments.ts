/** Writes of assignments: asynchronous, and each waited for to its end. */
import type { Assignment } from '../model/resource.ts';
import { isNamed } from './failures.ts';
import { idIn, principalId } from './ids.ts';
import type { Claim } from './lanes.ts';
import { allPages } from './pages.ts';
import { FailedOperation } from './pollers.ts';
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

const rowsBeside = ({ connection }: Writing, { InstanceArn, PermissionSetArn, TargetId }: Address) =>
  allPages(async (token) => {
    const input = { InstanceArn, PermissionSetArn, AccountId: TargetId, ...token };
    const page = await connection.ssoAdmin.listAccountAssignments(input);
    return { rows: page.AccountAssignments, next: page.NextToken };
  });

type Holder = { readonly PrincipalType?: string | undefined; readonly PrincipalId?: string | undefined };
const holderText = ({ PrincipalType, PrincipalId }: Holder): string => `${PrincipalType} ${PrincipalId}`;

/** A set that is gone has no assignments. */
const holders = async (writing: Writing, address: Address): Promise<ReadonlySet<string>> => {
  const found = new Set<string>();
  await unless(['ResourceNotFoundException'], async () => {
    for (const row of await rowsBeside(writing, address)) found.add(holderText(row));
  });
  return found;
};

const isThere = async (writing: Writing, address: Address): Promise<boolean> =>
  (await holders(writing, address)).has(holderText(address));

type Job = { readonly wanted: 'there' | 'gone'; readonly work: () => Promise<void> };

/**
 * One list per set and account, shared by all that are written there together, tells what somebody else did already. An
 * assignment has no fields: it is there or it is not, and cannot have become anything that no plan knows.
 */
const inLane = (writing: Writing, address: Address, { wanted, work }: Job): Promise<void> => {
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
export const createAssignment = async (writing: Writing, assignment: Assignment): Promise<void> => {
  const { connection, pollers } = writing;
  const address = addressOf(writing, assignment);
  const work = async (): Promise<void> => {
    const begun = await patiently(connection.clock, () => connection.ssoAdmin.createAccountAssignment(address));
    await pollers.creation.settled(begun?.AccountAssignmentCreationStatus);
  };
  await inLane(writing, address, { wanted: 'there', work });
};

/** Deleting what is not there fails with words that AWS does not document: the list says what is true. */
const revoke = async (writing: Writing, address: Address): Promise<void> => {
  const { connection, pollers } = writing;
  try {
    const begun = await patiently(connection.clock, () => connection.ssoAdmin.deleteAccountAssignment(address));
    await pollers.deletion.settled(begun?.AccountAssignmentDeletionStatus);
  } catch (thrown) {
    if (!(thrown instanceof FailedOperation) && !isNamed(thrown, 'ResourceNotFoundException')) throw thrown;
    if (await isThere(writing, address)) throw thrown;
  }
};

export const deleteAssignment = async (writing: Writing, assignment: Assignment): Promise<void> => {
  const address = addressOf(writing, assignment);
  await inLane(writing, address, { wanted: 'gone', work: () => revoke(writing, address) });
};
