/** Every command: its words, what `--help` says of it, and the module that is loaded only when it is asked for. */
import { Argument, Command, Option } from 'commander';
import type { OutputConfiguration } from 'commander';
import { aPort, aRegion, aShard, collect, isoMoment, listOfWords } from './arguments.ts';
import type { OutputFormat } from './context.ts';
import type { Shell } from '../completion.ts';
import { commandTreeOf } from './command-tree.ts';
import { helpLayout, withHelpPages } from './help-pages.ts';
import type { Own } from './own.ts';
import { addDiff, addGranting } from './program-grants.ts';
import { asFlags, example } from './program-parts.ts';
import type { CommandAction } from './program-parts.ts';
import { addGitHub, onGitHub } from './program-github.ts';

export type { CommandAction } from './program-parts.ts';

export type GlobalFlags = {
  readonly dir: string;
  readonly sandbox?: string;
  readonly json?: true;
  readonly format?: OutputFormat;
  readonly color: boolean;
  readonly verbose?: true;
  readonly log?: 'json';
  readonly now?: string;
};

/** One of several runs at the same time. */
const withPart = (command: Command): Command =>
  command
    .option(
      '--accounts <names>',
      'only the roles, policies and providers of these accounts, by name or id',
      listOfWords,
    )
    .option('--shard <i/n>', 'the same by account id: run i of n, with its share of the rates', aShard);

const addReport = (program: Command, run: CommandAction): void => {
  example(
    program
      .command('report')
      .description(
        'write one page that shows who reaches what, through what and until when; needs AWS only with --live and --plan',
      )
      .option('--out <dir>', 'the folder to write report.html to; .gatehouse/report by default')
      .option('--open', 'open the page in the browser', false)
      .option('--csv', 'also write its tables as CSV; --json prints them', false)
      .option('--live', 'show what AWS has, and how it differs from the files', false)
      .option('--plan [file]', 'show what a plan changes: the plan in this file (plan --out), or one made now'),
    'report --open',
    'report --plan --sandbox --out report',
    'report --csv --out report',
  ).action(run(async () => (await import('../report.ts')).reportCommand, asFlags));
};

const addReading = (program: Command, run: CommandAction): void => {
  example(
    program
      .command('validate')
      .description(
        'read the files and report their problems, and every access test that a date will break; needs no AWS',
      )
      .option('--aws', 'also check every policy with Access Analyzer; needs credentials', false),
    'validate',
    'validate --aws',
  ).action(run(async () => (await import('../validate.ts')).validateCommand, asFlags));
  example(
    withPart(program.command('plan'))
      .description('show what would change in AWS, who gains and who loses; writes nothing')
      .option('--out <file>', 'also write the plan as JSON, for apply --approved')
      .option('--detailed-exitcode', 'exit 2 when there are changes, or when something waits for the directory', false)
      .option('--merge <file...>', 'merge the plans of several runs instead of reading AWS')
      .option('--since-last-read <file>', 'read anew only what moved since --keep-reading wrote this file')
      .option('--keep-reading <file>', 'also write what AWS answered, for other runs with --since-last-read'),
    'plan --sandbox',
    'plan --out plan.json --format markdown',
    'plan --shard 2/5 --out plan-2.json',
    'plan --merge plan-1.json plan-2.json --format markdown',
  ).action(run(async () => (await import('../plan.ts')).planCommand, asFlags));
  example(
    withPart(program.command('drift'))
      .description('show how AWS differs from what was agreed; exit 2 when it does')
      .option('--keep-reading <file>', 'also write what AWS answered, for plan --since-last-read'),
    'drift --sandbox',
  ).action(run(async () => (await import('../drift.ts')).driftCommand, asFlags));
  example(
    program.command('audit').description('report on account security; never writes; exit 2 when something is found'),
    'audit --sandbox',
  ).action(run(async () => (await import('../audit.ts')).auditCommand, asFlags));
};

