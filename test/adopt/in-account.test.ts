import { describe, expect, it } from 'vitest';
import { statements } from '../../src/model/policy.ts';
import type { PolicyDocument, Statement } from '../../src/model/policy.ts';
import type { CustomerPolicy, OidcProvider, PermissionSet, Resource, Role } from '../../src/model/resource.ts';
import { allow, document, oidcProvider, role } from '../support/build.ts';
import { adopt, refusal, stateIn } from './adopting.ts';

const deploy = `# Who deploys.
role: Deploy
path: /gatehouse/
accounts: [Dev, Prod, Staging] # not Play
trust:
  - { account: Management, role: CI } # the pipeline
  - { service: 'ec2.amazonaws.com' }
managedPolicies: [arn:aws:iam::aws:policy/ReadOnlyAccess] # by its ARN
inlinePolicies:
  logs:
    Version: "2012-10-17"
    Statement:
      - { Effect: Allow, Action: 'logs:PutLogEvents', Resource: "arn:aws:logs:*:\${account:Dev}:*" }
maxSessionDuration: 1h
`;
const reader = `policy: Reader
accounts: [Dev]
description: Reads
document:
  Version: "2012-10-17"
  Statement: [{ Effect: Allow, Action: 's3:GetObject', Resource: "*" }]
`;
const at = 'access/roles/deploy.yaml';
const files = { [at]: deploy, 'access/policies/reader.yaml': reader };
const said = stateIn(files);
const as = <R extends Resource>(key: string, fields: Partial<R>): R => ({ ...(said[key] as R), ...fields });
const inDev = as<Role>('role/Dev:Deploy', {});
const keys = ['Dev', 'Prod', 'Staging'].map((name) => `role/${name}:Deploy`);
const everywhere = (fields: Partial<Role>): readonly Role[] => keys.map((key) => as<Role>(key, fields));
const trust = (...more: readonly Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [...statements(inDev.trust), ...more],
});
const lambda = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' } as const;

