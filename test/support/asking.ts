/** An organization of two accounts, of which `why` and `who-can` are asked without a command line. */
import { whoOf } from '../../src/questions/who-can.ts';
import { whyOf } from '../../src/questions/why.ts';
import { askerFor } from '../../src/questions/why.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import { createWorld } from '../../src/evaluate/policies-of.ts';
import type { IamGroup, IamUser } from '../../src/model/iam-user.ts';
import type { PolicyDocument, Statement } from '../../src/model/policy.ts';
import type { Resource, Role } from '../../src/model/resource.ts';
import type { Who } from '../../src/model/why.ts';
import type { Why } from '../../src/model/why.ts';
import { account, attachment, deny, desired, document, ou, scp, scpType } from './build.ts';

const granted = { managedPolicies: [], customerManagedPolicies: [], inlinePolicies: {} };

export const inline = (...list: readonly Statement[]) => ({ inlinePolicies: { own: document(...list) } });

export const iamUser = (name: string, parts: Partial<IamUser> = {}): IamUser => ({
  ...granted,
  name,
  account: 'Prod',
  path: '/',
  groups: [],
  ...parts,
});

/** Of administrators. */
export const owners: IamGroup = {
  ...granted,
  name: 'owners',
  managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
};

export const roleWith = (name: string, trust: PolicyDocument, parts: Partial<Role> = {}): Role => ({
  ...granted,
  kind: 'role',
  account: 'Prod',
  name,
  path: '/',
  trust,
  maxSessionDuration: 3600,
  instanceProfile: false,
  tags: {},
  ...parts,
});

/** Prod is 222222222222, Dev 333333333333; nobody deletes a table in Prod. */
const rails: readonly Resource[] = [
  ou('Workloads'),
  account('Prod', '222222222222', 'Workloads'),
  account('Dev', '333333333333'),
  scpType,
  scp('NoTables', document(deny('dynamodb:DeleteTable'))),
  attachment('NoTables', 'ou:Workloads'),
];

/** Without `users` as where AWS was not read. */
export type Given = {
  readonly users?: readonly IamUser[];
  readonly more?: readonly Resource[];
  readonly unread?: string;
  /** Where they act; Prod where nothing is said. */
  readonly at?: string;
};

const askerOf = ({ users, more = [], unread }: Given, action: string) =>
  askerFor(
    createWorld({
      state: desired([...rails, ...more]).state,
      catalogue: loadCatalogue(),
      origins: {},
      region: 'eu-west-1',
      organization: 'o-securecart0',
      managementAccount: 'Management',
      ...(users === undefined ? {} : { iamUsers: users }),
      ...(unread === undefined ? {} : { unreadIam: new Set([unread]) }),
    }),
    action,
    '2026-11-23T12:00:00Z',
  );

type Words = {
  readonly principal: string;
  readonly action: string;
  readonly resource?: string;
  readonly context?: readonly string[];
};

/** What somebody can do in Prod. */
export const why = async (given: Given, words: Words): Promise<Why> => {
  const asker = await askerOf(given, words.action);
  const { at = 'Prod' } = given;
  const found = asker.world.accounts.get(at);
  if (found === undefined) throw new Error(`${at} is there`);
  return whyOf({ options: { context: [], ...words, account: at }, account: found, asker });
};

/** Who can do it in Prod. */
export const who = async (given: Given, words: Omit<Words, 'principal'>): Promise<Who> =>
  whoOf(await askerOf(given, words.action), { context: [], ...words, account: 'Prod' });
