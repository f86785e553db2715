/** What became of the access tests. */
import type { Paint } from './paint.ts';
import { terminal, visibleJson } from './untrusted.ts';
import { reasonWords, tellingReasons } from './why.ts';
import type { ReasonLink } from '../model/why.ts';
import type { PlaceLink } from '../model/why.ts';
import { counted } from './words.ts';

type RenderedFailure = { readonly message: string; readonly reasons: readonly ReasonLink[] };
type RenderedTest = {
  readonly name: string;
  readonly ok: boolean;
  readonly place: PlaceLink;
  readonly failures: readonly RenderedFailure[];
};

const mostTold = 5;
const mostReasons = 4;

const failureLines = ({ message, reasons }: RenderedFailure, paint: Paint): readonly string[] => [
  `  ${terminal(message)}`,
  ...tellingReasons(reasons)
    .slice(0, mostReasons)
    .map((reason) => paint.dim(`    ${terminal(reasonWords(reason))}`)),
];

const testLines = ({ name, ok, place, failures }: RenderedTest, paint: Paint): readonly string[] => {
  if (ok) return [`${paint.green('✓')} ${terminal(name)}`];
  const more = failures.length - mostTold;
  return [
    `${paint.red('✗')} ${paint.bold(terminal(name))} (${terminal(`${place.file}:${place.line}`)})`,
    ...failures.slice(0, mostTold).flatMap((failure) => failureLines(failure, paint)),
    ...(more > 0 ? [`  … and ${more} more: --json says all`] : []),
  ];
};

/** Those that fail, each with the statement that decided; with `verbose` also those that hold. */
export const testResultsText = (
  tests: readonly RenderedTest[],
  style: { readonly paint: Paint; readonly verbose: boolean },
): string => {
  if (tests.length === 0) return 'No access tests.';
  const told = tests.filter(({ ok }) => !ok || style.verbose);
  const held = tests.filter(({ ok }) => ok).length;
  const whole = `${counted(tests.length, 'access test')} ${tests.length === 1 ? 'holds' : 'hold'}.`;
  const sum = held === tests.length ? whole : `${held} of ${whole}`;
  return [...told.flatMap((test) => testLines(test, style.paint)), sum].join('\n');
};

/** `{ tests: [{ name, ok, failures }] }`. */
export const testsJson = (tests: readonly RenderedTest[]): string =>
  visibleJson(JSON.stringify({ tests: tests.map(({ name, ok, failures }) => ({ name, ok, failures })) }, undefined, 2));

/** One line for a plan: the first failure and the statement that made it. */
export const testFailureText = ({ failures: [first] }: RenderedTest): string => {
  const [reason] = first === undefined ? [] : tellingReasons(first.reasons);
  return `${first?.message ?? ''}${reason === undefined ? '' : `: ${reasonWords(reason)}`}`;
};

/** Whether the same test holds elsewhere; undefined where it was not or could not be asked there. */
export type TestStanding = {
  /** The day that the test itself names. */
  readonly at?: string;
  /** On what AWS has now; never of a test that names a day, which is asked of the files alone. */
  readonly onAws?: boolean;
  /** In the files of the pull request's base, by the base's own words; `absent` when the base has no such test. */
  readonly onBase?: boolean | 'absent';
};

const elsewhere = ({ onAws, onBase }: TestStanding): string => {
  const places = [
    ...(onBase === false ? ["in the base's files"] : []),
    ...(onAws === false ? ['on what AWS has now'] : []),
  ];
  return places.join(' and ');
};

/** Why a test fails that stands in the way: by this change, or already. */
export const causeText = (standing: TestStanding): string => {
  const { at, onAws, onBase } = standing;
  const already = elsewhere(standing);
  if (onBase === true)
    return already === '' ? 'this change breaks it' : `this change breaks it, and it fails ${already}, too`;
  if (onBase === 'absent') return already === '' ? 'the test is new' : `the test is new, and it fails ${already}, too`;
  if (already !== '') return `it fails already ${already}`;
  if (onAws === true) return 'this change breaks it';
  return at === undefined ? 'by these files' : `by these files, on ${at}`;
};
