/** The report of doctor, for people and for programs. */
import type { PageStyle } from './page.ts';
import { item, paragraph, section } from './page.ts';
import { visibleJson } from './untrusted.ts';
import { counted, enumerated } from './words.ts';

export type CheckView = {
  readonly id: string;
  readonly area: string;
  readonly status: 'ok' | 'warning' | 'failure' | 'unknown';
  readonly message: string;
  readonly hint?: string;
};

export type DoctorView = {
  readonly checks: readonly CheckView[];
  /** Trust policies by role, as they have to be. */
  readonly trust: Readonly<Record<string, object>>;
};

const marks = { ok: '✓', warning: '!', failure: '✗', unknown: '?' } as const;

const brushOf = (status: CheckView['status'], { paint }: PageStyle) =>
  ({ ok: paint.green, warning: paint.yellow, failure: paint.red, unknown: paint.dim })[status];

const checkLines = (check: CheckView, style: PageStyle): readonly string[] => {
  const brush = brushOf(check.status, style);
  const hint =
    check.hint === undefined || check.status === 'ok' ? [] : item(' ', check.hint, style).map(style.paint.dim);
  return [...item(marks[check.status], `${check.id}: ${check.message}`, style).map(brush), ...hint];
};

const areas = ['repository', 'GitHub', 'AWS'] as const;

const words = { failure: 'failure', warning: 'warning', unknown: 'not known' } as const;

const countOf = (checks: readonly CheckView[], status: keyof typeof words): readonly string[] => {
  const count = checks.filter((check) => check.status === status).length;
  if (count === 0) return [];
  return [status === 'unknown' ? `${count} not known` : counted(count, words[status])];
};

const conclusion = (checks: readonly CheckView[]): string => {
  const counts = (['failure', 'warning', 'unknown'] as const).flatMap((status) => countOf(checks, status));
  return counts.length === 0 ? 'Everything is as it has to be.' : `${enumerated(counts)}.`;
};

const trustLines = (trust: DoctorView['trust'], style: PageStyle): readonly string[] =>
  Object.entries(trust).flatMap(([role, document]) => [
    ...paragraph(`Trust policy of ${role}, as it has to be:`, style, style.paint.bold),
    ...visibleJson(JSON.stringify(document, undefined, 2)).split('\n'),
    '',
  ]);

/** Checks by area, the trust policies that go with the repository, and the counts last. */
export const doctorText = ({ checks, trust }: DoctorView, style: PageStyle): string => {
  const parts = areas.flatMap((area) => {
    const own = checks.filter((check) => check.area === area);
    return section(
      area === 'repository' ? 'The repository' : area,
      own.flatMap((check) => checkLines(check, style)),
      style,
    );
  });
  return [...parts, '', ...trustLines(trust, style), conclusion(checks)].join('\n').trimStart();
};

export const doctorJson = (view: DoctorView): string => visibleJson(JSON.stringify(view, undefined, 2));
