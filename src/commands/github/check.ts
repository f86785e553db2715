/** What the check runs say. */
import { SUMMARY_LIMIT } from '../../github/check.ts';
import type { Annotation, CheckRun, PullRequest } from '../../model/github.ts';
import type { Change, Plan } from '../../model/plan.ts';
import { isComplete } from '../../model/plan.ts';
import type { Problem } from '../../model/problem.ts';
import { refusalText, summarySentence } from '../../render/summary.ts';
import { terminal } from '../../render/untrusted.ts';
import type { GitHubSite } from './site.ts';
import { guardRefusal } from '../run/live-plan.ts';

type PlanCheckResult = Omit<CheckRun, 'name' | 'sha' | 'url'>;

/** GitHub: 64 KB for the message of an annotation; nobody reads that much. */
const MESSAGE_LIMIT = 1_000;

const annotationOf = ({ origin, risk, action, key, riskReasons = [] }: Change): readonly Annotation[] => {
  if (origin === undefined) return [];
  const why = riskReasons.length === 0 ? '' : `: ${riskReasons.join('; ')}`;
  return [
    {
      path: origin.file,
      line: origin.line,
      level: risk === 'critical' || risk === 'high' ? 'warning' : 'notice',
      title: `${risk} risk`,
      message: terminal(`${action} ${key}${why}`, MESSAGE_LIMIT),
    },
  ];
};

const problemAnnotation = ({ file, line, rule, message, hint, severity }: Problem): Annotation => ({
  path: file,
  line,
  level: severity === 'error' ? 'failure' : severity === 'warning' ? 'warning' : 'notice',
  title: rule,
  message: terminal(`${message}${hint === undefined ? '' : ` ${hint}`}`, MESSAGE_LIMIT),
});

/** `touched`: paths of the pull request; what lies elsewhere is in the comment. */
export const planCheck = (plan: Plan, body: string, touched: readonly string[]): PlanCheckResult => {
  const paths = new Set(touched);
  const own = plan.changes.flatMap(annotationOf).filter(({ path }) => paths.has(path));
  return {
    conclusion: guardRefusal(plan) ? 'failure' : 'success',
    title: refusalText(plan) ?? (isComplete(plan) ? 'Nothing to do' : summarySentence(plan, 'plan')),
    summary: body.slice(0, SUMMARY_LIMIT),
    annotations: own,
  };
};

export const problemsCheck = (body: string, problems: readonly Problem[]): PlanCheckResult => ({
  conclusion: 'failure',
  title: `${problems.filter(({ severity }) => severity === 'error').length} errors in the files`,
  summary: body,
  annotations: problems.filter(({ severity }) => severity !== 'note').map(problemAnnotation),
});

export const checkPlace = (name: 'plan' | 'approvals', { url }: GitHubSite, { headSha }: PullRequest) => ({
  name: `gatehouse/${name}`,
  sha: headSha,
  ...(url === undefined ? {} : { url }),
});
