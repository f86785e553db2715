/** Assignments and their targets as text. */
import type { WrittenAssignment, WrittenGiven, WrittenTarget } from '../../model/written.ts';
import { entry } from './text.ts';

/** Said where a rule gives more tomorrow than it does today. */
const tomorrow = ' # a new account in there gets this too';

const marked = (lines: readonly string[], { ous = [] }: WrittenTarget): readonly string[] => {
  const [first = '', ...rest] = lines;
  return ous.length > 0 ? [`${first}${tomorrow}`, ...rest] : lines;
};

export const plainTargetLines = ({ ous, accounts, except }: WrittenTarget, room: number): readonly string[] => [
  ...(ous === undefined ? [] : entry('ous', ous, room)),
  ...(accounts === undefined ? [] : entry('accounts', accounts, room)),
  ...(except === undefined ? [] : entry('except', except, room)),
];

export const targetLines = (target: WrittenTarget, room: number): readonly string[] =>
  marked(plainTargetLines(target, room), target);

/** The key of an entry and the name that stands there. */
export const givenEntry = (given: WrittenGiven): readonly ['permissionSet' | 'role', string] =>
  'role' in given ? ['role', given.role] : ['permissionSet', given.permissionSet];

/** One entry of a list of assignments, two columns to the right of its list's key. */
export const assignmentLines = (written: WrittenAssignment): readonly string[] => {
  const [key, name] = givenEntry(written);
  const [first = '', ...rest] = entry(key, name, 4);
  return [`  - ${first}`, ...[...rest, ...targetLines(written, 4)].map((line) => `    ${line}`)];
};

export const assignmentsLines = (assignments: readonly WrittenAssignment[]): readonly string[] =>
  assignments.length === 0 ? [] : ['assignments:', ...assignments.flatMap(assignmentLines)];
