/** What is wrong in the files, as people and programs read it. */
import type { Problem, Severity } from '../model/problem.ts';
import type { Paint } from './paint.ts';
import { terminal, visibleJson } from './untrusted.ts';
import { counted, enumerated } from './words.ts';

const severities: readonly Severity[] = ['error', 'warning', 'note'];

const byPlace = (one: Problem, other: Problem): number =>
  severities.indexOf(one.severity) - severities.indexOf(other.severity) ||
  (one.file < other.file ? -1 : one.file > other.file ? 1 : 0) ||
  one.line - other.line ||
  one.column - other.column;

const brush = (severity: Severity, paint: Paint) =>
  ({ error: paint.red, warning: paint.yellow, note: paint.dim })[severity];

const problemLines = (problem: Problem, paint: Paint): readonly string[] => {
  const where = terminal(`${problem.file}:${problem.line}:${problem.column}`);
  const severity = problem.severity === 'error' ? '' : ` [${problem.severity}]`;
  const rule = brush(problem.severity, paint)(`${terminal(problem.rule)}${severity}`);
  const line = `${paint.bold(where)} ${rule} ${terminal(problem.message)}`;
  return problem.hint === undefined ? [line] : [line, paint.dim(`  ${terminal(problem.hint)}`)];
};

/** `file:line:column rule message`, a line for the hint, errors first; the counts come last. */
export const problemsText = (problems: readonly Problem[], paint: Paint): string => {
  if (problems.length === 0) return 'No problems.';
  const counts = severities
    .map((severity) => [severity, problems.filter((problem) => problem.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => counted(count, severity));
  const lines = [...problems].sort(byPlace).flatMap((problem) => problemLines(problem, paint));
  return [...lines, '', `${enumerated(counts)}.`].join('\n');
};

export const problemsJson = (problems: readonly Problem[]): string =>
  visibleJson(JSON.stringify({ problems }, undefined, 2));
