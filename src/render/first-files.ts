/** What a repository begins with beside the YAML of its access. Pure text; whoever writes it never overwrites. */

export type FirstFile = { readonly path: string; readonly text: string };

export type Beginning = {
  /** `owner/name` on GitHub. */
  readonly repository: string;
  readonly package: { readonly name: string; readonly version: string };
  /** The action of the tool, as `owner/name/.github/actions/gatehouse@COMMIT # version`. */
  readonly action: string;
};

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
| see every mistake at once | \`npx ${name} validate\` |
| run the access tests | \`npx ${name} test\` |
| see what would change in AWS (reads only) | \`npx ${name} plan\` |
| ask who can do something | \`npx ${name} who-can iam:CreateUser ACCOUNT\` |
| see whether the set-up is whole | \`npx ${name} doctor --repo ${repository}\` |
`;

/** Those of Gatehouse's own repository, which build what they run: here it comes from the action, at the pinned commit. */
const workflowOf = ({ path, text }: FirstFile, { repository, action }: Beginning): FirstFile => ({
  path,
  text: text
    .replaceAll('uses: ./base/.github/actions/gatehouse', `uses: ${action}`)
    .replaceAll(/uses: [\w.-]+\/[\w.-]+(\/\.github\/workflows\/gatehouse\.yml@main)/g, `uses: ${repository}$1`)
    .replaceAll('Check out the base, which runs', 'Check out the base, whose rules hold'),
});

export const firstFiles = (beginning: Beginning, workflows: readonly FirstFile[]): readonly FirstFile[] => [
  { path: '.gitignore', text: ignored },
  { path: '.github/CODEOWNERS', text: codeOwners(beginning.repository) },
  { path: 'package.json', text: manifestOf(beginning) },
  { path: 'README.md', text: readme(beginning) },
  ...workflows.map((workflow) => workflowOf(workflow, beginning)),
];
