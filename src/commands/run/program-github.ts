/** The commands of the pull-request flow. */
import type { Command } from 'commander';
import { aNumber } from './arguments.ts';
import type { CommandAction } from './program-parts.ts';
import { example, asFlags } from './program-parts.ts';

export const onGitHub = (command: Command): Command =>
  command.option('--repo <owner/name>', 'the repository on GitHub; by default the one whose workflow runs');

const onPullRequest = (command: Command): Command =>
  onGitHub(command)
    .requiredOption('--pr <number>', 'the pull request', aNumber)
    .requiredOption('--base <dir>', 'a checkout of the base, whose settings and access tests are trusted');

const addOnPullRequests = (github: Command, run: CommandAction): void => {
  example(
    onPullRequest(github.command('plan'))
      .description('plan the head in --dir by the settings of the base, and comment on the pull request')
      .option('--out <file>', 'also write the plan as JSON')
      .option('--report <dir>', 'also write the report page of it into this folder, and link the artifacts of the run')
      .option('--whole-read', 'read AWS whole, and take nothing from the record that the drift run of main kept'),
    'github plan --repo acme/aws-access --pr 12 --base base --dir head',
  ).action(run(async () => (await import('../github/plan.ts')).githubPlanCommand, asFlags));
  example(
    onPullRequest(github.command('approve-check')).description(
      'report on the pull request whether it has the approvals that it needs; exit 3 if not',
    ),
    'github approve-check --repo acme/aws-access --pr 12 --base base --dir head',
  ).action(run(async () => (await import('../github/approve-check.ts')).approveCheckCommand, asFlags));
};

export const addGitHub = (program: Command, run: CommandAction): void => {
  const github = program.command('github').description('the pull-request flow; the token is GITHUB_TOKEN or GH_TOKEN');
  addOnPullRequests(github, run);
  example(
    onGitHub(github.command('apply'))
      .description('carry out on AWS what merged pull requests approved; hold the rest by name')
      .option(
        '--fingerprint <fingerprint>',
        'approve by hand the changes with this fingerprint, in the apply workflow started on main',
      )
      .option('--plan <file>', 'the plan that the fingerprint belongs to, from the run that printed it')
      .option('--out <file>', 'write what is held as a plan, so that you can approve it by its fingerprint'),
    'github apply --repo acme/aws-access --out held.json',
  ).action(run(async () => (await import('../github/apply.ts')).githubApplyCommand, asFlags));
  example(
    onGitHub(github.command('drift'))
      .description('report in an issue how AWS differs from main; exit 2 when it does')
      .option('--out <file>', 'also write the plan as JSON, to approve a revert by its fingerprint')
      .option('--report <dir>', 'also write the report page of it into this folder, and link the artifacts of the run')
      .option('--keep-reading <file>', 'also write what AWS answered, so that plans read anew only what moved since')
      .option(
        '--adopt',
        'also open or update one pull request per risk, with the YAML that matches AWS, and one per guard rail whose next stage is due',
      ),
    'github drift --repo acme/aws-access --out plan.json',
    'github drift --repo acme/aws-access --adopt',
  ).action(run(async () => (await import('../github/drift.ts')).githubDriftCommand, asFlags));
};
