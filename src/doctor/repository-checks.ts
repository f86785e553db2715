/** What the files of the repository have to say before anything can run. */
import type { Check, CheckVerdict } from './check.ts';
import { fine, warn, wrong } from './check.ts';
import { ownersIn, ownsEverything, tooFree } from './codeowners.ts';
import { calledWorkflow, isFullCommit } from './workflows.ts';
import type { CalledWorkflow, WorkflowTexts } from './workflows.ts';

export type RepositoryFacts = {
  readonly repository: string;
  readonly settings: {
    readonly breakGlass?: unknown;
    readonly reconciler?: unknown;
    readonly memberRole?: unknown;
    readonly approvals: readonly unknown[];
  };
  readonly workflows: WorkflowTexts;
  readonly codeowners: string | undefined;
  /** What git tracks though only tools make it; unknown of a folder that is no checkout. */
  readonly committed: readonly string[] | undefined;
};

const settings = ({ settings: has }: RepositoryFacts): CheckVerdict => {
  const missing = (['breakGlass', 'reconciler', 'memberRole'] as const).filter((key) => has[key] === undefined);
  return missing.length === 0
    ? fine('settings.yaml names break-glass, the reconciler and the way into member accounts')
    : warn(
        `access/settings.yaml does not name ${missing.join(', ')}`,
        'What is not named is not protected: no guard knows that it must survive.',
      );
};

const approvals = ({ settings: has }: RepositoryFacts): CheckVerdict =>
  has.approvals.length > 0
    ? fine('settings.yaml says who approves what')
    : warn('access/settings.yaml has no approvals', 'Any one writer then approves anything, critical changes too.');

const isOwnOnMain = (repository: string, called: CalledWorkflow): boolean =>
  called.repository.toLowerCase() === repository.toLowerCase() && called.ref === 'main';

const nameOf = ({ repository, ref }: CalledWorkflow): string => `${repository}@${ref}`;

/** What is planned and what is applied is judged by one version, at a commit that nobody can move. */
const ofTheTool = (workflows: WorkflowTexts, plan: CalledWorkflow): CheckVerdict => {
  if (!isFullCommit(plan.ref))
    return wrong(
      `plan.yml calls the workflow of ${plan.repository} at ${plan.ref}, which can be moved`,
      'Pin it by the full commit of a release, with the version as a comment beside it.',
    );
  const others = (['apply', 'drift'] as const).filter((kind) => {
    const called = calledWorkflow(workflows[kind], kind);
    return called === undefined || nameOf(called) !== nameOf(plan);
  });
  return others.length === 0
    ? fine(`plan, apply and drift run the workflows of ${plan.repository} at one commit`)
    : wrong(
        `${others.map((kind) => `${kind}.yml`).join(' and ')} ${others.length === 1 ? 'does' : 'do'} not run the commit that plan.yml runs`,
        `Call ${nameOf(plan)} in all of them.`,
      );
};

const workflow = ({ repository, workflows }: RepositoryFacts): CheckVerdict => {
  if (workflows.plan === undefined)
    return warn('there is no .github/workflows/plan.yml', 'The command init writes the four workflows.');
  const called = calledWorkflow(workflows.plan, 'plan');
  if (called === undefined || called.repository.toLowerCase() === repository.toLowerCase())
    return called !== undefined && isOwnOnMain(repository, called)
      ? fine('pull requests are planned by the workflow as main has it')
      : wrong(
          'plan.yml does not call a reusable workflow that the plan role can trust',
          `In .github/workflows/plan.yml: uses: ${repository}/.github/workflows/gatehouse.yml@main, or that of Gatehouse at the full commit of a release.`,
        );
  return ofTheTool(workflows, called);
};

const owners = ({ codeowners: text }: RepositoryFacts): CheckVerdict => {
  if (text === undefined)
    return warn(
      'there is no CODEOWNERS file',
      'Copy .github/CODEOWNERS of the template: it decides who reviews what runs.',
    );
  const rules = ownersIn(text);
  if (!ownsEverything(rules))
    return wrong(
      'CODEOWNERS does not begin with an owner of everything',
      'Its first line: * and a team that may decide what runs. Lines below it free what needs no owner.',
    );
  const free = tooFree(rules);
  return free.length === 0
    ? fine('whatever decides what runs has a code owner')
    : wrong(
        `CODEOWNERS frees ${free.join(', ')}`,
        'Nothing but /access/groups/ and /access/users/ may be without an owner.',
      );
};

const committed = ({ committed: paths }: RepositoryFacts): CheckVerdict => {
  if (paths === undefined) return fine('the files are read as they lie here: this folder is no git checkout');
  const [first, ...others] = paths;
  if (first === undefined) return fine('git tracks nothing that only tools make');
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return wrong(
    `git tracks ${first}${more}, which only tools make`,
    'git rm -r --cached it, and keep dist/, node_modules/, .gatehouse/ and npm-shrinkwrap.json out of the repository.',
  );
};

const checks = { settings, approvals, workflow, 'owners-of-all': owners, committed };

export const repositoryChecks = (facts: RepositoryFacts): readonly Check[] =>
  Object.entries(checks).map(([id, verdict]) => ({ id, area: 'repository', ...verdict(facts) }));
