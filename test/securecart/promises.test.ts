import { describe, expect, it } from 'vitest';
import type { Files } from '../../src/desired/load.ts';
import { load } from '../../src/desired/load.ts';
import { understand } from '../../src/desired/understand.ts';
import { runTests } from '../../src/evaluate/access-test.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { AccessWorld } from '../../src/evaluate/policies-of.ts';
import { createWorld } from '../../src/evaluate/policies-of.ts';
import { NOW, tests } from '../support/securecart.ts';

/** One line of one file, as it is and as somebody might write it; the access tests that say no. */
type Change = {
  readonly promise: number;
  readonly file: string;
  readonly line: string;
  readonly becomes: string;
  readonly red: readonly string[];
};

const changes: readonly Change[] = [
  {
    promise: 1,
    file: 'scps/bindings.yaml',
    line: '    - ProtectSecurityServices',
    becomes: '',
    red: [
      'Nobody stops or deletes a security service in a member account',
      'Break-glass cannot stop them either, whatever the emergency',
    ],
  },
  {
    promise: 2,
    file: 'permission-sets/developer.yaml',
    line: 'managedPolicies: [AWSCodeDeployFullAccess, CloudWatchReadOnlyAccess]',
    becomes: 'managedPolicies: [AmazonDynamoDBFullAccess, CloudWatchReadOnlyAccess]',
    red: [
      'Developers deploy to Production with CodeDeploy',
      'Developers delete no table and change no security setting in Production',
    ],
  },
  {
    promise: 3,
    file: 'access/policies/devops-boundary.yaml',
    line: '      Resource: "arn:aws:iam::*:role/workload/*"',
    becomes: '      Resource: "*"',
    red: ['DevOps cannot change IAM in Production'],
  },
  {
    promise: 3,
    file: 'permission-sets/devops.yaml',
    line: 'managedPolicies: [AdministratorAccess]',
    becomes: 'managedPolicies: [ReadOnlyAccess]',
    red: ['DevOps changes infrastructure in Production'],
  },
  {
    promise: 4,
    file: 'permission-sets/support.yaml',
    line: '      Resource: "arn:aws:dynamodb:*:*:table/orders*"',
    becomes: '      Resource: "*"',
    red: [
      'Support reads orders in Production and can do nothing else there',
      'Support neither reads customers nor changes orders',
    ],
  },
  {
    promise: 5,
    file: 'access/groups/finance.yaml',
    line: '    accounts: [SecureCart-Management]',
    becomes: '    accounts: [SecureCart-Production]',
    red: ['Finance reads and manages billing in Management', 'Finance has nothing in member accounts'],
  },
  {
    promise: 6,
    file: 'permission-sets/security.yaml',
    line: 'managedPolicies: [SecurityAudit, IAMReadOnlyAccess]',
    becomes: 'managedPolicies: [PowerUserAccess, IAMReadOnlyAccess]',
    red: ['Security changes no workload, reads no data and changes no IAM'],
  },
  {
    promise: 7,
    file: 'access/roles/deployment.yaml',
    line: '  - { account: SecureCart-DevOps, role: gatehouse/CIRole }',
    becomes: '  - { account: SecureCart-DevOps }',
    red: ['Nobody else of any account becomes DeploymentRole in Production'],
  },
  {
    promise: 7,
    file: 'access/roles/deployment.yaml',
    line: '  - { github: { repository: securecart/shop, ref: refs/heads/main } }',
    becomes: '  - { github: { repository: securecart/shop, environment: production } }',
    red: [
      'securecart/shop on main becomes CIRole, and DeploymentRole in Production',
      'No other branch, tag, pull request, environment, repository, audience or issuer does',
    ],
  },
  {
    promise: 8,
    file: 'access/roles/payments-function.yaml',
    line: '  - { service: lambda.amazonaws.com }',
    becomes: '  - { service: ec2.amazonaws.com }',
    red: ['EC2 becomes ProductImagesRole, and no other service does', 'Lambda becomes PaymentsFunctionRole'],
  },
  {
    promise: 8,
    file: 'access/roles/product-images.yaml',
    line: '        Resource: "arn:aws:s3:::securecart-product-images/*"',
    becomes: '        Resource: "*"',
    red: ['EC2 reads product images and nothing else', 'Neither can do what the other does'],
  },
  {
    promise: 9,
    file: 'scps/deny-iam-users.yaml',
    line: '        - iam:CreateUser',
    becomes: '        - iam:DeleteUser',
    red: ['Nobody but break-glass creates an IAM user, a password or an access key'],
  },
  {
    promise: 10,
    file: 'scps/deny-iam-changes.yaml',
    line: '          iam:PermissionsBoundary: "arn:aws:iam::*:policy/gatehouse/SecureCart-DeveloperBoundary"',
    becomes: '          iam:PermissionsBoundary: "arn:aws:iam::*:policy/*"',
    red: ['A developer cannot create a role with any other boundary, nor add policies to one'],
  },
  {
    promise: 10,
    file: 'access/roles/developer-dev.yaml',
    line: 'permissionsBoundary: { customerManagedPolicy: { name: SecureCart-DeveloperBoundary, path: /gatehouse/ } }',
    becomes: '',
    red: [
      'DeveloperRole deploys within the boundary',
      'DeveloperRole passes roles of teams and workloads, and no others, in Dev',
    ],
  },
  {
    promise: 10,
    file: 'access/roles/developer-staging.yaml',
    line: 'permissionsBoundary: { customerManagedPolicy: { name: SecureCart-DeveloperBoundary, path: /gatehouse/ } }',
    becomes: '',
    red: ['DeveloperRole passes roles of teams and workloads, and no others, in Staging'],
  },
  {
    promise: 11,
    file: 'access/roles/vendor.yaml',
    line: '  - { accountId: "101010101010", externalId: securecart-imaging-7f3a }',
    becomes: '  - { accountId: "101010101010" }',
    red: ['The vendor does not without it, and nobody else does at all'],
  },
  {
    promise: 11,
    file: 'access/roles/vendor.yaml',
    line: 'until: 2027-03-31',
    becomes: '',
    red: ["The vendor's role is gone the day after"],
  },
  {
    promise: 11,
    file: 'access/groups/vendors.yaml',
    line: '    until: 2027-03-31',
    becomes: '',
    red: ['A vendor has nothing at all the day after'],
  },
  {
    promise: 12,
    file: 'scps/allowed-regions.yaml',
    line: '          aws:RequestedRegion: [eu-west-1, eu-central-1]',
    becomes: '          aws:RequestedRegion: [eu-west-1, eu-central-1, us-west-2]',
    red: ['Nobody but break-glass creates anything regional outside the allowed Regions'],
  },
  {
    promise: 13,
    file: 'scps/bindings.yaml',
    line: '    - SandboxIsolation',
    becomes: '',
    red: ['Nobody of the Sandbox but break-glass reaches a resource of Production'],
  },
  {
    promise: 14,
    file: 'permission-sets/break-glass.yaml',
    line: 'managedPolicies: [AdministratorAccess]',
    becomes: 'managedPolicies: [PowerUserAccess]',
    red: ['Break-glass can repair every account'],
  },
];