describe('an adopted role', () => {
  it('that differs everywhere is edited in its file, every other byte stays', () => {
    const longer = everywhere({ maxSessionDuration: 7200 });
    expect(adopt(keys, { and: longer }, files)).toEqual({ [at]: deploy.replace('1h', '2h') });
  });

  it('that differs in one account of many gets a copy of the file, comments included', () => {
    const made = adopt(
      ['role/Prod:Deploy'],
      { and: [as<Role>('role/Prod:Deploy', { maxSessionDuration: 7200 })] },
      files,
    );
    expect(made).toEqual({
      [at]: deploy.replace('[Dev, Prod, Staging]', '[Dev, Staging]'),
      'access/roles/deploy-prod.yaml': deploy.replace('[Dev, Prod, Staging]', '[Prod]').replace('1h', '2h'),
    });
  });

  it('joins the file of another account that says the same already', () => {
    const other = deploy.replace('[Dev, Prod, Staging] # not Play', '[Play]').replace('1h', '2h');
    const both = { ...files, 'access/roles/play.yaml': other };
    const made = adopt(
      ['role/Prod:Deploy'],
      { and: [as<Role>('role/Prod:Deploy', { maxSessionDuration: 7200 })] },
      both,
    );
    expect(made).toEqual({
      [at]: deploy.replace('[Dev, Prod, Staging]', '[Dev, Staging]'),
      'access/roles/play.yaml': other.replace('[Play]', '[Play, Prod]'),
    });
  });

  it('trusts in symbolic words, and entries that say the same keep theirs', () => {
    const and = everywhere({ trust: trust(lambda) });
    const last = "  - { service: 'ec2.amazonaws.com' }\n";
    expect(adopt(keys, { and }, files)).toEqual({
      [at]: deploy.replace(last, `${last}  - service: lambda.amazonaws.com\n`),
    });
  });

  it('loses the one entry of a trust that AWS does not have, and its comment', () => {
    const [, second] = statements(inDev.trust);
    const and = everywhere({ trust: { Version: '2012-10-17', Statement: second === undefined ? [] : [second] } });
    const line = '  - { account: Management, role: CI } # the pipeline\n';
    expect(adopt(keys, { and }, files)).toEqual({ [at]: deploy.replace(line, '') });
  });

  it('keeps the words of an inline policy that is the same, beside a new one', () => {
    const and = everywhere({}).map((one) => ({
      ...one,
      inlinePolicies: { ...one.inlinePolicies, more: document(allow('s3:GetObject')) },
    }));
    const [text = ''] = Object.values(adopt(keys, { and }, files));
    expect(text.startsWith(deploy.slice(0, deploy.indexOf('maxSession')))).toBe(true);
    expect(text).toContain('  more:\n    Version: "2012-10-17"\n');
  });

  it('that is gone in one account is taken out of the list, and with the last account its file goes', () => {
    expect(adopt(['role/Prod:Deploy'], { without: ['role/Prod:Deploy'] }, files)).toEqual({
      [at]: deploy.replace('[Dev, Prod, Staging]', '[Dev, Staging]'),
    });
    expect(adopt(keys, { without: keys }, files)).toEqual({ [at]: undefined });
  });

  it('that nobody declares yet joins the file that says the same, or gets one of its own', () => {
    const same = { ...inDev, account: 'Play' };
    expect(adopt(['role/Play:Deploy'], { and: [same] }, files)).toEqual({
      [at]: deploy.replace('[Dev, Prod, Staging]', '[Dev, Play, Prod, Staging]'),
    });
    const other = role('Build', 'Play', { trust: trust(), tags: { team: 'x' } });
    expect(Object.values(adopt(['role/Play:Build'], { and: [other] }, files)).join()).toContain(
      'role: Build\naccounts: [Play]\ntrust:\n  - { account: Management, role: CI }\n',
    );
  });

  it('has its trust policy as it is where words do not suffice, and keeps it from then on', () => {
    const anybody = { ...lambda, Principal: '*' } as const;
    const open = as<Role>('role/Prod:Deploy', { trust: trust(anybody) });
    const made = adopt(['role/Prod:Deploy'], { and: [open] }, files)['access/roles/deploy-prod.yaml'] ?? '';
    expect(made).toContain('accounts: [Prod] # not Play\ntrustPolicy:\n  Version: "2012-10-17"\n');
    expect(made).toContain('Principal: "*"');
    expect(made).toContain('AWS: "arn:aws:iam::${account:Management}:role/CI"');
    expect(made).not.toContain('trust:\n');
    const raw = { ...files, [at]: made.replace('[Prod]', '[Prod, Staging]') };
    const closed = ['Prod', 'Staging'].map((name) => as<Role>(`role/${name}:Deploy`, { trust: trust() }));
    const edited = adopt(['role/Prod:Deploy', 'role/Staging:Deploy'], { and: closed }, raw)[at] ?? '';
    expect(edited).not.toContain('Principal: "*"');
    expect(edited).toContain('trustPolicy:');
  });

  it('is refused by name when it is the way in', () => {
    const member = role('GatehouseMember', 'Prod');
    expect(refusal(['role/Prod:GatehouseMember'], { and: [member] }, files)).toContain('reconciler');
  });
});

describe('an adopted customer policy', () => {
  const key = 'policy/Dev:/+Reader';
  const other = document(allow('s3:GetObject', 's3:ListBucket'));

  it('changes its document by the element, and tags', () => {
    const and = [as<CustomerPolicy>(key, { document: other })];
    expect(adopt([key], { and }, files)).toEqual({
      'access/policies/reader.yaml': reader.replace("'s3:GetObject'", '[s3:GetObject, s3:ListBucket]'),
    });
  });

  it('is refused when only its description differs, which IAM never changes', () => {
    const and = [as<CustomerPolicy>(key, { description: 'Other words' })];
    expect(refusal([key], { and }, files)).toContain('IAM fixes when a policy is made');
  });

  it('gets its document file copied when one account of many differs', () => {
    const json =
      '{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" }] }\n';
    const beside = {
      'access/policies/r.yaml': 'policy: Reader\nous: [Workloads]\ndocumentFile: r.json\n',
      'access/policies/r.json': json,
    };
    const live = { ...(stateIn(beside)['policy/Prod:/+Reader'] as CustomerPolicy), document: other };
    expect(adopt(['policy/Prod:/+Reader'], { and: [live] }, beside)).toEqual({
      'access/policies/r.yaml': 'policy: Reader\nous: [Workloads]\nexcept: [Prod]\ndocumentFile: r.json\n',
      'access/policies/r-prod.yaml': 'policy: Reader\naccounts: [Prod]\ndocumentFile: r-prod.json\n',
      'access/policies/r-prod.json': json.replace('"s3:GetObject"', '["s3:GetObject","s3:ListBucket"]'),
    });
  });
});

