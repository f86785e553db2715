/** Writes of permission sets: all edits, then one provision. */
import type { AccountId, PermissionSet } from '../model/resource.ts';
import { allTags, editsOf, scalarsOf } from './edit-permission-set.ts';
import type { SetBeforeAndAfter } from './edit-permission-set.ts';
import { confirm as confirmCourse } from './confirm.ts';
import { failureOf } from './failures.ts';
import { closedNow } from './read-tree.ts';
import { idIn } from './ids.ts';
import type { LaneClaim } from './lanes.ts';
import { isArrived, movedError } from './moved.ts';
import type { StateCourse } from './moved.ts';
import { mapBounded } from './pages.ts';
import { withoutTexts } from './permission-set-texts.ts';
import { FailedOperation } from './pollers.ts';
import { listPermissionSets, readScalars, readSetFields } from './read-permission-sets.ts';
import type { ReadSet } from './read-permission-sets.ts';
import { listOutdated, listProvisioned } from './read-provisioning.ts';
import type { SetAddress } from './read-provisioning.ts';
import { createdOrFound, patiently, unless } from './retry.ts';
import type { CreatedResource } from './retry.ts';
import { tagList } from './tags.ts';
import { accountClaim } from './write-assignments.ts';
import type { WriteContext } from './writing.ts';

/** Nobody else touches the set meanwhile, and no assignment is made of it half-edited. */
const editing = (permissionSetArn: string): readonly LaneClaim[] => [
  { lane: `set ${permissionSetArn}`, token: `editing ${permissionSetArn}` },
];

const addressOf = ({ ids }: WriteContext, PermissionSetArn: string): SetAddress => ({
  InstanceArn: ids.instanceArn,
  PermissionSetArn,
});

type SetProvisioning = {
  readonly address: SetAddress;
  readonly target?: AccountId;
  readonly accounts: readonly AccountId[];
};

/** One request, which holds the lanes of every account that it reaches. */
const provisionOnce = (writing: WriteContext, { address, target, accounts }: SetProvisioning): Promise<void> => {
  const { connection, pollers, lanes, provisionSlots } = writing;
  const input =
    target === undefined
      ? { ...address, TargetType: 'ALL_PROVISIONED_ACCOUNTS' as const }
      : { ...address, TargetType: 'AWS_ACCOUNT' as const, TargetId: target };
  const claims = accounts.map((account) => accountClaim(account, address.PermissionSetArn));
  return lanes.run(claims, () =>
    provisionSlots.run(async () => {
      const begun = await patiently(connection.clock, () => connection.ssoAdmin.provisionPermissionSet(input));
      await pollers.provisioning.settled(begun?.PermissionSetProvisioningStatus);
    }),
  );
};

/** Where the last assignment went away meanwhile, or the account is closing by now, there is nothing left to provision. */
const isGone = async (
  { connection, ids }: WriteContext,
  { address, accounts: [account] }: SetProvisioning,
): Promise<boolean> => {
  if (account === undefined || !(await listProvisioned(connection, address)).includes(account)) return true;
  const gone = await closedNow(connection, account);
  if (gone) ids.closed.add(account);
  return gone;
};

/** AWS's reason names an account by its id at best: the person gets its name. */
const inAccount = ({ ids }: WriteContext, account: AccountId, thrown: unknown): Error => {
  const label = [...ids.accounts].find(([, id]) => id === account)?.[0] ?? account;
  const { name, message } = failureOf(thrown);
  return Object.assign(new Error(`in ${label}: ${message}`), { name });
};

/** What failed in one account, or nothing. */
const provisionAlone = async (
  writing: WriteContext,
  address: SetAddress,
  target: AccountId,
): Promise<readonly Error[]> => {
  const one = { address, target, accounts: [target] };
  try {
    await provisionOnce(writing, one);
    return [];
  } catch (thrown) {
    if (thrown instanceof FailedOperation && (await isGone(writing, one))) return [];
    return [inAccount(writing, target, thrown)];
  }
};

