/** `--log json`: one line for each call to AWS, with nothing in it that was asked or answered. */
import { describe, expect, it } from 'vitest';
import { inSecureCart } from '../support/run.ts';

type Line = Readonly<Record<string, unknown>>;
const linesOf = (err: string): readonly Line[] =>
  err
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);

describe('--log json', () => {
  it(
    'tells operation, account, duration and retries of every call, and no secret',
    () =>
      inSecureCart(async ({ run }) => {
        const { err, out } = await run('plan', '--sandbox', '--log', 'json', '--json');
        const lines = linesOf(err);
        const { reads } = JSON.parse(out) as { reads: { calls: Readonly<Record<string, number>> } };
        for (const [operation, count] of Object.entries(reads.calls))
          expect([operation, lines.filter((line) => line['operation'] === operation).length]).toEqual([
            operation,
            count,
          ]);
        const keys = new Set(lines.flatMap((line) => Object.keys(line)));
        expect([...keys].sort().filter((key) => key !== 'error')).toEqual([
          ...['account', 'milliseconds', 'operation', 'retries', 'time'],
        ]);
        expect(lines.filter(({ operation }) => operation === 'iam:ListRoles').map(({ account }) => account)).toContain(
          '222222222222',
        );
        expect(err).not.toMatch(/sandbox"|AKIA|ASIA|SecretAccessKey|sessionToken|arn:aws|SecureCart-/i);
      }),
    300_000,
  );

  it(
    'is silent unless asked for; --verbose sums up',
    () =>
      inSecureCart(async ({ run }) => {
        expect(linesOf((await run('drift', '--sandbox')).err)).toEqual([]);
        expect((await run('drift', '--sandbox', '--verbose')).err).toMatch(/\d+ calls to AWS in \d+\.\d s \(.*iam \d+/);
        expect((await run('validate', '--verbose', '--log', 'json')).err).toBe('');
      }),
    300_000,
  );
});
