/** What GitHub answers about a repository's set-up. What the token may not read is said, not guessed. */
import type { GitHubReply, GitHub } from '../model/github.ts';
import type { Fact } from '../model/set-up.ts';
import type { SubjectSetting } from './trust.ts';
import { applyEnvironment } from './trust.ts';
import { fieldsIn, rowsIn, stringIn } from '../model/fields.ts';
import type { UnknownFields } from '../model/fields.ts';

export type BranchRule = {
  readonly type: string;
  readonly ruleset: number;
  readonly parameters: Readonly<Record<string, unknown>>;
};

export type GitHubFacts = {
  readonly repositoryId: number;
  readonly ownerId: number;
  readonly defaultBranch: string;
  readonly visibility: string;
  readonly subject: Fact<SubjectSetting & { readonly claims: readonly string[] }>;
  /** Of main, from every ruleset that is active. */
  readonly rules: Fact<readonly BranchRule[]>;
  /** Who may pass by the rulesets of main, such as `RepositoryRole 5`. */
  readonly bypass: Fact<readonly string[]>;
  /** Branches that may deploy to it; `any` where nothing limits them. */
  readonly environment: Fact<readonly string[] | 'any' | 'absent'>;
  /** GitHub's own complaints about CODEOWNERS; `absent` where there is none. */
  readonly codeowners: Fact<readonly string[] | 'absent'>;
  readonly token: Fact<{ readonly permissions: string; readonly approves: 'may approve' | 'may not approve' }>;
  readonly variables: Fact<Readonly<Record<string, string | undefined>>>;
  readonly approvers: ApproverFacts;
  /** The newest run of the drift workflow that ended. */
  readonly drift: Fact<{ readonly at: string; readonly conclusion: string } | 'never'>;
};

/** Whom settings.yaml lists, and of these who cannot approve: users who may not write, teams that the token cannot see. */
export type ApproverFacts = {
  readonly powerless: Fact<readonly string[]>;
  readonly unseen: readonly string[];
};

export type ListedApprovers = { readonly users: readonly string[]; readonly teams: readonly string[] };

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(stringIn) : []);

const repository = '/repos/{owner}/{repo}';

const factOf = <T>({ status, data, message }: GitHubReply, read: (data: UnknownFields) => T): Fact<T> =>
  status === 200 ? { value: read(fieldsIn(data)) } : { unreadable: message };

const subjectOf = (data: UnknownFields): SubjectSetting & { readonly claims: readonly string[] } => ({
  useDefault: data['use_default'] !== false,
  immutable: data['use_immutable_subject'] === true,
  prefix: typeof data['sub_claim_prefix'] === 'string' ? data['sub_claim_prefix'] : undefined,
  claims: texts(data['include_claim_keys']),
});

const rulesOf = (asked: GitHubReply): Fact<readonly BranchRule[]> =>
  asked.status === 200
    ? {
        value: rowsIn(asked.data).map((rule) => ({
          type: stringIn(rule['type']),
          ruleset: Number(rule['ruleset_id'] ?? 0),
          parameters: fieldsIn(rule['parameters']),
        })),
      }
    : { unreadable: asked.message };

/** Only an administrator sees who may bypass: GitHub leaves the key out for everybody else. */
const bypassOf = async (github: GitHub, rules: Fact<readonly BranchRule[]>): Promise<Fact<readonly string[]>> => {
  if ('unreadable' in rules) return rules;
  const ids = [...new Set(rules.value.map(({ ruleset }) => ruleset))].filter((id) => id > 0);
  const found = await Promise.all(ids.map((id) => github.ask(`${repository}/rulesets/{id}`, { id: String(id) })));
  const refused = found.find(({ status, data }) => status !== 200 || fieldsIn(data)['bypass_actors'] === undefined);
  if (refused !== undefined)
    return {
      unreadable: refused.message || 'GitHub says who may pass by a ruleset only to administrators of the repository',
    };
  return {
    value: found
      .flatMap(({ data }) => rowsIn(fieldsIn(data)['bypass_actors']))
      .map((actor) => `${stringIn(actor['actor_type'])} ${String(Number(actor['actor_id'] ?? 0))}`),
  };
};

const environmentOf = async (github: GitHub): Promise<GitHubFacts['environment']> => {
  const name = { environment_name: applyEnvironment };
  const asked = await github.ask(`${repository}/environments/{environment_name}`, name);
  if (asked.status === 404) return { value: 'absent' };
  if (asked.status !== 200) return { unreadable: asked.message };
  const policy = fieldsIn(fieldsIn(asked.data)['deployment_branch_policy']);
  if (policy['custom_branch_policies'] !== true)
    return { value: policy['protected_branches'] === true ? ['protected branches'] : 'any' };
  const branches = await github.ask(`${repository}/environments/{environment_name}/deployment-branch-policies`, name);
  return factOf(branches, (data) => rowsIn(data['branch_policies']).map((one) => stringIn(one['name'])));
};