const provisionEach = async (
  writing: WriteContext,
  address: SetAddress,
  accounts: readonly AccountId[],
): Promise<void> => {
  const failures = (await mapBounded(accounts, (target) => provisionAlone(writing, address, target))).flat();
  // All have ended by now: nothing is written for a change whose outcome is known.
  const [first, ...others] = failures;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  throw Object.assign(new Error(failures.map(({ message }) => message).join('; ')), { name: first.name });
};

/** Up to as many accounts are provisioned one by one, so that a failure names its account. */
const few = 3;

/** One request for all. Where it fails, those that are still behind are tried by themselves. */
const provisionAll = async (
  writing: WriteContext,
  address: SetAddress,
  accounts: readonly AccountId[],
): Promise<void> => {
  try {
    await provisionOnce(writing, { address, accounts });
  } catch (thrown) {
    if (!(thrown instanceof FailedOperation)) throw thrown;
    const behind = await listOutdated(writing.connection, address);
    await provisionEach(
      writing,
      address,
      behind.filter((account) => !writing.ids.closed.has(account)),
    );
  }
};

/**
 * Gives the set as it is to the accounts that have it; `where` narrows them. A set that no account has is not
 * provisioned: AWS fails that (terraform-provider-aws #33337). A request for all fails where one of them is closed.
 */
const provision = async (writing: WriteContext, address: SetAddress, where: (account: AccountId) => boolean) => {
  const provisioned = await listProvisioned(writing.connection, address);
  const accounts = provisioned.filter((account) => !writing.ids.closed.has(account) && where(account));
  const isEverywhere = accounts.length === provisioned.length;
  return isEverywhere && accounts.length > few
    ? provisionAll(writing, address, accounts)
    : provisionEach(writing, address, accounts);
};

/** `confirm` is asked before any account gets what the edits made of the set. */
type SetUpdate = SetBeforeAndAfter & { readonly address: SetAddress; readonly confirm: () => Promise<void> };

const edit = async (writing: WriteContext, { address, confirm, ...both }: SetUpdate): Promise<void> => {
  const edits = editsOf({ connection: writing.connection, address, ...both });
  for (const { carryOut } of edits) await carryOut();
  if (edits.length > 0) await confirm();
  if (edits.some(({ reachesAccounts }) => reachesAccounts)) return provision(writing, address, () => true);
  const outdated = new Set(both.before.outdatedIn.map((label) => writing.ids.accounts.get(label)));
  if (outdated.size > 0) await provision(writing, address, (account) => outdated.has(account));
};

/** Milliseconds between looks at what was just written: how soon sso-admin shows it is not documented. */
const looks = [500, 1_000, 2_000, 4_000];

/** What somebody else wrote at the same time is found here, and goes no further than the set itself. */
const confirmed = (
  { connection: { clock } }: WriteContext,
  read: () => Promise<PermissionSet | undefined>,
  course: StateCourse,
): Promise<void> => confirmCourse({ clock, read, course, looks });

/** A permission set with an inline policy that cannot be parsed counts as changed by somebody else. */
const understood = (read: ReadSet | undefined): PermissionSet | undefined => {
  if (read !== undefined && read.set === undefined) throw movedError(['inlinePolicy']);
  return read?.set;
};

/** Labels of the accounts that do not have the set as it is: who else edited it may not have provisioned it yet. */
const outdatedNow = async ({ connection, ids }: WriteContext, address: SetAddress): Promise<readonly string[]> => {
  const outdated = await listOutdated(connection, address);
  return [...ids.accounts].filter(([, id]) => outdated.includes(id)).map(([label]) => label);
};

const bare = (set: PermissionSet): PermissionSet => {
  const { inlinePolicy: _inline, permissionsBoundary: _boundary, ...rest } = set;
  return { ...rest, managedPolicies: [], customerManagedPolicies: [] };
};