const addSchema = (program: Command, run: CommandAction): void => {
  example(
    program
      .command('schema')
      .description("write the JSON Schemas for editors, completed with this repository's own names")
      .requiredOption('--out <dir>', 'the folder to write to'),
    'schema --out .gatehouse/schemas',
  ).action(run(async () => (await import('../schema.ts')).schemaCommand, asFlags));
};

const addBeginning = (program: Command, run: CommandAction): void => {
  example(
    program
      .command('init')
      .description('begin a repository for your own organization; what is there already is never overwritten')
      .option('--from-aws', 'with what AWS has, read by the credentials that are there')
      .option('--example', 'with SecureCart, the example company, to try things')
      .option('--empty', 'with an organization of which nothing is said yet')
      .option('--repo <owner/name>', 'the repository on GitHub; by default where origin is')
      .option('--region <region>', 'of Identity Center; by default AWS_REGION', aRegion)
      .option('--organization <id>', 'with --empty: the id, o-…')
      .option('--management <name=id>', 'with --empty: the management account')
      .option('--tool <owner/name@sha>', 'whose workflows run, at which commit; by default those of this version'),
    'init --from-aws --repo acme/aws-access --region eu-west-1',
    'init --example --dir try --repo acme/try',
    'init --empty --repo acme/aws-access --organization o-acme000000 --management Root=111111111111 --region eu-west-1',
  ).action(run(async () => (await import('../init.ts')).initCommand, asFlags));
};

const addShell = (program: Command, run: CommandAction): void => {
  example(
    program
      .command('completion')
      .description('the script by which a shell completes commands, options and names of the repository')
      .addArgument(new Argument('<shell>', 'which one').choices(['bash', 'zsh', 'fish'])),
    'completion bash',
  ).action(
    run(
      async () => (await import('../completion.ts')).completionCommand,
      ([shell], flags) => ({ ...flags, shell: shell as Shell }),
    ),
  );
  program
    .command('complete', { hidden: true })
    .description('what may stand where the last word is; asked by the script of completion')
    .argument('[word...]', 'the line as far as it is typed')
    .action(
      run(
        async () => (await import('../completion.ts')).completeCommand,
        (words, flags) => ({ ...flags, words, tree: commandTreeOf(program) }),
      ),
    );
};

const withImported = (command: Command): Command =>
  command
    .option('--only <what>', 'kinds or keys, separated by commas: group, scp, permission-set/NAME', listOfWords)
    .option('--with-assignments', 'also write who holds the chosen permission sets, and where', false)
    .option(
      '--owner <owner>',
      'the tag gatehouse:owner; by default what the tags in AWS say; required with --only in a new folder',
    )
    .option('--region <region>', 'of Identity Center; by default AWS_REGION', aRegion)
    .addOption(
      new Option(
        '--members <which>',
        "groups whose members to write: sure leaves out what may be the corporate directory's; or all",
      )
        .choices(['sure', 'all'])
        .default('sure'),
    )
    .addOption(
      new Option('--adopt <which>', 'sets and policies from which removing a line takes access away: complete or none')
        .choices(['complete', 'none'])
        .default('complete'),
    );

const addImporting = (program: Command, run: CommandAction): void => {
  example(
    withImported(program.command('import'))
      .description('write live AWS as YAML; the next plan then contains only adoptions')
      .requiredOption('--into <dir>', 'the folder to write to')
      .option('--no-fold', 'write lists of accounts instead of OUs')
      .option('--force', 'also overwrite files that import did not write, or that were edited since', false),
    'import --into ../aws-access',
    'import --into . --only permission-set/ReadOnly --with-assignments',
  ).action(run(async () => (await import('../import.ts')).importCommand, asFlags));
  example(
    program
      .command('adopt')
      .description('edit the YAML so that it matches AWS for these keys')
      .argument('<key...>', 'as plan and drift print them, for example assignment/group:NAME:SET@ACCOUNT')
      .option('--plan <file>', 'take what AWS had from this plan (plan --out) instead of reading it'),
    'adopt permission-set/ReadOnly',
  ).action(
    run(
      async () => (await import('../adopt.ts')).adoptCommand,
      (keys, flags) => ({ ...flags, keys }),
    ),
  );
};

