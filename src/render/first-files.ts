/** What a repository begins with beside the YAML of its access. Pure text; whoever writes it never overwrites. */

export type FirstFile = { readonly path: string; readonly text: string };

export type Beginning = {
  /** `owner/name` on GitHub. */
  readonly repository: string;
  readonly package: { readonly name: string; readonly version: string };
  readonly tool: PinnedTool;
};

/** Whose workflows run: `owner/name` on GitHub, at a full commit. */
export type PinnedTool = { readonly repository: string; readonly commit: string };

/** For an organization of which nothing is said yet. */
export type Bare = {
  readonly organization: string;
  readonly region: string;
  readonly owner: string;
  readonly management: { readonly name: string; readonly id: string };
};

const modeline = (kind: string): string => `# yaml-language-server: $schema=../.gatehouse/schemas/${kind}.schema.json`;

/** JSON is YAML: whatever stands in a name is quoted. */
const word = (text: string): string => (/^[A-Za-z][\w/-]*$/.test(text) ? text : JSON.stringify(text));

export const bareFiles = ({ organization, region, owner, management }: Bare): readonly FirstFile[] => [
  {
    path: 'access/settings.yaml',
    text: [
      modeline('settings'),
      '# What the reconciler may do, on whose word, and what it must never touch: docs/setup.md of Gatehouse.',
      `organization: ${word(organization)}`,
      `region: ${word(region)} # of Identity Center`,
      `owner: ${word(owner)} # the tag gatehouse:owner of what this repository makes`,
      '',
    ].join('\n'),
  },
  {
    path: 'access/organization.yaml',
    text: [
      modeline('organization'),
      '# The tree, by name. What is not declared is not touched. An account is its id: quote it.',
      `management: { name: ${word(management.name)}, id: "${management.id}" }`,
      'accounts: {}',
      'ous: {}',
      '',
    ].join('\n'),
  },
];

const ignored = ['node_modules/', '.gatehouse/', '/plan.json', ''].join('\n');

const codeOwners = (repository: string): string => {
  const [organization = ''] = repository.split('/');
  return [
    '# Who must agree, by path; the last line that matches a file decides. Name your own teams here. Approvals by risk are',
    '# counted by the reconciler itself (settings.yaml, `approvals`).',
    `*                               @${organization}/security`,
    '',
    '# Who is given what. A line without an owner frees what it names.',
    '/access/groups/*.yaml',
    '/access/users/*.yaml',
    '',
  ].join('\n');
};

const manifestOf = ({ repository, package: { name, version } }: Beginning): string => {
  const manifest = {
    name: repository.split('/')[1]?.toLowerCase() ?? 'aws-access',
    private: true,
    description: 'Who may do what in our AWS, as YAML',
    scripts: { validate: 'gatehouse validate', test: 'gatehouse test', plan: 'gatehouse plan' },
    devDependencies: { [name]: version },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
};

const readme = ({ repository, package: { name } }: Beginning): string => `# ${repository.split('/')[1] ?? repository}

Who may do what in our AWS. The files in \`access/\`, \`permission-sets/\` and \`scps/\` say it, and
[Gatehouse](https://www.npmjs.com/package/${name}) keeps AWS the way they say: nothing else is touched.

To change something: edit a file, \`npx ${name} validate\`, open a pull request. The plan comes as a comment: who gains, who
loses, how risky. What is approved and merged is applied; what AWS has otherwise is reported in the drift issue.

| to | type |
| --- | --- |
| install the version that is pinned here | \`npm ci\` |
| see the mistakes in the files | \`npx ${name} validate\` |
| run the access tests | \`npx ${name} test\` |
| see what would change in AWS (reads only) | \`npx ${name} plan\` |
| ask who can do something | \`npx ${name} who-can iam:CreateUser ACCOUNT\` |
| see whether the set-up is whole | \`npx ${name} doctor --repo ${repository}\` |
`;

/** For a head in the repository itself: GitHub gives a fork neither a token that writes nor a way into AWS. */
const planWorkflow = (uses: string): string => `# What a pull request would do, and who has to approve it.
name: plan
on:
  pull_request: { branches: [main], types: [opened, synchronize, reopened, edited] }
  pull_request_review: { types: [submitted, edited, dismissed] }
permissions: {}
concurrency:
  group: plan-\${{ github.event_name }}-\${{ github.event.pull_request.number }}
  cancel-in-progress: true
jobs:
  plan:
    if: github.event.pull_request.head.repo.full_name == github.repository
    permissions:
      { contents: read, id-token: write, pull-requests: write, checks: write, actions: read, deployments: read }
    uses: ${uses}
`;

const forkWorkflow = (uses: string): string => `# What can be said of a fork's pull request without AWS.
name: fork
on:
  pull_request: { branches: [main] }
permissions: {}
jobs:
  fork:
    if: github.event.pull_request.head.repo.full_name != github.repository
    permissions: { contents: read }
    uses: ${uses}
`;

const applyWorkflow = (
  uses: string,
): string => `# What is merged and approved; hourly for dates that passed; by hand with a fingerprint.
name: apply
on:
  push: { branches: [main] }
  schedule: [{ cron: "41 * * * *" }]
  workflow_dispatch: { inputs: { fingerprint: { type: string }, run: { type: string } } }
permissions: {}
jobs:
  apply:
    if: github.ref == 'refs/heads/main'
    permissions:
      { contents: read, id-token: write, pull-requests: write, statuses: write, deployments: write, actions: read }
    uses: ${uses}
    with: { fingerprint: "\${{ inputs.fingerprint }}", run: "\${{ inputs.run }}" }
`;

/** The permission to push is a bound: the tool's workflow takes it in the job that adopts and in no other. */
const driftWorkflow = (uses: string): string => `# How AWS differs from what was agreed. Never writes to AWS.
name: drift
on:
  schedule: [{ cron: "17 */6 * * *" }]
  workflow_dispatch: { inputs: { adopt: { type: boolean, default: false } } }
permissions: {}
jobs:
  drift:
    if: github.ref == 'refs/heads/main'
    permissions: { contents: write, id-token: write, issues: write, pull-requests: write }
    uses: ${uses}
    with: { adopt: "\${{ inputs.adopt == true }}" }
`;

const dependabot = `# GitHub treats its pull requests as a fork's: close one and open it again to have it planned under your own name.
version: 2
updates:
  - package-ecosystem: github-actions
    directory: /
    schedule: { interval: weekly }
    cooldown: { default-days: 7 }
  - package-ecosystem: npm
    directory: /
    schedule: { interval: weekly }
    cooldown: { default-days: 7 }
`;

const workflows = ({ tool, package: { version } }: Beginning): readonly FirstFile[] => {
  const called = (file: string): string => `${tool.repository}/.github/workflows/${file}@${tool.commit} # v${version}`;
  return [
    { path: '.github/workflows/plan.yml', text: planWorkflow(called('gatehouse.yml')) },
    { path: '.github/workflows/fork.yml', text: forkWorkflow(called('fork.yml')) },
    { path: '.github/workflows/apply.yml', text: applyWorkflow(called('apply.yml')) },
    { path: '.github/workflows/drift.yml', text: driftWorkflow(called('drift.yml')) },
  ];
};

export const firstFiles = (beginning: Beginning): readonly FirstFile[] => [
  { path: '.gitignore', text: ignored },
  { path: '.github/CODEOWNERS', text: codeOwners(beginning.repository) },
  { path: '.github/dependabot.yml', text: dependabot },
  { path: 'package.json', text: manifestOf(beginning) },
  { path: 'README.md', text: readme(beginning) },
  ...workflows(beginning),
];
