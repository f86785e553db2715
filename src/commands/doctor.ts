/** `doctor`: what a real set-up needs of the repository, of GitHub and of AWS, and how it stands. Writes nothing. */
import { controlKinds, policyTypes } from '../model/resource.ts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { AwsFacts } from '../model/set-up.ts';
import { readSetUp } from '../aws/set-up.ts';
import { awsChecks } from '../doctor/aws-checks.ts';
import type { Check } from '../doctor/check.ts';
import { committedBuild } from '../github/committed.ts';
import type { GitHubFacts } from '../doctor/facts.ts';
import { UnreadRepository, readFacts } from '../doctor/facts.ts';
import { githubChecks } from '../doctor/github-checks.ts';
import { repositoryChecks } from '../doctor/repository-checks.ts';
import type { RoleNames } from '../doctor/permissions.ts';
import type { RoleInstallation } from '../doctor/template.ts';
import { cloudFormation, roleDocuments } from '../doctor/template.ts';
import type { TokenOrigin } from '../doctor/trust.ts';
import { issuer, subjectPrefix } from '../doctor/trust.ts';
import { enteringWorkflows, isFullCommit } from '../doctor/workflows.ts';
import type { EnteringWorkflows, WorkflowTexts } from '../doctor/workflows.ts';
import type { Desired, ResourceAddress } from '../model/desired.ts';
import { UserError } from '../model/problem.ts';
import { doctorJson, doctorText } from '../render/doctor.ts';
import type { DoctorView } from '../render/doctor.ts';
import { optionsAgain } from './run/again.ts';
import { connectCommand } from './run/connect.ts';
import type { CommandContext, ExitCode } from './run/context.ts';
import { formatted } from './run/formatted.ts';
import { isGit } from './github/head.ts';
import { gitAt, sayCalls } from './github/site.ts';
import { desiredOrProblems } from './run/repository.ts';

export type DoctorOptions = {
  readonly repo?: string;
  readonly template?: 'cloudformation';
  readonly alsoTrust?: string;
};

const repositoryOf = (context: CommandContext, { repo }: DoctorOptions, desired: Desired): string =>
  repo ?? context.env['GITHUB_REPOSITORY'] ?? desired.settings.owner;

const accountNamed = ({ accounts }: Desired, name: string): string | undefined =>
  Object.entries(accounts).find(([, label]) => label === name)?.[0];

const delegatedOf = (desired: Desired): string | undefined => {
  const name = desired.settings.delegatedAdministrator;
  return name === null ? undefined : accountNamed(desired, name);
};

/** Where the reconciler runs. */
const homeOf = (desired: Desired): string | undefined =>
  delegatedOf(desired) ?? accountNamed(desired, desired.managementAccount);

const defaultNames = { plan: 'gatehouse/GatehousePlan', apply: 'gatehouse/GatehouseApply' };

const resourcesBySide = (desired: Desired, account: string): NonNullable<RoleNames['resources']> => {
  const { resources = [], accounts } = desired;
  const isHome = (one: ResourceAddress): boolean => one.account === accounts[account];
  const arnsOf = (list: readonly ResourceAddress[]): readonly string[] => list.map(({ resource }) => resource);
  return { home: arnsOf(resources.filter(isHome)), members: arnsOf(resources.filter((one) => !isHome(one))) };
};

/** The role that reads the policies of all resources, as `path/name`. */
const readerOf = ({ resourcePolicies }: Desired['settings'], member: string): Pick<RoleNames, 'resourceReader'> => {
  if (resourcePolicies === undefined) return {};
  const { name, path = '/', externalId } = resourcePolicies.role ?? { name: member };
  const role = `${path.slice(1)}${name}`;
  return { resourceReader: { role, ...(externalId === undefined ? {} : { externalId }) } };
};

const namesOf = (desired: Desired): RoleNames | undefined => {
  const { reconciler = defaultNames, memberRole, organization } = desired.settings;
  const account = homeOf(desired);
  if (account === undefined) return undefined;
  const { name, path = '/', externalId } = memberRole ?? { name: 'GatehouseMember', path: '/gatehouse/' };
  const member = `${path.slice(1)}${name}`;
  return {
    ...reconciler,
    ...{ account, organization, member },
    ...(externalId === undefined ? {} : { externalId }),
    ...(desired.resources === undefined ? {} : { resources: resourcesBySide(desired, account) }),
    ...readerOf(desired.settings, member),
  };
};

const ownRolesOf = (desired: Desired, account: string): RoleInstallation['ownRoles'] => {
  const label = desired.accounts[account];
  const kinds = ['role', 'policy', 'oidc-provider'];
  const own = Object.values(desired.state).some(
    (resource) => kinds.includes(resource.kind) && 'account' in resource && resource.account === label,
  );
  return own ? 'own roles' : 'no roles of its own';
};