const addWriting = (program: Command, run: CommandAction): void => {
  example(
    withPart(program.command('apply'))
      .description('carry the plan out, with progress and a journal in .gatehouse/')
      .option('--approved <file>', 'make only the changes of this plan (from plan --out); hold the rest by name')
      .option('--detailed-exitcode', 'exit 2 when something waits for the directory', false)
      .option('--yes', 'do not ask for confirmation', false),
    'apply --sandbox --yes',
    'apply --approved plan.json',
    'apply --shard 2/5 --approved merged.json',
  ).action(run(async () => (await import('../apply.ts')).applyCommand, asFlags));
  example(
    program
      .command('demo')
      .description('tell one person’s request on the local AWS: the comment, apply, its end date, drift, revert'),
    'demo',
  ).action(run(async () => (await import('../demo.ts')).demoCommand, asFlags));
};

const addSandbox = (program: Command, run: CommandAction): void => {
  const sandbox = program.command('sandbox').description('the local AWS: serve it, reset it, call it by hand');
  example(
    sandbox
      .command('serve')
      .description('answer other AWS clients on loopback until Ctrl-C')
      .option('--port <n>', 'the port; 0 chooses a free one', aPort, 4599)
      .option('--empty', 'one account without an organization; needs no repository; saved only with --sandbox=DIR'),
    'sandbox serve --port 4599',
    'sandbox serve --empty --port 4599',
  ).action(run(async () => (await import('../sandbox.ts')).serveCommand, asFlags));
  example(sandbox.command('reset').description('reset the local AWS to its initial state'), 'sandbox reset').action(
    run(async () => (await import('../sandbox.ts')).resetCommand, asFlags),
  );
  example(
    sandbox
      .command('call')
      .description('make one API call')
      .argument('<service>', 'organizations, sso-admin, identitystore, iam, sts, cloudtrail or accessanalyzer')
      .argument('<operation>', 'the name in the AWS API, such as ListAccounts')
      .argument('[json]', 'the input', '{}')
      .option(
        '--account <account>',
        'the account, by name or id, as whose administrator to call; by default the management account',
      ),
    `sandbox call organizations ListAccounts '{}'`,
    `sandbox call iam DeleteRole '{"RoleName":"VendorRole"}' --account 222222222222`,
  ).action(
    run(
      async () => (await import('../sandbox.ts')).callCommand,
      ([service = '', operation = '', json = '{}'], flags) => ({ ...flags, service, operation, json }),
    ),
  );
};

const addDoctor = (program: Command, run: CommandAction): void => {
  example(
    onGitHub(
      program
        .command('doctor')
        .description('check what a real set-up needs; exit 3 when something is missing or not safe'),
    )
      .addOption(
        new Option('--template <kind>', 'write the roles that GitHub and the accounts need instead').choices([
          'cloudformation',
        ]),
      )
      .option('--also-trust <commit>', 'a commit of Gatehouse whose workflows may enter AWS besides'),
    'doctor --repo acme/aws-access',
    'doctor --repo acme/aws-access --template cloudformation > roles.yaml',
  ).action(run(async () => (await import('../doctor.ts')).doctorCommand, asFlags));
};

const addEvaluating = (program: Command, run: CommandAction): void => {
  example(
    program
      .command('simulate')
      .description('decide cases on documents that are not deployed: JSON in, JSON out')
      .requiredOption('--case <file>', 'a case or a list of cases; - reads standard input'),
    'simulate --case case.json',
  ).action(run(async () => (await import('../simulate.ts')).simulateCommand, asFlags));
  addAsking(program, run);
};