const findSet = async (writing: WriteContext, name: string): Promise<string | undefined> => {
  const { connection, ids } = writing;
  const arns = await listPermissionSets(connection, ids.instanceArn);
  const described = await mapBounded(arns, async (arn) => {
    const { PermissionSet } = await connection.ssoAdmin.describePermissionSet({ ...addressOf(writing, arn) });
    return { arn, name: PermissionSet?.Name };
  });
  return described.find((set) => set.name === name)?.arn;
};

const createBare = (writing: WriteContext, set: PermissionSet): Promise<CreatedResource> =>
  createdOrFound({
    duplicate: 'ConflictException',
    create: async () => {
      const input = {
        InstanceArn: writing.ids.instanceArn,
        Name: set.name,
        ...scalarsOf(set),
        Tags: tagList(allTags(set)),
      };
      return (await writing.connection.ssoAdmin.createPermissionSet(input)).PermissionSet?.PermissionSetArn;
    },
    find: () => findSet(writing, set.name),
  });

/**
 * What is there of a set of that name that appeared meanwhile. It must be ours, half made or whole: as bare as a create
 * leaves it or with some of what was asked for, and in nobody's account unless it is whole.
 */
const halfMade = async (writing: WriteContext, address: SetAddress, set: PermissionSet): Promise<PermissionSet> => {
  const found = understood(await readSetFields(writing.connection, address)) ?? bare(set);
  if (isArrived(found, { states: [bare(set)], after: set })) return found;
  if ((await listProvisioned(writing.connection, address)).length > 0) throw movedError(['itself']);
  return found;
};

/** One call, because nobody else knows the set yet and AWS has answered for every edit. */
const readNew = async (
  { connection }: WriteContext,
  address: SetAddress,
  set: PermissionSet,
): Promise<PermissionSet> => {
  return { ...withoutTexts(set), ...(await readScalars(connection, address)) };
};

export const createPermissionSet = async (writing: WriteContext, set: PermissionSet): Promise<void> => {
  const { id, fresh } = await createBare(writing, set);
  const address = addressOf(writing, id);
  await writing.lanes.run(editing(id), async () => {
    const before = fresh ? bare(set) : await halfMade(writing, address, set);
    const confirm = () => confirmed(writing, () => readNew(writing, address, set), { states: [before], after: set });
    await edit(writing, { address, before, after: set, confirm });
  });
  writing.ids.permissionSets.set(set.name, id);
  if (fresh) writing.madeSets.add(id);
};

/** Edits the live permission set, so that no edit is repeated. Throws when it holds anything that the plan does not know. */
export const updatePermissionSet = (
  writing: WriteContext,
  before: PermissionSet,
  after: PermissionSet,
): Promise<void> => {
  const arn = idIn(writing.ids.permissionSets, after.name, 'permission set');
  const address = addressOf(writing, arn);
  const course = { states: [before], after };
  const read = async () => understood(await readSetFields(writing.connection, address));
  return writing.lanes.run(editing(arn), async () => {
    writing.begin();
    const live = await read();
    const arrived = isArrived(live, course);
    const outdatedIn = arrived ? await outdatedNow(writing, address) : before.outdatedIn;
    const confirm = () => confirmed(writing, read, course);
    await edit(writing, { address, before: { ...(live ?? before), outdatedIn }, after, confirm });
  });
};

/** AWS refuses with ConflictException while an assignment is left; one that is just going is waited for. */
export const deletePermissionSet = (writing: WriteContext, before: PermissionSet): Promise<void> => {
  const { connection, ids, lanes } = writing;
  const arn = idIn(ids.permissionSets, before.name, 'permission set');
  const address = addressOf(writing, arn);
  return lanes.run(editing(arn), async () => {
    writing.begin();
    const live = understood(await readSetFields(connection, address));
    if (isArrived(live, { states: [before], after: undefined })) return;
    await unless(['ResourceNotFoundException'], () =>
      patiently(connection.clock, () => connection.ssoAdmin.deletePermissionSet({ ...address })),
    );
  });
};