describe('an OIDC provider', () => {
  const hub = `role: CI\naccounts: [Dev]\ntrust:\n  - { github: { repository: a/b, ref: refs/heads/main } }\n  - { service: ec2.amazonaws.com }\n`;
  const withHub = { ...files, 'access/roles/ci.yaml': hub };
  const key = 'oidc-provider/Dev:token.actions.githubusercontent.com';

  it('comes and goes with the roles that trust it', () => {
    const now = stateIn(withHub);
    const live = Object.fromEntries(Object.entries(now).filter(([one]) => one !== key && one !== 'role/Dev:CI'));
    expect(adopt(['role/Dev:CI'], live, withHub)).toEqual({ 'access/roles/ci.yaml': undefined });
    expect(adopt([key], live, withHub)).toEqual({ 'access/roles/ci.yaml': undefined });
    expect(Object.keys(adopt(['role/Dev:CI'], now, files))).toEqual(['access/roles/ci.yaml']);
  });

  it('is refused by name where no role says it', () => {
    const one = oidcProvider('token.example.com', 'Dev', 'sts.amazonaws.com');
    expect(refusal(['oidc-provider/Dev:token.example.com'], { and: [one] }, files)).toContain(
      'where a role trusts GitHub',
    );
    const other: OidcProvider = { ...(stateIn(withHub)[key] as OidcProvider), clientIds: ['other'] };
    expect(refusal([key], { and: [other] }, withHub)).toMatch(/^oidc-provider.* audience/);
  });
});

describe('an adopted name', () => {
  const tree = `management: { name: Management, id: "111111111111" }
ous:
  Work: # everything that runs
    previously: [Workloads, Old]
    ous:
      Production:
        accounts:
          Prod: { id: "222222222222", tags: { env: prod } }
      NonProduction:
        accounts:
          Dev: { id: "033333333333", tags: { env: nonprod } }
          Staging: { id: "444444444444", tags: { env: nonprod } }
  Sandbox:
    accounts:
      Play: "555555555555"
`;
  const scp =
    'scp: Rail\npreviously: [Deny]\npolicy: { Version: "2012-10-17", Statement: [{ Effect: Deny, Action: "organizations:LeaveOrganization", Resource: "*" }] }\n';
  const renamed = {
    'access/organization.yaml': tree,
    'access/groups/team.yaml':
      'group: Team\nassignments:\n  - { permissionSet: Read, ous: [Work/Production], except: [Work] }\n  - { permissionSet: Write, ous: ["Work"] } # all\n',
    'scps/deny.yaml': scp,
    'scps/bindings.yaml': 'ous: { Root: [Rail], Work/Production: [Rail] }\n',
  };
  const old = (text: string): string => text.replaceAll('Work', 'Workloads').replaceAll('Rail', 'Deny');
  const before = stateIn({
    ...renamed,
    'access/organization.yaml': old(tree.replace('    previously: [Workloads, Old]\n', '')),
    'access/groups/team.yaml': old(renamed['access/groups/team.yaml']),
    'scps/deny.yaml': old(scp.replace('previously: [Deny]\n', '')),
    'scps/bindings.yaml': old(renamed['scps/bindings.yaml']),
  });

  it('of an OU goes back with every word that means it', () => {
    expect(adopt(['ou/Work'], before, renamed)).toEqual({
      'access/organization.yaml': tree.replace('Work:', 'Workloads:').replace('Workloads, Old', 'Old'),
      'access/groups/team.yaml': renamed['access/groups/team.yaml']
        .replaceAll('Work', 'Workloads')
        .replace('"Workloads"', 'Workloads'),
      'scps/bindings.yaml': 'ous: { Root: [Rail], Workloads/Production: [Rail] }\n',
    });
  });

  it('of an SCP goes back with its bindings, and a former name that is left goes', () => {
    expect(adopt(['scp/Rail'], before, renamed)).toEqual({
      'scps/deny.yaml': old(scp.replace('previously: [Deny]\n', '')),
      'scps/bindings.yaml': 'ous: { Root: [Deny], Work/Production: [Deny] }\n',
    });
  });

  it('comes with what else differs of the thing', () => {
    const rail = before['scp/Deny'] as Resource;
    const live = { ...before, 'scp/Deny': { ...rail, description: 'Nobody leaves' } as Resource };
    expect(adopt(['scp/Rail'], live, renamed)['scps/deny.yaml']).toContain('scp: Deny\ndescription: Nobody leaves\n');
  });

  it('leaves a permission set alone, which AWS cannot rename', () => {
    expect(refusal(['permission-set/Read'], { and: [said['permission-set/Read'] as PermissionSet] }, files)).toContain(
      'say the same',
    );
  });
});
