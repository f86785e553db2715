/** Accounts that close: AWS keeps them for 90 days in the organization, in their OU and in Identity Center's lists. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { inSecureCart } from '../support/run.ts';
import type { Repository } from '../support/run.ts';

type World = {
  readonly organizations: {
    readonly accounts: Readonly<Record<string, { readonly Name: string; State: string }>>;
  };
};

const close = ({ dir }: Repository, name: string, state: string): void => {
  const path = join(dir, '.gatehouse/sandbox.json');
  const world = JSON.parse(readFileSync(path, 'utf8')) as World;
  const account = Object.values(world.organizations.accounts).find(({ Name }) => Name === name);
  if (account === undefined) throw new Error(`no account ${name}`);
  account.State = state;
  writeFileSync(path, JSON.stringify(world));
};

const edit = ({ dir }: Repository, file: string, change: (text: string) => string): void => {
  const path = join(dir, file);
  const text = readFileSync(path, 'utf8');
  const changed = change(text);
  if (changed === text) throw new Error(`nothing to change in ${file}`);
  writeFileSync(path, changed);
};

const applied = async (repository: Repository): Promise<void> => {
  expect(await repository.run('apply', '--sandbox', '--yes')).toMatchObject({ exit: 0 });
};

describe('a closed account that the files declare', () => {
  it.each([
    ['SecureCart-Dev', 'SUSPENDED'],
    ['SecureCart-LogArchive', 'PENDING_CLOSURE'],
    ['SecureCart-Sandbox', 'CLOSED'],
  ])('%s, %s, is a note that says to take it out, and nothing is held, refused or counted', (name, state) =>
    inSecureCart(async (repository) => {
      await applied(repository);
      close(repository, name, state);
      const { exit, out } = await repository.run('plan', '--sandbox', '--json');
      const plan = JSON.parse(out) as Plan;
      expect({
        exit,
        changes: plan.changes,
        held: plan.held,
        unmanaged: plan.unmanaged.filter(({ key }) => key.split(/[/@:]/).includes(name)),
      }).toEqual({ exit: 0, changes: [], held: [], unmanaged: [] });
      const notes = plan.notes.filter(({ message }) => message.includes(name));
      expect(notes).toMatchObject([
        {
          message: expect.stringMatching(/is closed or closing.*Take it out of/) as string,
          origin: { file: 'access/organization.yaml' },
        },
      ]);
      expect(await repository.run('drift', '--sandbox')).toMatchObject({ exit: 0 });
      expect(await repository.run('apply', '--sandbox', '--yes')).toMatchObject({ exit: 0 });
    }),
  );

  it('keeps no other change from being made', () =>
    inSecureCart(async (repository) => {
      await applied(repository);
      close(repository, 'SecureCart-LogArchive', 'SUSPENDED');
      edit(repository, 'permission-sets/read-only.yaml', (text) =>
        text.replace(/sessionDuration: \w+/, 'sessionDuration: 3h'),
      );
      edit(repository, 'access/roles/security-audit.yaml', (text) =>
        `${text}maxSessionDuration: 2h\n`.replace(/maxSessionDuration: 1h\n/, ''),
      );
      const ran = await repository.run('apply', '--sandbox', '--yes');
      expect({ exit: ran.exit, out: ran.out }).toMatchObject({
        exit: 0,
        out: expect.not.stringMatching(/failed|held/i) as string,
      });
      const plan = JSON.parse((await repository.run('plan', '--sandbox', '--json')).out) as Plan;
      expect(plan.changes).toEqual([]);
    }));
});

const probe = `permissionSet: SecureCart-Probe
description: Lists support cases
sessionDuration: 1h
inlinePolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "support:DescribeCases", Resource: "*" }] }
`;

/** A set in more accounts than are provisioned one by one. */
const withProbe = async (repository: Repository): Promise<void> => {
  writeFileSync(join(repository.dir, 'permission-sets/probe.yaml'), probe);
  edit(repository, 'access/groups/security.yaml', (text) =>
    text.replace(
      'assignments:\n',
      'assignments:\n  - permissionSet: SecureCart-Probe\n    ous: [Security, Infrastructure]\n',
    ),
  );
  await applied(repository);
};

const takeOutLogArchive = (repository: Repository): void => {
  close(repository, 'SecureCart-LogArchive', 'SUSPENDED');
  edit(repository, 'access/organization.yaml', (text) => text.replace(/ +SecureCart-LogArchive.*\n/, ''));
  rmSync(join(repository.dir, 'access/roles/central-logs.yaml'));
  edit(repository, 'access/groups/security.yaml', (text) =>
    text.replace(/ +- role: CentralLogsReader\n(?: {4}.*\n)*/, ''),
  );
  edit(repository, 'access/tests/security-services.yaml', (text) =>
    text.replace(/- test: Security searches the central logs.*\n(?: .*\n)*/, ''),
  );
};

describe('a closed account that was taken out of the files', () => {
  it('keeps no set that it has from being edited', () =>
    inSecureCart(async (repository) => {
      await withProbe(repository);
      takeOutLogArchive(repository);
      edit(repository, 'permission-sets/probe.yaml', (text) => text.replace('DescribeCases', 'DescribeServices'));
      expect(await repository.run('apply', '--sandbox', '--yes')).toMatchObject({ exit: 0 });
      expect(JSON.parse((await repository.run('plan', '--sandbox', '--json')).out)).toMatchObject({
        changes: [],
        held: [],
      });
    }));

  it('holds by name the deletion of a set that it still has', () =>
    inSecureCart(async (repository) => {
      await withProbe(repository);
      takeOutLogArchive(repository);
      rmSync(join(repository.dir, 'permission-sets/probe.yaml'));
      edit(repository, 'access/groups/security.yaml', (text) =>
        text.replace(/ {2}- permissionSet: SecureCart-Probe\n.*\n/, ''),
      );
      const reason = /SecureCart-LogArchive, a closed account, still has it/;
      const held = [{ key: 'permission-set/SecureCart-Probe', reason: expect.stringMatching(reason) as string }];
      expect(JSON.parse((await repository.run('plan', '--sandbox', '--json')).out)).toMatchObject({ held });
      expect((await repository.run('apply', '--sandbox', '--yes')).out).not.toContain('failed');
      expect(JSON.parse((await repository.run('plan', '--sandbox', '--json')).out)).toMatchObject({
        changes: [],
        held,
      });
    }));
});
