/** Writes of permission sets: all edits, then one provision. */
import type { AccountId, PermissionSet } from '../model/resource.ts';
import { allTags, editsOf, scalarsOf } from './edit-permission-set.ts';
import { isNamed } from './failures.ts';
import { idIn } from './ids.ts';
import type { Claim } from './lanes.ts';
import { mapBounded } from './pages.ts';
import { listPermissionSets, listProvisioned, readPermissionSet } from './read-permission-sets.ts';
import type { SetAddress } from './read-permission-sets.ts';
import { createdOrFound, patiently, unless } from './retry.ts';
import type { Created } from './retry.ts';
import { awsTags } from './tags.ts';
import { accountClaim } from './write-assignments.ts';
import type { Writing } from './writing.ts';

/** Nobody else touches the set meanwhile, and no assignment is made of it half-edited. */
const editing = (permissionSetArn: string): readonly Claim[] => [
  { lane: `set ${permissionSetArn}`, token: `editing ${permissionSetArn}` },
];

const addressOf = ({ ids }: Writing, PermissionSetArn: string): SetAddress => ({
  InstanceArn: ids.instanceArn,
  PermissionSetArn,
});

type Provisioning = {
  readonly address: SetAddress;
  readonly target?: AccountId;
  readonly accounts: readonly AccountId[];
};

/** One request, which holds the lanes of every account that it reaches. */
const provisionOnce = (writing: Writing, { address, target, accounts }: Provisioning): Promise<void> => {
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

/** Where the last assignment went away meanwhile there is nothing left to provision. */
const unlessGone = async ({ connection }: Writing, provisioning: Provisioning, work: () => Promise<void>) => {
  try {
    await work();
  } catch (thrown) {
    if (!isNamed(thrown, 'FAILED')) throw thrown;
    const left = await listProvisioned(connection, provisioning.address);
    if (provisioning.accounts.some((account) => left.includes(account))) throw thrown;
  }
};

/** Up to as many accounts are provisioned one by one, so that a failure names its account. */
const few = 3;

const requests = (address: SetAddress, accounts: readonly AccountId[]): readonly Provisioning[] =>
  accounts.length <= few
    ? accounts.map((target) => ({ address, target, accounts: [target] }))
    : [{ address, accounts }];

/**
 * Gives the set as it is to the accounts that have it; `where` narrows them. A set that no account has is not
 * provisioned: AWS fails that (terraform-provider-aws #33337).
 */
const provision = async (writing: Writing, address: SetAddress, where: (account: AccountId) => boolean) => {
  const active = new Set(writing.ids.accounts.values());
  const provisioned = await listProvisioned(writing.connection, address);
  const accounts = provisioned.filter((account) => active.has(account) && where(account));
  const failures = await mapBounded(requests(address, accounts), (one) =>
    unlessGone(writing, one, () => provisionOnce(writing, one)).then(
      () => [],
      (thrown: unknown) => [thrown],
    ),
  );
  // All have ended by now: nothing is written for a change whose outcome is known.
  for (const thrown of failures.flat()) throw thrown;
};

type Both = { readonly before: PermissionSet; readonly after: PermissionSet };

const edit = async (writing: Writing, address: SetAddress, both: Both): Promise<void> => {
  const edits = editsOf({ connection: writing.connection, address, ...both });
  for (const { carryOut } of edits) await carryOut();
  if (edits.some(({ reachesAccounts }) => reachesAccounts)) return provision(writing, address, () => true);
  const outdated = new Set(both.before.outdatedIn.map((label) => writing.ids.accounts.get(label)));
  if (outdated.size > 0) await provision(writing, address, (account) => outdated.has(account));
};

const bare = (set: PermissionSet): PermissionSet => {
  const { inlinePolicy: _inline, permissionsBoundary: _boundary, ...rest } = set;
  return { ...rest, managedPolicies: [], customerManagedPolicies: [] };
};

const noLabels: ReadonlyMap<AccountId, string> = new Map();

const findSet = async (writing: Writing, name: string): Promise<string | undefined> => {
  const { connection, ids } = writing;
  const arns = await listPermissionSets(connection, ids.instanceArn);
  const described = await mapBounded(arns, async (arn) => {
    const { PermissionSet } = await connection.ssoAdmin.describePermissionSet({ ...addressOf(writing, arn) });
    return { arn, name: PermissionSet?.Name };
  });
  return described.find((set) => set.name === name)?.arn;
};

const createBare = (writing: Writing, set: PermissionSet): Promise<Created> =>
  createdOrFound({
    duplicate: 'ConflictException',
    create: async () => {
      const input = {
        InstanceArn: writing.ids.instanceArn,
        Name: set.name,
        ...scalarsOf(set),
        Tags: awsTags(allTags(set)),
      };
      return (await writing.connection.ssoAdmin.createPermissionSet(input)).PermissionSet?.PermissionSetArn;
    },
    find: () => findSet(writing, set.name),
  });

/** One of that name that exists is read and made to be as asked for. */
export const createPermissionSet = async (writing: Writing, set: PermissionSet): Promise<void> => {
  const { id, fresh } = await createBare(writing, set);
  const address = addressOf(writing, id);
  writing.ids.permissionSets.set(set.name, id);
  await writing.lanes.run(editing(id), async () => {
    const found = fresh ? bare(set) : (await readPermissionSet(writing.connection, address, noLabels)).set;
    await edit(writing, address, { before: found ?? bare(set), after: set });
  });
};

export const updatePermissionSet = (writing: Writing, before: PermissionSet, after: PermissionSet): Promise<void> => {
  const arn = idIn(writing.ids.permissionSets, after.name, 'permission set');
  return writing.lanes.run(editing(arn), () => edit(writing, addressOf(writing, arn), { before, after }));
};

/** AWS refuses with ConflictException while an assignment is left; one that is just going is waited for. */
export const deletePermissionSet = ({ connection, ids, lanes }: Writing, { name }: PermissionSet): Promise<void> => {
  const arn = idIn(ids.permissionSets, name, 'permission set');
  const input = { InstanceArn: ids.instanceArn, PermissionSetArn: arn };
  return lanes.run(editing(arn), () =>
    unless(['ResourceNotFoundException'], () =>
      patiently(connection.clock, () => connection.ssoAdmin.deletePermissionSet(input)),
    ),
  );
};
