/** What the files of the repository have to say before anything can run. */
import type { Check, Verdict } from './check.ts';
import { fine, warn, wrong } from './check.ts';

export type RepositoryFacts = {
  readonly repository: string;
  readonly settings: {
    readonly breakGlass?: unknown;
    readonly reconciler?: unknown;
    readonly memberRole?: unknown;
    readonly approvals: readonly unknown[];
  };
  /** .github/workflows/plan.yml. */
  readonly workflow: string | undefined;
};

const settings = ({ settings: has }: RepositoryFacts): Verdict => {
  const missing = (['breakGlass', 'reconciler', 'memberRole'] as const).filter((key) => has[key] === undefined);
  return missing.length === 0
    ? fine('settings.yaml names break-glass, the reconciler and the way into member accounts')
    : warn(
        `access/settings.yaml does not name ${missing.join(', ')}`,
        'What is not named is not protected: no guard knows that it must survive.',
      );
};

const approvals = ({ settings: has }: RepositoryFacts): Verdict =>
  has.approvals.length > 0
    ? fine('settings.yaml says who approves what')
    : warn('access/settings.yaml has no approvals', 'Any one writer then approves anything, critical changes too.');

const workflow = ({ repository, workflow: text }: RepositoryFacts): Verdict => {
  const wanted = `${repository}/.github/workflows/gatehouse.yml@main`;
  if (text === undefined) return warn('there is no .github/workflows/plan.yml', 'Copy the workflows of the template.');
  return text.includes(`uses: ${wanted}`)
    ? fine('pull requests are planned by the workflow as main has it')
    : wrong(
        'plan.yml does not call the reusable workflow of this repository',
        `In .github/workflows/plan.yml: uses: ${wanted}`,
      );
};

export const repositoryChecks = (facts: RepositoryFacts): readonly Check[] =>
  Object.entries({ settings: settings(facts), approvals: approvals(facts), workflow: workflow(facts) }).map(
    ([id, verdict]) => ({ id, area: 'repository', ...verdict }),
  );
