/** What the repository on GitHub has to be. Decides on facts alone. */
import type { Check, CheckVerdict } from './check.ts';
import type { Fact } from '../model/set-up.ts';
import { fine, judgedFact, warn, wrong } from './check.ts';
import type { GitHubFacts, BranchRule } from './facts.ts';
import { applyEnvironment } from './trust.ts';

export type DeclaredRepository = {
  readonly repository: string;
  /** Of the reconciler. */
  readonly account: string | undefined;
  readonly region: string;
  /** ISO 8601. */
  readonly now: string;
};

const requiredChecks = ['gatehouse/plan', 'gatehouse/approvals'];
/** The id of the GitHub Actions app; anybody who may write can set a status that no app is asked for. */
const actionsApp = 15_368;

const defaultBranch = ({ defaultBranch: branch }: GitHubFacts): CheckVerdict =>
  branch === 'main'
    ? fine('main is the default branch')
    : wrong(`the default branch is ${branch}`, 'Name it main: the workflows and the trust of the roles say main.');

const subject = ({ subject: fact }: GitHubFacts): CheckVerdict =>
  judgedFact(fact, ({ useDefault, immutable, claims }) => {
    if (!useDefault)
      return wrong(
        `the subject of tokens is made of ${claims.join(', ') || 'other claims'}`,
        'Put the default back: PUT /repos/OWNER/NAME/actions/oidc/customization/sub with use_default true.',
      );
    return fine(immutable ? 'tokens name owner and repository with their ids' : 'tokens name owner and repository');
  });

const parametersOf = (rules: readonly BranchRule[], type: string): Readonly<Record<string, unknown>> | undefined => {
  const found = rules.filter((rule) => rule.type === type);
  return found.length === 0
    ? undefined
    : (Object.assign({}, ...found.map((rule) => rule.parameters)) as BranchRule['parameters']);
};

const reviewWishes: readonly (readonly [key: string, what: string])[] = [
  ['dismiss_stale_reviews_on_push', 'dismiss approvals when commits are pushed'],
  ['require_last_push_approval', 'ask for approval of the most recent push'],
  ['require_code_owner_review', 'ask for the review of code owners'],
];

const lacksRules = (message: string): CheckVerdict =>
  warn(
    `GitHub's plan has no rules for this repository: ${message}`,
    'Whoever may write can push to main. An apply still asks for the reviews itself and holds what has none.',
  );

/** A plan of GitHub that lacks a feature says so, and no administrator's token would help. */
const judgedRules = <T>(fact: Fact<T>, judge: (value: T) => CheckVerdict): CheckVerdict =>
  'unreadable' in fact && fact.unreadable.includes('Upgrade to')
    ? lacksRules(fact.unreadable)
    : judgedFact(fact, judge);

const pullRequests = ({ rules: fact }: GitHubFacts): CheckVerdict =>
  judgedRules(fact, (rules) => {
    const parameters = parametersOf(rules, 'pull_request');
    const hint = 'Settings, Rules, a ruleset for main: require a pull request.';
    if (parameters === undefined) return wrong('main can be pushed to without a pull request', hint);
    if (Number(parameters['required_approving_review_count'] ?? 0) < 1)
      return wrong('a pull request is merged without any approval', hint);
    const missing = reviewWishes.filter(([key]) => parameters[key] !== true).map(([, what]) => what);
    return missing.length === 0
      ? fine('main takes reviewed pull requests only')
      : warn(`the ruleset of main does not ${missing.join(', nor ')}`, hint);
  });

const checks = ({ rules: fact }: GitHubFacts): CheckVerdict =>
  judgedRules(fact, (rules) => {
    const parameters = parametersOf(rules, 'required_status_checks');
    const required = (parameters?.['required_status_checks'] ?? []) as readonly Readonly<Record<string, unknown>>[];
    const missing = requiredChecks.filter((name) => !required.some(({ context }) => context === name));
    const hint = `Require ${requiredChecks.join(' and ')} in the ruleset of main, from GitHub Actions.`;
    if (missing.length > 0) return wrong(`main does not require ${missing.join(' and ')}`, hint);
    const loose = required.filter(
      ({ context, integration_id: app }) => requiredChecks.includes(String(context)) && app !== actionsApp,
    );
    return loose.length === 0
      ? fine(`main requires ${requiredChecks.join(' and ')} from GitHub Actions`)
      : warn('the required checks are taken from anybody who sets them', hint);
  });

const history = ({ rules: fact }: GitHubFacts): CheckVerdict =>
  judgedRules(fact, (rules) => {
    const missing = ['non_fast_forward', 'deletion'].filter((type) => !rules.some((rule) => rule.type === type));
    return missing.length === 0
      ? fine('the history of main stays')
      : warn(
          `the ruleset of main lacks ${missing.join(' and ')}`,
          'Approvals are computed from the history of main: block force pushes and deletion.',
        );
  });

