/** IAM users of an account: no file declares them, and every question that is asked of AWS knows them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Who } from '../../src/model/why.ts';
import type { Why } from '../../src/model/why.ts';
import { inSecureCart } from '../support/run.ts';
import type { Ran, Repository } from '../support/run.ts';

const staging = 'SecureCart-Staging';
const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

type Asking = { readonly call: (operation: string, input: object) => Promise<Ran> } & Pick<Repository, 'run' | 'dir'>;

/** dora is administrator by a group, under no boundary; eli likewise, under one; finn has nothing. */
const withUsers = (use: (asking: Asking) => Promise<void>): Promise<void> =>
  inSecureCart(async ({ run, dir }) => {
    const call = async (operation: string, input: object): Promise<Ran> => {
      const ran = await run(
        'sandbox',
        'call',
        'iam',
        operation,
        JSON.stringify(input),
        '--account',
        staging,
        '--sandbox',
      );
      expect([operation, ran.exit, ran.err]).toEqual([operation, 0, '']);
      return ran;
    };
    await call('CreateGroup', { GroupName: 'owners' });
    await call('AttachGroupPolicy', { GroupName: 'owners', PolicyArn: administrator });
    for (const input of [
      { UserName: 'dora' },
      { UserName: 'eli', Path: '/staff/', PermissionsBoundary: readOnly },
      { UserName: 'finn' },
    ])
      await call('CreateUser', input);
    for (const UserName of ['dora', 'eli']) await call('AddUserToGroup', { GroupName: 'owners', UserName });
    await use({ run, dir, call });
  });

it('IAM users are known to who-can, to why, to the report of an import and to an audit', () =>
  withUsers(async ({ run, dir, call }) => {
    const ask = async (...words: readonly string[]) => {
      const { out, exit, err } = await run(...words, staging, '--live', '--sandbox', '--json');
      return { exit, err, answer: (exit === 1 ? {} : JSON.parse(out)) as Why & Who };
    };
    const { can, depends } = (await ask('who-can', 'dynamodb:DeleteTable')).answer;
    const users = [...can, ...depends].filter(({ principal }) => principal.startsWith('user:SecureCart-'));
    expect(users.map(({ principal }) => principal)).toEqual([`user:${staging}:dora`]);
    const eli = await ask('why', 'user:eli', 'dynamodb:DeleteTable');
    expect([eli.exit, eli.answer.chains.map(({ by }) => by)]).toEqual([2, ['boundary']]);
    const unknown = await ask('why', 'user:fin', 's3:GetObject');
    expect([unknown.exit, unknown.err]).toEqual([1, expect.stringContaining('Did you mean finn?')]);

    await call('CreateAccessKey', { UserName: 'dora' });
    await call('CreateAccessKey', { UserName: 'eli' });
    const into = join(dir, 'imported');
    expect((await run('import', '--into', into, '--sandbox')).exit).toBe(0);
    const report = readFileSync(join(into, 'IMPORT.md'), 'utf8');
    const [, administrators = ''] = report.split('## Who is administrator where');
    expect(administrators).toContain(`- \`IAM user dora\` in 1 account: \`${staging}\``);
    expect(report).not.toContain('IAM user eli');
    const audit = await run('audit', '--sandbox', '--json');
    const { findings } = JSON.parse(audit.out) as { findings: { rule: string; subject: string; read: string }[] };
    expect(findings.filter(({ rule }) => rule === 'user-administrator')).toMatchObject([
      { subject: 'user dora', read: 'an active access key; by AdministratorAccess of group owners' },
      { subject: 'user founder' },
    ]);
  }));