type ExaminedRepository = {
  readonly desired: Desired;
  readonly repository: string;
  readonly facts: GitHubFacts | Error;
  readonly workflows: WorkflowTexts;
  readonly entering: EnteringWorkflows;
};

const originOf = ({ repository, facts, entering }: ExaminedRepository): TokenOrigin | undefined => {
  if (facts instanceof Error || 'unreadable' in facts.subject) return undefined;
  const { repositoryId, ownerId } = facts;
  return {
    repository,
    repositoryId,
    subjectPrefix: subjectPrefix({ repository, repositoryId, ownerId }, facts.subject.value),
    workflows: entering,
  };
};

const installationOf = (desired: Desired, origin: TokenOrigin | undefined): RoleInstallation | undefined => {
  const names = namesOf(desired);
  if (names === undefined || origin === undefined) return undefined;
  return { origin, names, ownRoles: ownRolesOf(desired, names.account) };
};

/** A server that refuses every call gives one unknown check; the other checks still run. */
const attempt = async <T>(ask: () => Promise<T>): Promise<T | Error> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof TypeError) throw error;
    return error instanceof Error ? error : new Error(String(error));
  }
};

/** A network error: another token would not help. */
const hintFor = (error: Error): string =>
  error instanceof UnreadRepository && error.isUnreached
    ? 'Check the network and its proxy, and GITHUB_API_URL if it is set.'
    : 'Set GITHUB_TOKEN to a token of an administrator of the repository.';

const noAccess = (area: Check['area'], error: Error): readonly Check[] => [
  {
    id: 'access',
    area,
    status: 'unknown',
    message: error.message,
    hint: area === 'AWS' ? 'Sign in to AWS, or set AWS_PROFILE.' : hintFor(error),
  },
];

const lastName = (name: string): string => name.split('/').at(-1) ?? name;

/** Teams may be written with their organization. */
const approversOf = ({ settings }: Desired) => ({
  users: [...new Set(settings.approvals.flatMap(({ users = [] }) => users))],
  teams: [...new Set(settings.approvals.flatMap(({ teams = [] }) => teams))].map(lastName),
});

const awsSetUp = async (context: CommandContext, desired: Desired, names: RoleNames): Promise<AwsFacts> => {
  const connection = await connectCommand(context, desired);
  const { clients, clock } = connection;
  const roles = { plan: lastName(names.plan), apply: lastName(names.apply) };
  const found = await readSetUp({
    clients,
    clock,
    account: names.account,
    roles,
    issuer,
    quotas: desired.settings.quotas,
  });
  await connection.save();
  return found;
};

const policyTypesOf = (desired: Desired): readonly string[] => {
  const kinds = new Set(Object.values(desired.state).map(({ kind }) => kind));
  return controlKinds.filter((kind) => kinds.has(kind)).map((kind) => policyTypes[kind]);
};

type AwsQuestion = Pick<ExaminedRepository, 'desired' | 'repository'> & {
  readonly installation: RoleInstallation | undefined;
};

const awsPart = async (context: CommandContext, { desired, repository, installation }: AwsQuestion) => {
  const names = namesOf(desired);
  if (names === undefined) return [];
  const facts = await attempt(() => awsSetUp(context, desired, names));
  if (facts instanceof Error) return noAccess('AWS', facts);
  return awsChecks(facts, {
    organization: desired.settings.organization,
    region: desired.settings.region,
    delegated: delegatedOf(desired),
    policyTypes: policyTypesOf(desired),
    roles: installation === undefined ? undefined : roleDocuments(installation),
    template: `${context.own.command} doctor${optionsAgain(context)} --repo ${repository} --template cloudformation`,
  });
};

const workflowsOf = async ({ options }: CommandContext): Promise<WorkflowTexts> => {
  const read = (name: string): Promise<string | undefined> =>
    readFile(join(options.dir, '.github/workflows', name), 'utf8').catch(() => undefined);
  const [plan, apply, drift] = await Promise.all([read('plan.yml'), read('apply.yml'), read('drift.yml')]);
  return { plan, apply, drift };
};

const alsoTrusted = ({ alsoTrust }: DoctorOptions): readonly string[] => {
  if (alsoTrust === undefined) return [];
  if (!isFullCommit(alsoTrust))
    throw new UserError('--also-trust is a full commit of Gatehouse: 40 hexadecimal digits');
  return [alsoTrust];
};