const bypass = ({ bypass: fact }: GitHubFacts): CheckVerdict =>
  judgedRules(fact, (actors) =>
    actors.length === 0
      ? fine('nobody passes by the rules of main')
      : warn(
          `${actors.join(', ')} may pass by the rules of main`,
          'What they merge without approvals is held by the apply. Keep the list short.',
        ),
  );

const environment = ({ environment: fact }: GitHubFacts): CheckVerdict =>
  judgedFact(fact, (branches) => {
    const hint = `Settings, Environments, ${applyEnvironment}: deployment branches, selected, main.`;
    if (branches === 'absent') return wrong(`there is no environment ${applyEnvironment}`, hint);
    if (branches === 'any') return wrong(`every branch may deploy to ${applyEnvironment}`, hint);
    return branches.length === 1 && branches[0] === 'main'
      ? fine(`only main deploys to ${applyEnvironment}`)
      : warn(`${branches.join(', ')} may deploy to ${applyEnvironment}`, hint);
  });

const codeowners = ({ codeowners: fact }: GitHubFacts): CheckVerdict =>
  judgedFact(fact, (errors) => {
    if (errors === 'absent') return warn('there is no CODEOWNERS', 'See .github/CODEOWNERS of the template.');
    return errors.length === 0
      ? fine('CODEOWNERS names only people and teams who may write')
      : warn(`CODEOWNERS: ${errors.slice(0, 5).join(', ')}`, 'GitHub ignores such lines: nobody is asked.');
  });

const token = ({ token: fact }: GitHubFacts): CheckVerdict =>
  judgedFact(fact, ({ permissions, approves }) => {
    const hint = 'Settings, Actions, General, Workflow permissions.';
    if (permissions !== 'read') return warn('jobs get a token that writes unless they say otherwise', hint);
    return approves === 'may approve'
      ? warn('Actions may approve pull requests; an apply does not count that', hint)
      : fine("a job's token reads, unless the job asks for more");
  });

const variables = ({ variables: fact }: GitHubFacts, { account, region }: DeclaredRepository): CheckVerdict =>
  judgedFact(fact, (values) => {
    const wanted = { ...(account === undefined ? {} : { GATEHOUSE_ACCOUNT: account }), GATEHOUSE_REGION: region };
    const different = Object.entries(wanted).filter(([name, value]) => values[name] !== value);
    return different.length === 0
      ? fine('the workflows know account and Region')
      : wrong(
          different.map(([name]) => `${name} is ${values[name] ?? 'not set'}`).join(', '),
          `Settings, Variables, Actions: ${different.map(([name, value]) => `${name} = ${value}`).join(', ')}.`,
        );
  });

const approvers = ({ approvers: { powerless, unseen } }: GitHubFacts): CheckVerdict =>
  judgedFact(powerless, (users) => {
    if (users.length > 0)
      return wrong(
        `${users.join(', ')} may not write here, so what they approve does not count`,
        'Give them write access, or take them out of `approvals` in access/settings.yaml.',
      );
    return unseen.length === 0
      ? fine('whoever is listed under `approvals` may approve')
      : warn(
          `this token does not see the teams ${unseen.join(', ')}`,
          "A job's own token sees none: give the workflows the token of a GitHub App with Members: read, or list users.",
        );
  });

/** Hours: four times the schedule of drift.yml, which GitHub runs late when it is busy and stops after 60 quiet days. */
const silence = 24;

const heartbeat = ({ drift: fact }: GitHubFacts, { now }: DeclaredRepository): CheckVerdict =>
  judgedFact(fact, (run) => {
    const hint = 'Actions, drift, Run workflow; and look whether its schedule is enabled.';
    if (run === 'never') return warn('drift was never looked for', hint);
    const hours = Math.floor((Date.parse(now) - Date.parse(run.at)) / 3_600_000);
    if (hours > silence) return warn(`drift was looked for ${hours} hours ago`, hint);
    return run.conclusion === 'success'
      ? fine(
          `drift was looked for ${hours === 0 ? 'within the hour' : hours === 1 ? 'an hour ago' : `${hours} hours ago`}`,
        )
      : wrong(`the last look for drift ended in ${run.conclusion}`, 'Read its log: drift is not seen until it runs.');
  });

/** In the order in which somebody sets them up. */
export const githubChecks = (facts: GitHubFacts, wanted: DeclaredRepository): readonly Check[] => {
  const verdicts: Readonly<Record<string, CheckVerdict>> = {
    'default-branch': defaultBranch(facts),
    subject: subject(facts),
    'pull-requests': pullRequests(facts),
    'required-checks': checks(facts),
    history: history(facts),
    bypass: bypass(facts),
    environment: environment(facts),
    codeowners: codeowners(facts),
    'job-token': token(facts),
    variables: variables(facts, wanted),
    approvers: approvers(facts),
    heartbeat: heartbeat(facts, wanted),
  };
  return Object.entries(verdicts).map(([id, verdict]) => ({ id, area: 'GitHub', ...verdict }));
};