const codeownersOf = (asked: GitHubReply): GitHubFacts['codeowners'] =>
  asked.status === 404
    ? { value: 'absent' }
    : factOf(asked, (data) =>
        rowsIn(data['errors']).map(
          (error) => `${stringIn(error['path'])}:${String(Number(error['line']))} ${stringIn(error['kind'])}`,
        ),
      );

const variableNames = ['GATEHOUSE_ACCOUNT', 'GATEHOUSE_REGION'] as const;

const variablesOf = async (github: GitHub): Promise<GitHubFacts['variables']> => {
  const path = `${repository}/actions/variables/{name}`;
  const found = await Promise.all(variableNames.map((name) => github.ask(path, { name })));
  const refused = found.find(({ status }) => status !== 200 && status !== 404);
  if (refused !== undefined) return { unreadable: refused.message };
  const values = found.map(({ data }, index) => [variableNames[index] ?? '', fieldsIn(data)['value']]);
  return { value: Object.fromEntries(values) as Readonly<Record<string, string | undefined>> };
};

const driftOf = (asked: GitHubReply): GitHubFacts['drift'] => {
  if (asked.status === 404) return { value: 'never' };
  return factOf(asked, (data) => {
    const [run] = rowsIn(data['workflow_runs']);
    return run === undefined ? 'never' : { at: stringIn(run['updated_at']), conclusion: stringIn(run['conclusion']) };
  });
};

const permissionOf = async (github: GitHub, username: string) => {
  const asked = await github.ask(`${repository}/collaborators/{username}/permission`, { username });
  const writes = ['admin', 'write'].includes(stringIn(fieldsIn(asked.data)['permission']));
  return { username, writes, refused: asked.status === 200 || asked.status === 404 ? undefined : asked.message };
};

const approversOf = async (github: GitHub, { users, teams }: ListedApprovers): Promise<ApproverFacts> => {
  const [org = ''] = github.repository.split('/');
  const people = await Promise.all(users.map((user) => permissionOf(github, user)));
  const seen = await Promise.all(
    teams.map((team) => github.ask('/orgs/{org}/teams/{team_slug}', { org, team_slug: team })),
  );
  const refused = people.find((one) => one.refused !== undefined)?.refused;
  const powerless = people.filter(({ writes }) => !writes).map(({ username }) => username);
  return {
    powerless: refused === undefined ? { value: powerless } : { unreadable: refused },
    unseen: teams.filter((_team, index) => seen[index]?.status !== 200),
  };
};

const latestDrift = { workflow_id: 'drift.yml', branch: 'main', status: 'completed', per_page: '1' };

/** Why nothing is known of the repository. */
export class UnreadRepository extends Error {
  readonly isUnreached: boolean;
  constructor({ message, isUnreached = false }: Pick<GitHubReply, 'message' | 'isUnreached'>) {
    super(message);
    this.isUnreached = isUnreached;
  }
}

/** Throws when the repository itself cannot be read. */
export const readFacts = async (github: GitHub, listed: ListedApprovers): Promise<GitHubFacts> => {
  const itself = await github.ask(repository);
  if (itself.status !== 200) throw new UnreadRepository(itself);
  const about = fieldsIn(itself.data);
  const [subject, rules, codeowners, token, runs] = await Promise.all([
    github.ask(`${repository}/actions/oidc/customization/sub`),
    github.ask(`${repository}/rules/branches/{branch}`, { branch: 'main' }),
    github.ask(`${repository}/codeowners/errors`),
    github.ask(`${repository}/actions/permissions/workflow`),
    github.ask(`${repository}/actions/workflows/{workflow_id}/runs`, latestDrift),
  ]);
  const ofMain = rulesOf(rules);
  return {
    repositoryId: Number(about['id'] ?? 0),
    ownerId: Number(fieldsIn(about['owner'])['id'] ?? 0),
    defaultBranch: stringIn(about['default_branch']),
    visibility: about['private'] === true ? 'private' : 'public',
    subject: factOf(subject, subjectOf),
    rules: ofMain,
    bypass: await bypassOf(github, ofMain),
    environment: await environmentOf(github),
    codeowners: codeownersOf(codeowners),
    token: factOf(token, (data) => ({
      permissions: stringIn(data['default_workflow_permissions']),
      approves: data['can_approve_pull_request_reviews'] === true ? 'may approve' : 'may not approve',
    })),
    variables: await variablesOf(github),
    approvers: await approversOf(github, listed),
    drift: driftOf(runs),
  };
};
