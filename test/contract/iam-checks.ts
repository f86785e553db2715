/** What the adapter must be able to do with the IAM of a member account, wherever it runs. */
import type { PolicyDocument } from '../../src/model/policy.ts';
import type { CustomerPolicy, OidcProvider, Resource, Role } from '../../src/model/resource.ts';
import type { Change } from '../../src/model/plan.ts';
import { create, remove, update } from './changes.ts';
import type { Room } from './places.ts';

export type Hand = {
  readonly room: () => Room;
  readonly done: (...changes: readonly Change[]) => Promise<void>;
  readonly shown: (resource: Resource) => Promise<void>;
  readonly gone: (resource: Resource) => Promise<void>;
};

const owner = 'securecart/aws-access';

const allowing = (...Action: string[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
});

const trusting = (Principal: Readonly<Record<string, string>>): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
});

const policyIn = (account: string, document: PolicyDocument): CustomerPolicy => ({
  kind: 'policy',
  account,
  name: 'OrdersReader',
  path: '/gatehouse/',
  document,
  tags: { team: 'shop' },
  owner,
});

const roleIn = (account: string, fields: Partial<Role> = {}): Role => ({
  kind: 'role',
  account,
  name: 'Deployer',
  path: '/gatehouse/',
  description: 'Deploys',
  trust: trusting({ Service: 'ec2.amazonaws.com' }),
  managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
  customerManagedPolicies: [{ name: 'OrdersReader', path: '/gatehouse/' }],
  inlinePolicies: { deploy: allowing('s3:PutObject') },
  permissionsBoundary: { managedPolicy: 'arn:aws:iam::aws:policy/PowerUserAccess' },
  maxSessionDuration: 7200,
  instanceProfile: true,
  tags: { team: 'shop' },
  owner,
  ...fields,
});

const providerIn = (account: string, clientIds: readonly string[]): OidcProvider => ({
  kind: 'oidc-provider',
  account,
  host: 'token.actions.githubusercontent.com',
  clientIds,
  owner,
});

export const iamChecks = ({ room, done, shown, gone }: Hand): Readonly<Record<string, () => Promise<void>>> => ({
  'a role and its policy are created, changed and deleted': async () => {
    const [account] = room().accounts;
    const policy = policyIn(account, allowing('dynamodb:GetItem'));
    const role = roleIn(account);
    await done(create(policy), create(role));
    await shown(policy);
    await shown(role);
    const { permissionsBoundary: _boundary, ...unbounded } = role;
    const changed = {
      ...unbounded,
      description: 'Deploys more',
      trust: trusting({ Service: 'lambda.amazonaws.com' }),
      managedPolicies: ['arn:aws:iam::aws:policy/job-function/ViewOnlyAccess'],
      customerManagedPolicies: [],
      inlinePolicies: { watch: allowing('s3:GetObject') },
      instanceProfile: false,
      tags: { cost: '42' },
    };
    await done(update(role, changed));
    await shown(changed);
    await done(remove(changed), remove(policy));
    await gone(changed);
    await gone(policy);
  },
  'a customer policy keeps at most five versions': async () => {
    const [account] = room().accounts;
    const versions = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((one) => policyIn(account, allowing(`s3:Get${one}`)));
    const [first, last] = [versions[0], versions.at(-1)] as [CustomerPolicy, CustomerPolicy];
    await done(create(first), ...versions.slice(1).map((after, at) => update(versions[at] ?? after, after)));
    await shown(last);
    await done(remove(last));
    await gone(last);
  },
  'an OIDC provider comes and goes': async () => {
    const provider = providerIn(room().accounts[1], ['sts.amazonaws.com']);
    await done(create(provider));
    await shown(provider);
    await done(remove(provider));
    await gone(provider);
  },
  'an OIDC provider gets other audiences': async () => {
    const [provider, other] = [['sts.amazonaws.com'], ['https://github.com/securecart']].map((clientIds) =>
      providerIn(room().accounts[1], clientIds),
    ) as [OidcProvider, OidcProvider];
    await done(create(provider), update(provider, other));
    await shown(other);
    await done(remove(other));
  },
});
