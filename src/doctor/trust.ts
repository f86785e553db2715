/** Which of GitHub's tokens may enter AWS: the two roles' trust policies for one repository. */
import type { EnteringWorkflows } from './workflows.ts';

/** What GitHub says of a repository, as far as its tokens carry it. */
export type TokenOrigin = {
  /** `owner/name`. */
  readonly repository: string;
  readonly repositoryId: number;
  /** What the `sub` of every token begins with, such as `repo:acme/aws-access`; see `subjectPrefix`. */
  readonly subjectPrefix: string;
  readonly workflows: EnteringWorkflows;
};

export type TrustConditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
export type RoleStatement = {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: TrustConditions;
};
export type RoleDocument = { readonly Version: '2012-10-17'; readonly Statement: readonly RoleStatement[] };

export const issuer = 'token.actions.githubusercontent.com';
export const audience = 'sts.amazonaws.com';
export const applyEnvironment = 'aws-apply';

export type SubjectSetting = {
  readonly useDefault: boolean;
  readonly immutable: boolean;
  readonly prefix: string | undefined;
};

type NamedRepository = { readonly repository: string; readonly repositoryId: number; readonly ownerId: number };

/**
 * Repositories created, renamed or moved since 2026-07-15 have the ids of owner and repository in their subjects, so that
 * nobody who takes an abandoned name gets its tokens accepted (GitHub docs, "OpenID Connect reference").
 */
export const subjectPrefix = (
  { repository, repositoryId, ownerId }: NamedRepository,
  setting: SubjectSetting,
): string => {
  if (setting.prefix?.startsWith('repo:')) return setting.prefix.replace(/:$/, '');
  const [owner = '', name = ''] = repository.split('/');
  return setting.immutable ? `repo:${owner}@${ownerId}/${name}@${repositoryId}` : `repo:${repository}`;
};

type WorkflowJob = {
  readonly sid: string;
  readonly subject: string;
  readonly workflows: readonly string[];
  readonly claims: Readonly<Record<string, string>>;
};

const claim = (name: string): string => `${issuer}:${name}`;

/** Exact values only: a pattern may match a token of somebody else. */
const statementOf = (
  { repositoryId, subjectPrefix: prefix }: TokenOrigin,
  providerArn: string,
  job: WorkflowJob,
): RoleStatement => ({
  Sid: job.sid,
  Effect: 'Allow',
  Principal: { Federated: providerArn },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: {
    StringEquals: {
      [claim('aud')]: audience,
      [claim('sub')]: `${prefix}:${job.subject}`,
      [claim('repository_id')]: String(repositoryId),
      [claim('job_workflow_ref')]: job.workflows.length === 1 ? job.workflows[0] : job.workflows,
      ...Object.fromEntries(Object.entries(job.claims).map(([name, value]) => [claim(name), value])),
    },
  },
});

const main = { ref: 'refs/heads/main' };

/**
 * A pull request's job is let in by the reusable workflow as main has it, or at one commit of the tool: the pull request's
 * own could be anything. A pattern of commits would let in a fork's: GitHub finds them under the tool's name as well.
 */
export const planTrust = (origin: TokenOrigin, providerArn: string): RoleDocument => ({
  Version: '2012-10-17',
  Statement: [
    statementOf(origin, providerArn, {
      sid: 'PlanOfAPullRequest',
      subject: 'pull_request',
      workflows: origin.workflows.plan,
      claims: {},
    }),
    statementOf(origin, providerArn, {
      sid: 'DriftOnMain',
      subject: 'ref:refs/heads/main',
      workflows: origin.workflows.drift,
      claims: main,
    }),
  ],
});

/** The subject of a job with an environment names no branch: `ref` has to be asked for beside it. */
export const applyTrust = (origin: TokenOrigin, providerArn: string): RoleDocument => ({
  Version: '2012-10-17',
  Statement: [
    statementOf(origin, providerArn, {
      sid: 'ApplyOnMain',
      subject: `environment:${applyEnvironment}`,
      workflows: origin.workflows.apply,
      claims: { ...main, environment: applyEnvironment },
    }),
  ],
});
