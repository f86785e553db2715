/** No command shows an e-mail address as keys have it. */
import { expect, it } from 'vitest';
import { inSecureCart } from '../support/run.ts';

it('shows none in what any command says of SecureCart, whole or in short', { timeout: 180_000 }, () =>
  inSecureCart(async ({ run }) => {
    const told = [
      await run('plan', '--sandbox', '--verbose'),
      await run('plan', '--sandbox', '--format', 'markdown'),
      await run('apply', '--sandbox', '--yes', '--verbose'),
      await run('plan', '--sandbox', '--now', '2027-08-01', '--verbose'),
      await run('drift', '--sandbox', '--now', '2027-08-01', '--verbose'),
      await run('drift', '--sandbox', '--now', '2027-08-01', '--format', 'markdown'),
      await run('apply', '--sandbox', '--now', '2027-08-01', '--yes'),
      await run('expiring', '--within', '400'),
      await run('adopt', 'membership/SecureCart-Ops:nobody%40securecart.example', '--sandbox'),
      await run('audit', '--sandbox'),
      await run('why', 'user:lena@securecart.example', 's3:GetObject', 'SecureCart-Dev'),
      await run('who-can', 'iam:CreateUser', 'SecureCart-Dev', '--live', '--sandbox'),
    ].map(({ out, err }) => `${out}\n${err}`);
    const faults = told.flatMap((text) => text.split('\n').filter((line) => line.includes('%40')));
    expect(faults).toEqual([]);
    expect(told.join('\n')).toContain('membership/SecureCart-Ops:miguel@securecart.example');
  }),
);