/** In the order in which GitHub looks for it. */
const codeownersOf = async ({ options }: CommandContext): Promise<string | undefined> => {
  for (const folder of ['.github', '.', 'docs']) {
    const text = await readFile(join(options.dir, folder, 'CODEOWNERS'), 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  return undefined;
};

const committedIn = async (context: CommandContext): Promise<readonly string[] | undefined> => {
  const { dir } = context.options;
  return (await isGit(context, dir)) ? committedBuild(await gitAt(context, dir).paths()) : undefined;
};

const exitFor = (checks: DoctorView['checks']): ExitCode => {
  if (checks.some(({ status }) => status === 'failure')) return 3;
  return checks.every(({ status }) => status === 'ok') ? 0 : 2;
};

const trustOf = (installation: RoleInstallation | undefined): Readonly<Record<string, object>> => {
  if (installation === undefined) return {};
  const { plan, apply } = roleDocuments(installation);
  const { names } = installation;
  return { [names.plan]: plan.trust, [names.apply]: apply.trust };
};

const viewOf = async (context: CommandContext, examined: ExaminedRepository): Promise<DoctorView> => {
  const { desired, repository, facts, workflows } = examined;
  const origin = originOf(examined);
  const installation = installationOf(desired, origin);
  const wanted = { repository, account: homeOf(desired), region: desired.settings.region, now: context.now };
  const { settings } = desired;
  const checks: readonly Check[] = [
    ...repositoryChecks({
      repository,
      settings,
      workflows,
      codeowners: await codeownersOf(context),
      committed: await committedIn(context),
    }),
    ...(facts instanceof Error ? noAccess('GitHub', facts) : githubChecks(facts, wanted)),
    ...(await awsPart(context, { desired, repository, installation })),
  ];
  return { checks, trust: trustOf(installation) };
};

const examine = async (context: CommandContext, examined: ExaminedRepository): Promise<ExitCode> => {
  const view = await viewOf(context, examined);
  context.out(formatted(context, { json: () => doctorJson(view), text: (style) => doctorText(view, style) }));
  return exitFor(view.checks);
};

const deploying = `# In the account of the reconciler, then as a stack set in every other account:
#   aws cloudformation deploy --stack-name gatehouse --capabilities CAPABILITY_NAMED_IAM --template-file FILE
`;

/** CloudFormation reads YAML 1.1, to which a bare `no` is false and a bare 2012-10-17 a date. */
const asCloudFormationReads = {
  lineWidth: 0,
  aliasDuplicateObjects: false,
  defaultStringType: 'QUOTE_DOUBLE',
  defaultKeyType: 'PLAIN',
} as const;

const writeTemplate = (context: CommandContext, examined: ExaminedRepository): ExitCode => {
  const { desired, facts } = examined;
  if (facts instanceof Error)
    throw new UserError(
      `the roles trust what GitHub's tokens say, which could not be asked. ${facts.message}. ${hintFor(facts)}`,
    );
  const installation = installationOf(desired, originOf(examined));
  if (installation === undefined)
    throw new UserError("the form of the repository's tokens could not be read: the token needs to read Actions");
  context.out(`${deploying}${stringify(cloudFormation(installation), asCloudFormationReads)}`);
  return 0;
};

/** Without a token nobody would be told what rules a repository has; and a network that is not there costs seconds. */
const factsWithToken = async (context: CommandContext, { desired, repository }: BegunRepository) => {
  const { GITHUB_TOKEN: token = context.env['GH_TOKEN'] } = context.env;
  if (!token) return new Error('GitHub was not asked: there is no token in GITHUB_TOKEN or GH_TOKEN');
  return attempt(async () => readFacts(await context.createGitHub(repository), approversOf(desired)));
};

type BegunRepository = Pick<ExaminedRepository, 'desired' | 'repository'>;

/** What is left to do for a repository that was just begun: every check that is not well. */
export const openChecks = async (context: CommandContext, begun: BegunRepository): Promise<DoctorView> => {
  const workflows = await workflowsOf(context);
  const entering = enteringWorkflows(begun.repository, workflows, []);
  const facts = await factsWithToken(context, begun);
  const { checks } = await viewOf(context, { ...begun, facts, workflows, entering });
  return { checks: checks.filter(({ status }) => status !== 'ok'), trust: {} };
};

export const doctorCommand = async (context: CommandContext, options: DoctorOptions): Promise<ExitCode> => {
  const desired = await desiredOrProblems(context);
  if (desired === undefined) return 1;
  const repository = repositoryOf(context, options, desired);
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new UserError(`say which repository on GitHub with --repo OWNER/NAME, not ${repository}`);
  const github = await context.createGitHub(repository);
  const facts = await attempt(() => readFacts(github, approversOf(desired)));
  sayCalls(context, { github });
  const workflows = await workflowsOf(context);
  const entering = enteringWorkflows(repository, workflows, alsoTrusted(options));
  const examined = { desired, repository, facts, workflows, entering };
  return options.template === undefined ? examine(context, examined) : writeTemplate(context, examined);
};
