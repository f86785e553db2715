/** The one issue that tells of drift: opened, edited, closed and opened again. */
import type { GitHub, Issue, IssueText } from '../model/github.ts';

const DRIFT_LABEL = 'gatehouse-drift';
const marker = '<!-- gatehouse:drift -->';

const ownIssues = async (github: GitHub): Promise<readonly Issue[]> => {
  const own: Issue[] = [];
  for (const issue of await github.issues(DRIFT_LABEL))
    if (issue.body.startsWith(marker) && (await github.isOwn(issue.user))) own.push(issue);
  return own.sort((a, b) => a.number - b.number);
};

export type DriftReport = IssueText & { readonly drifts: 'drift' | 'no drift' };

type WantedIssue = IssueText & { readonly state: 'open' | 'closed' };

/** Updates the oldest issue of ours and closes the others, which runs at the same moment opened. Returns its number. */
const refreshed = async (github: GitHub, wanted: WantedIssue): Promise<number | undefined> => {
  const [first, ...others] = await ownIssues(github);
  if (first === undefined) return undefined;
  await github.updateIssue(first.number, wanted);
  for (const { number, title } of others) {
    const body = `Two runs said this at the same moment: see #${first.number}.`;
    await github.updateIssue(number, { title, body, labels: [DRIFT_LABEL], state: 'closed' });
  }
  return first.number;
};

/** Where nothing drifts and nothing ever did, no issue is opened. Returns its number. */
export const putDriftIssue = async (github: GitHub, report: DriftReport): Promise<number | undefined> => {
  const text = { title: report.title, body: `${marker}\n${report.body}`, labels: [DRIFT_LABEL, ...report.labels] };
  const state = report.drifts === 'drift' ? 'open' : 'closed';
  const found = await refreshed(github, { ...text, state });
  return found === undefined && state === 'open' ? github.createIssue(text) : found;
};
