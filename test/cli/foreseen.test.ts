/** What a date will break is said while there is time: by validate, and by test beside what it runs. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gatehouse } from '../support/run.ts';

const now = '2026-11-29T12:00:00Z';

const base = {
  'access/organization.yaml': `management: { name: Main, id: "111111111111" }
accounts: { Prod: "222222222222", Dev: "333333333333" }
`,
  'access/settings.yaml': 'organization: o-exampleorgid\nregion: eu-west-1\nowner: example/aws\n',
  'permission-sets/read.yaml': `permissionSet: Read
inlinePolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::shop/*" }] }
`,
};
const team = (rest: string): string =>
  `group: Team\nmembers: [ada]\nassignments:\n  - { permissionSet: Read, ${rest} }\n`;
const test = (rest: string): string => `- test: It holds\n  ${rest}\n`;
const reads = 'allowed: [{ action: s3:GetObject, resource: "arn:aws:s3:::shop/a" }]';
const inProd = 'in: { accounts: [Prod] }';

type Files = Readonly<Record<string, string>>;

const inFolder = async <T>(files: Files, use: (dir: string) => Promise<T>): Promise<T> => {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-'));
  try {
    for (const [path, text] of Object.entries({ ...base, ...files })) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    return await use(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};

type Told = {
  readonly problems: readonly { readonly rule: string; readonly message: string; readonly line: number }[];
};

/** Rule, line and message of what will fail. */
const foreseen = (files: Files, at = now): Promise<readonly string[]> =>
  inFolder(files, async (dir) => {
    const { out, exit } = await gatehouse(['validate', '--json', '--now', at, '--dir', dir]);
    expect(exit, out).toBe(0);
    const { problems } = JSON.parse(out) as Told;
    return problems.filter(({ rule }) => rule === 'test-will-fail').map(({ line, message }) => `${line} ${message}`);
  });

const given = (rest: string, asked: string): Files => ({
  'access/groups/team.yaml': team(rest),
  'access/tests/it.yaml': test(asked),
});
const endsIn2027 = 'accounts: [Prod], until: 2027-03-31';
const byTeam = `as: { group: Team }\n  ${inProd}\n  ${reads}`;
const ends = 'assignment/group:Team:Read@Prod ends';

describe('an access test that will fail', () => {
  it.each([
    ['a group', byTeam],
    ['a user through a group', `as: { user: ada }\n  ${inProd}\n  ${reads}`],
    ['a permission set', `as: { permissionSet: Read }\n  ${inProd}\n  ${reads}`],
  ])('is told with its line, the day after the last and what ends (%s)', async (_, asked) => {
    expect(await foreseen(given(endsIn2027, asked))).toEqual([`1 "It holds" will fail on 2027-04-01: ${ends}`]);
  });

  it('is told of a member who leaves and of what begins', async () => {
    const leaving = {
      ...given('accounts: [Prod]', `as: { user: ada }\n  ${inProd}\n  ${reads}`),
      'access/groups/team.yaml':
        'group: Team\nmembers: [{ user: ada, until: 2026-12-31 }]\nassignments: [{ permissionSet: Read, accounts: [Prod] }]\n',
    };
    expect(await foreseen(leaving)).toEqual(['1 "It holds" will fail on 2027-01-01: membership/Team:ada ends']);
    const coming = given('accounts: [Prod], from: 2027-02-28', `as: { group: Team }\n  ${inProd}\n  denied: ["s3:*"]`);
    expect(await foreseen(coming)).toEqual([
      '1 "It holds" will fail on 2027-02-28: assignment/group:Team:Read@Prod begins',
    ]);
  });

  it.each([
    ['with a day of its own', given(endsIn2027, `${byTeam}\n  at: 2027-03-31`)],
    ['of what goes on by another entry', given(`${endsIn2027} }\n  - { permissionSet: Read, accounts: [Prod]`, byTeam)],
    ['in another account', given('accounts: [Dev, Prod]', byTeam)],
    [
      'that says what is denied of what ends',
      given(endsIn2027, `as: { group: Team }\n  ${inProd}\n  denied: ["iam:*"]`),
    ],
    ['more than 400 days ahead', given('accounts: [Prod], until: 2028-01-03', byTeam)],
  ])('is not told of one %s', async (_, files) => {
    expect(await foreseen(files)).toEqual([]);
  });

  it('is told on the 400th day before, and of leap days and ends of years', async () => {
    expect(await foreseen(given('accounts: [Prod], until: 2028-01-02', byTeam))).toHaveLength(1);
    const leap = given('accounts: [Prod], until: 2028-02-28', byTeam);
    expect(await foreseen(leap, '2028-02-01T00:00:00Z')).toEqual([`1 "It holds" will fail on 2028-02-29: ${ends}`]);
    const year = given('accounts: [Prod], until: 2026-12-31', byTeam);
    expect(await foreseen(year, '2026-12-31T23:59:59Z')).toEqual([`1 "It holds" will fail on 2027-01-01: ${ends}`]);
    expect(await foreseen(year, '2027-01-01T00:00:00Z')).toEqual([]);
  });

  it('is told by test, too, which still exits 0', async () => {
    await inFolder(given(endsIn2027, byTeam), async (dir) => {
      const ran = await gatehouse(['test', '--now', now, '--dir', dir]);
      expect(ran).toMatchObject({ exit: 0 });
      expect(ran.err).toContain('"It holds" will fail on 2027-04-01');
      expect((await gatehouse(['test', '--now', '2027-04-01T00:00:00Z', '--dir', dir])).exit).toBe(1);
      expect((await gatehouse(['test', '--now', '2027-03-31T23:59:59Z', '--dir', dir])).exit).toBe(0);
    });
  });
});
