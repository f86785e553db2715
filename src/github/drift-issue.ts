/** The one issue that tells of drift: opened, edited, closed and opened again. */
import type { GitHub, Issue, IssueText } from './port.ts';

const DRIFT_LABEL = 'gatehouse-drift';
const marker = '<!-- gatehouse:drift -->';

const ownIssue = async (github: GitHub): Promise<Issue | undefined> => {
  for (const issue of await github.issues(DRIFT_LABEL))
    if (issue.body.startsWith(marker) && (await github.isOwn(issue.user))) return issue;
  return undefined;
};

export type DriftReport = IssueText & { readonly drifts: 'drift' | 'no drift' };

/** Where nothing drifts and nothing ever did, no issue is opened. Returns its number. */
export const putDriftIssue = async (github: GitHub, report: DriftReport): Promise<number | undefined> => {
  const issue = await ownIssue(github);
  const text = { title: report.title, body: `${marker}\n${report.body}`, labels: [DRIFT_LABEL, ...report.labels] };
  const state = report.drifts === 'drift' ? 'open' : 'closed';
  if (issue !== undefined) {
    await github.updateIssue(issue.number, { ...text, state });
    return issue.number;
  }
  return state === 'open' ? github.createIssue(text) : undefined;
};
