/** `# gatehouse: allow RULE because REASON` on a line of its own silences the rule on the line below it. */
import type { Place } from '../../model/problem.ts';
import type { LintFinding } from './document.ts';
import { quote } from './document.ts';
import { lintRules, silenceableRules } from './rules.ts';

type SilenceComment = { readonly at: Place; readonly rule: string; readonly reason: string; readonly line: number };
export type Silenced = { readonly rule: string; readonly place: Place; readonly reason: string };
/** A finding, and the places of what it lies in: its statement, its document. */
export type LocatedFinding = LintFinding & { readonly within: readonly Place[] };
export type SourceText = { readonly path: string; readonly text: string };

const comment = /^\s*#\s*gatehouse\s*:/i;
const allowance = /^\s*#\s*gatehouse\s*:\s*allow\s+(\S+)(?:\s+because\s+(.*\S))?\s*$/i;
const isComment = (line: string): boolean => /^\s*#/.test(line);

/** The first line below that is no comment: several silences may stand on top of each other. */
const lineBelow = (lines: readonly string[], from: number): number => {
  const offset = lines.slice(from + 1).findIndex((line) => !isComment(line));
  return offset < 0 ? lines.length + 1 : from + 2 + offset;
};

const readFile = ({ path, text }: SourceText): readonly (SilenceComment | LintFinding)[] => {
  if (!text.includes('gatehouse')) return [];
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (!comment.test(line)) return [];
    const at = { file: path, line: index + 1, column: line.indexOf('#') + 1 };
    return [silenceOf(line, at, lineBelow(lines, index))];
  });
};

const silenceOf = (text: string, at: Place, line: number): SilenceComment | LintFinding => {
  const [, rule = '', reason] = allowance.exec(text) ?? [];
  if (rule !== '' && !silenceableRules.includes(rule)) {
    const exists = lintRules.some(({ id }) => id === rule);
    return {
      rule: 'unknown-silence',
      at,
      message: `${quote(rule)} ${exists ? 'cannot be silenced' : 'is not a rule of the lint'}`,
    };
  }
  if (reason !== undefined) return { at, rule, reason, line };
  const hint = `Write # gatehouse: allow ${rule === '' ? 'RULE' : rule} because REASON.`;
  return { rule: 'silence-without-reason', at, message: 'a silence without a rule and a reason', hint };
};

const isSilence = (read: SilenceComment | LintFinding): read is SilenceComment => 'reason' in read;

const covers = (silence: SilenceComment, finding: LocatedFinding): boolean =>
  silence.rule === finding.rule &&
  [finding.at, ...finding.within].some(({ file, line }) => file === silence.at.file && line === silence.line);

type Heard = { readonly findings: readonly LintFinding[]; readonly silenced: readonly Silenced[] };

/** What is left to say, what was silenced, and what is wrong with the silences themselves. */
export const hush = (found: readonly LocatedFinding[], sources: readonly SourceText[]): Heard => {
  const read = sources.flatMap(readFile);
  const silences = read.filter(isSilence);
  const used = new Set<SilenceComment>();
  const left = found.filter((finding) => {
    const over = silences.filter((silence) => covers(silence, finding));
    for (const silence of over) used.add(silence);
    return over.length === 0;
  });
  const useless = silences
    .filter((silence) => !used.has(silence))
    .map(({ at, rule }): LintFinding => ({ rule: 'useless-silence', at, message: `nothing here breaks ${rule}` }));
  return {
    findings: [
      ...left.map(({ within: _, ...finding }) => finding),
      ...read.filter((one): one is LintFinding => !isSilence(one)),
      ...useless,
    ],
    silenced: [...used].map(({ rule, at, reason }) => ({ rule, place: at, reason })),
  };
};