/** What `why` and `who-can` say about the request. */
const withRequest = (command: Command): Command =>
  command
    .option(
      '--resource <arn>',
      'on this resource, or on all resources that match this pattern; by default on at least one resource',
    )
    .option('--resource-account <account>', 'the account that owns the resource; by default ACCOUNT')
    .option('--context <key=value>', 'the value of a condition key; may be repeated', collect, [])
    .option('--live', 'ask what AWS has instead of what the files ask for', false);

const addAsking = (program: Command, run: CommandAction): void => {
  example(
    program
      .command('test')
      .description('run the access tests on what the files ask for')
      .option('--live', 'run them on what AWS has', false),
    'test',
    'test --live',
  ).action(run(async () => (await import('../test.ts')).testCommand, asFlags));
  const why = program
    .command('why')
    .description('show whether a principal may do something in an account, and which statements decide; exit 2 if not')
    .argument(
      '<principal>',
      'group:NAME or just the name, user:NAME, permission-set:NAME, role:ACCOUNT:NAME, root; with --live also an IAM user as user:ACCOUNT:NAME; from outside "account ID", "organization ID", "service NAME", "provider ARN" (or its issuer), an ARN or anyone',
    )
    .argument('<action>', 'such as s3:GetObject')
    .argument('<account>', 'where the principal acts, by name, in short too, or by id');
  example(withRequest(why), 'why SecureCart-Developers dynamodb:DeleteTable SecureCart-Production').action(
    run(
      async () => (await import('../why.ts')).whyCommand,
      ([principal = '', action = '', account = ''], flags) => ({ ...flags, principal, action, account }),
    ),
  );
  const who = program
    .command('who-can')
    .description('list everybody who can do something in an account, and through what')
    .argument('<action>', 'such as iam:CreateUser')
    .argument('<account>', 'where the action is performed, by name, in short too, or by id');
  example(withRequest(who), 'who-can kms:ScheduleKeyDeletion SecureCart-Production').action(
    run(
      async () => (await import('../who-can.ts')).whoCanCommand,
      ([action = '', account = ''], flags) => ({ ...flags, action, account }),
    ),
  );
};

/** The whole table; `output` stands before the commands, which inherit it. */
export const programOf = (
  run: CommandAction,
  output: OutputConfiguration,
  own: Pick<Own, 'version' | 'command'>,
): Command => {
  const program = new Command(own.command)
    .configureOutput(output)
    .configureHelp(helpLayout)
    .description('A GitOps repository for AWS access, and the reconciler that keeps AWS in line with it.')
    .version(own.version, '-V, --version', 'the version; with --verbose also the dates of the lists from AWS')
    .option('--dir <dir>', 'the repository', '.')
    .option('--sandbox [dir]', 'use the local AWS, its state in .gatehouse/ or in the folder after =')
    .addOption(new Option('--format <format>', 'how results are printed').choices(['text', 'json', 'markdown']))
    .option('--json', 'the same as --format json')
    .option('--no-color', 'plain text; so does NO_COLOR')
    .option('--verbose', 'fold nothing, name everything; also print stacks of errors and a sum of calls to AWS')
    .addOption(new Option('--log <format>', 'print a line on stderr for each call to AWS').choices(['json']))
    .option('--now <moment>', 'use this moment instead of now (ISO 8601)', isoMoment)
    .showHelpAfterError('(add --help for the options)')
    .exitOverride();
  for (const add of [
    addBeginning,
    addReading,
    addSchema,
    addReport,
    addImporting,
    addGranting,
    addDiff,
    addWriting,
    addEvaluating,
    addSandbox,
    addGitHub,
    addDoctor,
    addShell,
  ])
    add(program, run);
  withHelpPages(program);
  for (const command of program.commands) inherit(command);
  return program;
};

/** Global options may stand after the command's name, and errors everywhere end in exit 1. */
const inherit = (command: Command): void => {
  command.exitOverride().showHelpAfterError('(add --help for the options)');
  for (const nested of command.commands) inherit(nested);
};
