/** The commands that edit and compare what is given. */
import type { Command } from 'commander';
import { aCountOfDays, aDay } from './arguments.ts';
import { asFlags, example } from './program-parts.ts';
import type { CommandAction } from './program-parts.ts';

/** WHO, WHAT and WHERE, as both `grant` and `revoke` take them. */
const ofGrant = (command: Command): Command =>
  command
    .argument('<who>', 'a group or a user: NAME, group:NAME or user:NAME; in short where one alone fits')
    .argument('<what>', 'a permission set, or a role itself: role:NAME; in short where one alone fits')
    .argument('<where>', 'an account, by name or id, or an OU: ou:PATH; in short where one alone fits');

export const addGranting = (program: Command, run: CommandAction): void => {
  example(
    ofGrant(program.command('grant'))
      .description(
        'edit the YAML so that somebody gets a permission set or a role, and print the pull request that proposes it',
      )
      .option('--until <day>', 'the last valid day, UTC, such as 2027-01-31', aDay)
      .option('--from <day>', 'the first valid day, UTC', aDay)
      .option('--reason <text>', 'why, such as the number of a ticket'),
    'grant SecureCart-Developers SecureCart-ReadOnly SecureCart-Staging --until 2027-01-31 --reason SEC-9',
    'grant SecureCart-Security SecureCart-ReadOnly ou:Workloads/Production --json',
    'grant SecureCart-Ops role:CentralLogsReader SecureCart-LogArchive',
  ).action(
    run(
      async () => (await import('../grant.ts')).grantCommand,
      ([who = '', what = '', where = ''], flags) => ({ ...flags, who, what, where }),
    ),
  );
  example(
    ofGrant(program.command('revoke')).description(
      'edit the YAML so that somebody loses a permission set or a role, and print the pull request that proposes it',
    ),
    'revoke SecureCart-Developers PowerUserAccess SecureCart-Staging',
  ).action(
    run(
      async () => (await import('../grant.ts')).revokeCommand,
      ([who = '', what = '', where = ''], flags) => ({ ...flags, who, what, where }),
    ),
  );
};

const addFmt = (program: Command, run: CommandAction): void => {
  example(
    program
      .command('fmt')
      .description('put the keys and quotes of the files in the order that import writes; comments stay; needs no AWS')
      .option('--check', 'write nothing, show what would change, and exit 2 if anything would', false),
    'fmt',
    'fmt --check',
  ).action(run(async () => (await import('../fmt.ts')).fmtCommand, asFlags));
};

const addExpiring = (program: Command, run: CommandAction): void => {
  example(
    program
      .command('expiring')
      .description('show what begins and what ends soon, by the files; needs no AWS')
      .option('--within <days>', 'how many days to look ahead', aCountOfDays, 90),
    'expiring --within 30',
  ).action(run(async () => (await import('../expiring.ts')).expiringCommand, asFlags));
};

const addReview = (program: Command, run: CommandAction): void => {
  example(
    program
      .command('review')
      .description(
        'write who has what, since which commit, approved by whom and why, with a place to say keep or remove; needs no AWS',
      )
      .option('--out <dir>', 'the folder to write review.csv and review.md to; .gatehouse/review by default')
      .option(
        '--of <what>',
        'only an OU, an account, a permission set, a role, a group or a user; ou:NAME where a name is two things',
      )
      .option(
        '--repo <owner/name>',
        'ask this repository on GitHub who approved; the token is GITHUB_TOKEN or GH_TOKEN',
      )
      .option(
        '--apply <file>',
        'carry out a filled-in review.csv or review.md: a branch without what is to be removed',
      ),
    'review --out review',
    'review --of Workloads/Production --repo acme/aws-access --out review',
    'review --apply review/review.csv',
  ).action(run(async () => (await import('../review.ts')).reviewCommand, asFlags));
};

export const addDiff = (program: Command, run: CommandAction): void => {
  addFmt(program, run);
  addExpiring(program, run);
  addReview(program, run);
  example(
    program
      .command('diff')
      .description(
        'show who gets and who loses what between two plans or two commits; needs no AWS; exit 2 if anybody does',
      )
      .argument('<from>', 'a plan file (plan --out), or a commit, branch or tag')
      .argument('<to>', 'the same, to compare with'),
    'diff main HEAD',
    'diff old.json plan.json --format markdown',
  ).action(
    run(
      async () => (await import('../diff.ts')).diffCommand,
      ([from = '', to = ''], flags) => ({ ...flags, from, to }),
    ),
  );
};