const files = await load('.');
const catalogue = loadCatalogue();

/** The first line that reads so, comments at its end aside. */
const changed = ({ file, line, becomes }: Change): Files => {
  const edited = files.files.map((one) => {
    if (one.path !== file) return one;
    const lines = one.text.split('\n');
    const at = lines.findIndex((text) => text.split(' #')[0] === line);
    if (at < 0) throw new Error(`${file} has no line ${line}`);
    return { ...one, text: lines.map((text, index) => (index === at ? becomes : text)).join('\n') };
  });
  return { ...files, files: edited };
};

const worldOn = (from: Files, day: string | undefined): AccessWorld => {
  const now = day === undefined ? NOW : `${day}T00:00:00.000Z`;
  const { desired, problems } = understand({ ...from }, { catalogue, now });
  if (desired === undefined) throw new Error(problems.map(({ message }) => message).join('\n'));
  const { state, origins, settings, managementAccount } = desired;
  const { region, organization } = settings;
  return createWorld({ state, catalogue, origins, region, organization, managementAccount });
};

describe('a promise is broken by one line, and the access tests say so', () => {
  it('each of the fourteen', () => {
    expect([...new Set(changes.map(({ promise }) => promise))]).toEqual(Array.from({ length: 14 }, (_, at) => at + 1));
  });
  it.each(changes)('$promise: $file, $line', async (change) => {
    const asked = tests.filter(({ name }) => change.red.includes(name));
    expect(asked.map(({ name }) => name).sort()).toEqual([...change.red].sort());
    const results = await runTests(asked, { now: NOW, worldAt: (day) => worldOn(changed(change), day) });
    expect(results.filter(({ ok }) => ok).map(({ name }) => name)).toEqual([]);
  });
});
