import { describe, expect, it } from 'vitest';
import { adoptedFiles } from '../../src/import/adopt/files.ts';
import { resolve } from '../support/understood.ts';
import type { Key, Resource, State } from '../../src/model/resource.ts';
import { keyOf } from '../../src/model/resource.ts';
import { assignment, attachment, group, set } from '../support/build.ts';
import { base, context, repository } from '../desired/repository.ts';

const team = `group: Team # ours
members:
  # the first two
  - ada
  - { user: bob, until: 2027-01-01 } # for a year

assignments:
  - { permissionSet: Read, ous: [Root] }
  # only where nothing breaks
  - permissionSet: Write
    accounts: [Dev]   # not Prod
    reason: 'SEC-1'
`;

type Edit = { readonly without?: readonly Key[]; readonly and?: readonly Resource[] };

const adopt = (keys: readonly Key[], { without = [], and = [] }: Edit, files: Record<string, string> = {}) => {
  const all = repository({ 'access/groups/team.yaml': team, ...files });
  const said: State = resolve(all, context).state;
  const kept = Object.entries(said).filter(([key]) => !without.includes(key));
  const live = Object.fromEntries([...kept, ...and.map((one) => [keyOf(one), one] as const)]);
  const made = adoptedFiles({ files: all, keys, live, now: context.now, fold: 'no-fold' });
  return Object.fromEntries(made.files.map(({ path, text }) => [path, text]));
};
const teamAfter = (keys: readonly Key[], edit: Edit) => adopt(keys, edit)['access/groups/team.yaml'];

describe('adopted attributes for access control', () => {
  const key = 'access-attributes/identity-center';
  const settings = base['access/settings.yaml'];
  const path = 'access/settings.yaml';
  const of = (attributes: Readonly<Record<string, string>>): Resource => ({ kind: 'access-attributes', attributes });
  const declared = `${settings}attributes: # by team
  department: "\${path:enterprise.department}" # from the directory
  team: "\${path:enterprise.division}"
`;
  const edit = (text: string, attributes?: Readonly<Record<string, string>>) =>
    adopt([key], attributes === undefined ? { without: [key] } : { and: [of(attributes)] }, { [path]: text })[path];

  it('are edited where they stand, with their comments', () => {
    const after = { department: '${path:enterprise.department}', team: 'x', cost: '${path:enterprise.costCenter}' };
    const text = declared.replace('"${path:enterprise.division}"', 'x');
    expect(edit(declared, after)).toBe(`${text}  cost: "\${path:enterprise.costCenter}"\n`);
  });

  it('are written where the settings do not speak of them, and go where AWS has none', () => {
    expect(edit(settings, { team: 'x' })).toContain('attributes:\n  team: x\n');
    expect(edit(declared)).toBe(settings);
  });
});

describe('an adopted assignment', () => {
  it('becomes an exception of the rule that gave it', () => {
    const key = 'assignment/group:Team:Read@Play';
    const after = team.replace('ous: [Root] }', 'ous: [Root], except: [Play] }');
    expect(teamAfter([key], { without: [key] })).toBe(after);
  });

  it('goes with its entry when it was the only one, and every other byte stays', () => {
    const key = 'assignment/group:Team:Write@Dev';
    const gone = "  - permissionSet: Write\n    accounts: [Dev]   # not Prod\n    reason: 'SEC-1'\n";
    expect(teamAfter([key], { without: [key] })).toBe(team.replace(gone, ''));
  });

  it('joins the entry that names accounts already', () => {
    const one = assignment('group:Team', 'Write', 'Staging');
    expect(teamAfter([keyOf(one)], { and: [one] })).toBe(team.replace('[Dev]', '[Dev, Staging]'));
  });

  it('brings its undeclared group and set along', () => {
    const parts = [
      group('New', 'just made'),
      set('Admin', { managedPolicies: [] }),
      assignment('group:New', 'Admin', 'Play'),
    ];
    const files = adopt(['assignment/group:New:Admin@Play'], { and: parts });
    expect(Object.keys(files).sort()).toEqual(['access/groups/new.yaml', 'permission-sets/admin.yaml']);
    expect(files['access/groups/new.yaml']).toContain('  - permissionSet: Admin\n    accounts: [Play]\n');
  });
});

describe('an adopted difference', () => {
  it('takes a member out of the list with its date and comment', () => {
    const key = 'membership/Team:bob';
    const line = '  - { user: bob, until: 2027-01-01 } # for a year\n';
    expect(teamAfter([key], { without: [key] })).toBe(team.replace(line, ''));
  });

  it('takes a binding away with its place when nothing is left there, and the file with it', () => {
    const key = keyOf(attachment('Deny', 'root'));
    const files = adopt([key], { without: [key] });
    expect(files).toEqual({ 'scps/bindings.yaml': undefined });
  });

  it('changes one element of a policy document and leaves the others as they are written', () => {
    const policy = `permissionSet: Read
inlinePolicy:
  Version: "2012-10-17"
  Statement:
    - Effect: Allow # reading
      Action: ["s3:GetObject", 's3:ListBucket']
      Resource: "arn:aws:s3:::\${account:Dev}-logs/*"
`;
    const wanted = set('Read', {
      inlinePolicy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['s3:GetObject', 's3:ListBucket', 's3:GetObjectTagging'],
            Resource: 'arn:aws:s3:::033333333333-logs/*',
          },
        ],
      },
    });
    const files = adopt(['permission-set/Read'], { and: [wanted] }, { 'permission-sets/read.yaml': policy });
    expect(files).toEqual({
      'permission-sets/read.yaml': policy.replace("'s3:ListBucket']", "'s3:ListBucket', s3:GetObjectTagging]"),
    });
  });
});

describe('adopt refuses', () => {
  const refusal = (keys: readonly Key[], edit: Edit): string => {
    try {
      adopt(keys, edit);
      return 'adopted';
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };

  it('an orphan, by name', () => {
    const one = {
      ...assignment('group:x', 'Read', 'Play'),
      principal: { type: 'group', name: 'x', orphan: true },
    } as const;
    expect(refusal([keyOf(one)], { and: [one] })).toContain('its group or user is deleted');
  });

  it('a policy type, which follows from the SCPs', () => {
    const key = 'policy-type/SERVICE_CONTROL_POLICY';
    expect(refusal([key], { without: [key] })).toContain('for as long as an SCP or RCP is declared');
  });

  it('what is the same already, and what does not exist', () => {
    expect(refusal(['permission-set/Read'], {})).toContain('Git and AWS say the same');
    expect(refusal(['permission-set/Nope'], {})).toContain('neither in AWS nor in the files');
  });

  it('what belongs to somebody else', () => {
    expect(refusal(['permission-set/Theirs'], { and: [set('Theirs', { owner: 'other/x' })] })).toContain('other/x');
  });
});
