/** What the files mean without a change in AWS: names and tags of accounts, places of rules, whose members are managed. */
import { describe, expect, it } from 'vitest';
import { saidTexts } from '../../src/approve/proposal.ts';
import { developers, settings, shop, support } from './shop.ts';
import { needed, proposed } from './trees.ts';
import type { Edit } from './trees.ts';

const organization = shop['access/organization.yaml'] ?? '';
const org = (text: string): Edit => ({ 'access/organization.yaml': text });
const ruled = (when: string): Edit => ({
  'access/settings.yaml': settings.replace(
    /approvals:[\s\S]*/,
    `approvals:\n  - { when: { ${when} }, users: [ada], count: 2 }\n`,
  ),
});
const given = (account: string): Edit => ({
  'access/groups/developers.yaml': developers.replace('[Shop-Dev]', `[${account}]`),
});
const critical = (base: Edit, head: Edit): readonly string[] => saidTexts(proposed(base, head).said).critical;

const swapped = (text: string): string =>
  text.replaceAll('Shop-Dev', '~').replaceAll('Shop-Management', 'Shop-Dev').replaceAll('~', 'Shop-Management');
const swap: Edit = Object.fromEntries(
  ['access/organization.yaml', 'access/groups/break-glass.yaml'].map((path) => [path, swapped(shop[path] ?? '')]),
);
const swapAll = { ...swap, 'access/groups/developers.yaml': developers.replace('[Shop-Dev]', '[Shop-Management]') };

describe('a rule for an account', () => {
  it('means its id: names that are swapped are said, critical, and change no rule', () => {
    const base = ruled('account: Shop-Management');
    expect(critical(base, swapAll)).toEqual([
      expect.stringContaining('account 111111111111 is called Shop-Dev instead of Shop-Management, which was the name'),
      expect.stringContaining('account 333333333333 is called Shop-Management instead of Shop-Dev'),
    ]);
    expect(needed(base, swapAll)).toContain('account Shop-Management × 2');
    expect(needed({}, swapAll)).toContain('risk critical × 2');
  });

  it('holds in the pull request that gives the account another name', () => {
    const base = ruled('account: Shop-Production');
    const head = { ...org(organization.replace('Shop-Production', 'Shop-Live')), ...given('Shop-Live') };
    const rest = {
      'access/settings.yaml': (base['access/settings.yaml'] ?? '').replace(
        'account: Shop-Production',
        'account: Shop-Dev',
      ),
      'access/groups/support.yaml': support.replace('Shop-Production', 'Shop-Live'),
      'access/tests/support.yaml': '[]\n',
    };
    expect(needed(base, { ...head, ...rest })).toContain('account Shop-Production × 2');
  });

  it('is asked for a name alone, as far as that account goes', () => {
    const head = {
      ...org(organization.replace('Shop-Dev', 'Shop-Play')),
      ...given('Shop-Play'),
      'access/settings.yaml': settings,
    };
    const { said } = proposed({ 'access/settings.yaml': settings }, head);
    expect(said).toMatchObject([{ risk: 'medium', accounts: ['333333333333'] }]);
  });
});

describe('a rule for an OU', () => {
  const inWorkloads = ruled('ou: Workloads');

  it('holds where the OU is renamed in the same pull request', () => {
    const renamed = organization.replace('Workloads:\n', 'Products:\n    previously: [Workloads]\n');
    const rest = {
      'access/settings.yaml': (inWorkloads['access/settings.yaml'] ?? '').replace('Workloads', 'Products'),
    };
    expect(needed(inWorkloads, { ...org(renamed), ...given('Shop-Production'), ...rest })).toContain(
      'OU Workloads × 2',
    );
  });

  it('holds for an account that leaves it in the same pull request', () => {
    const [line = ''] = / +Shop-Dev.*\n/.exec(organization) ?? [];
    const moved = organization.replace(line, '').replace('ous:\n', `accounts:\n  ${line.trim()}\nous:\n`);
    expect(needed(inWorkloads, { ...org(moved), ...given('Shop-Dev, Shop-Management') })).toContain('OU Workloads × 2');
  });
});

describe('production', () => {
  const reads = (more: string): Edit => ({
    'permission-sets/support.yaml': (shop['permission-sets/support.yaml'] ?? '').replace(
      'dynamodb:Query',
      `dynamodb:Query${more}`,
    ),
  });
  const untagged = org(
    organization.replace('"222222222222", tags: { env: prod }', '"222222222222", tags: { env: test }'),
  );

  it('is what it was: who takes the tag away in the same pull request is rated by it', () => {
    const risks = (head: Edit) => proposed({}, head).plan.access.map(({ risk }) => risk);
    expect(risks(reads(', dynamodb:Scan, s3:GetObject'))).toEqual(['high']);
    expect(risks({ ...reads(', dynamodb:Scan, s3:GetObject'), ...untagged })).toEqual(['high']);
  });

  it('lost is critical by itself', () => {
    expect(critical({}, untagged)).toEqual([expect.stringContaining('Shop-Production loses the tag env: prod')]);
    expect(needed({}, untagged)).toContain('risk critical × 2');
  });

  it('gained is nothing to agree to', () => {
    expect(needed({}, org(organization.replace('nonprod', 'prod')))).toEqual(['every pull request × 1']);
  });

  it('is rated by what other tags select, too', () => {
    const tagged = {
      'access/groups/developers.yaml': developers.replace(
        'accounts: [Shop-Dev]',
        'ous: [Root]\n    tags: { team: shop }',
      ),
    };
    const base: Edit = { ...tagged, ...org(organization.replace('env: nonprod }', 'env: nonprod, team: shop }')) };
    const more = org((base['access/organization.yaml'] ?? '').replace('env: prod }', 'env: prod, team: shop }'));
    expect(needed(base, more)).toContain('risk high × 1');
  });
});

describe('a group whose members are not managed any more', () => {
  const released = (file: string, how: (text: string) => string | null): Edit => ({ [file]: how(shop[file] ?? '') });
  const glass = 'access/groups/break-glass.yaml';
  const noMembers = (text: string): string => text.replace(/members:.*\n/, '');
  const external = (text: string): string => noMembers(text).replace('source: identity-center', 'source: external');

  it.each([
    ['the key goes', noMembers],
    ['it is called external', external],
  ])('is critical for break-glass where %s', (_how, edit) => {
    expect(critical({}, released(glass, edit))).toEqual([
      expect.stringContaining('group Shop-BreakGlass: its members'),
    ]);
  });

  it.each([
    ['the key goes', noMembers],
    ['it is called external', external],
    ['its file goes', () => null],
  ])('has the risk of what the group is given where %s', (_how, edit) => {
    const admin = {
      'permission-sets/read-only.yaml': 'permissionSet: Shop-ReadOnly\nmanagedPolicies: [AdministratorAccess]\n',
    };
    const head = released('access/groups/developers.yaml', edit);
    const expected = edit(developers) === null ? 'low' : 'critical';
    expect(proposed(admin, head).said).toMatchObject([{ risk: expected }]);
  });

  it('is judged by what the group is to be given later', () => {
    const admin = { 'permission-sets/later.yaml': 'permissionSet: Later\nmanagedPolicies: [AdministratorAccess]\n' };
    const later = `${developers}  - { permissionSet: Later, accounts: [Shop-Dev], from: 2027-01-01 }\n`;
    const base = { ...admin, 'access/groups/developers.yaml': later };
    expect(proposed(base, { 'access/groups/developers.yaml': noMembers(later) }).said).toMatchObject([
      { risk: 'critical' },
    ]);
  });
});
