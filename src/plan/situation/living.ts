/**
 * What the files ask for without the accounts that are closing or closed. AWS keeps such an account in the organization, its
 * OU and Identity Center's lists for 90 days, lets nobody enter it and fails every change in it
 * (https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-closing.html).
 */
import type { Live } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import type { Note } from '../../model/plan.ts';
import { accountKey, isGrant, isInAccount, targetText } from '../../model/resource.ts';
import type { Resource } from '../../model/resource.ts';

const accountOf = (resource: Resource): string | undefined => {
  if (resource.kind === 'account') return resource.name;
  if (isGrant(resource) || isInAccount(resource)) return resource.account;
  return resource.kind === 'attachment' && resource.target.type === 'account' ? resource.target.name : undefined;
};

type IsClosed = (name: string) => boolean;

const isInClosed = (resource: Resource, isClosed: IsClosed): boolean => {
  const account = accountOf(resource);
  return account !== undefined && isClosed(account);
};

/** The same object where no declared account is closed. */
export const livingPart = (desired: Desired, { suspended }: Pick<Live, 'suspended'>): Desired => {
  const closed = new Set(suspended);
  const isClosed: IsClosed = (name) => closed.has(name);
  if (!Object.values(desired.accounts).some(isClosed)) return desired;
  const entries = Object.entries(desired.state);
  const gone = new Set(entries.flatMap(([key, resource]) => (isInClosed(resource, isClosed) ? [key] : [])));
  const targets = suspended.map((name) => `@${targetText({ type: 'account', name })}`);
  return {
    ...desired,
    state: Object.fromEntries(entries.filter(([key]) => !gone.has(key))),
    accounts: Object.fromEntries(Object.entries(desired.accounts).filter(([, name]) => !isClosed(name))),
    ...(desired.part === undefined ? {} : { part: desired.part.filter((name) => !isClosed(name)) }),
    absent: desired.absent.filter((key) => !targets.some((target) => key.endsWith(target))),
    ending: desired.ending.filter(({ key }) => !gone.has(key)),
  };
};

/** A declared one says where it stands and what to do; of the others it is said that nothing is done there. */
export const closedNotes = (
  { accounts, origins }: Desired,
  { suspended }: Pick<Live, 'suspended'>,
): readonly Note[] => {
  const declared = new Map(Object.entries(accounts).map(([id, name]) => [name, id]));
  return suspended.map((name) => {
    const id = declared.get(name);
    if (id === undefined) return { message: `Account ${name} is closed or closing: it is left alone.` };
    const origin = origins[accountKey(name)];
    const message = `Account ${name} (${id}) is closed or closing: nothing is planned in it. Take it out of access/organization.yaml.`;
    return { message, ...(origin === undefined ? {} : { origin }) };
  });
};
