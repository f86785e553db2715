/** A role as it is in AWS against what it has to be. */
import type { LiveRole } from '../model/set-up.ts';
import type { RoleDocuments } from './template.ts';
import type { RoleDocument, RoleStatement } from './trust.ts';
import { issuer } from './trust.ts';
import { fieldsIn } from '../model/fields.ts';
import type { UnknownFields } from '../model/fields.ts';
import { shortList } from '../model/lists.ts';

const many = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
const texts = (value: unknown): readonly string[] => many(value).map((one) => (typeof one === 'string' ? one : ''));

const statementsOf = (document: unknown): readonly UnknownFields[] =>
  many(fieldsIn(document)['Statement']).map(fieldsIn);

const sorted = (value: unknown): readonly string[] => [...texts(value)].sort();
const same = (one: unknown, other: unknown): boolean => sorted(one).join('\n') === sorted(other).join('\n');

/** Condition keys are not case-sensitive, and neither are operators. */
const lowered = (value: unknown): UnknownFields =>
  Object.fromEntries(Object.entries(fieldsIn(value)).map(([key, inner]) => [key.toLowerCase(), inner]));

const exact = (statement: unknown): UnknownFields => lowered(lowered(fieldsIn(statement)['Condition'])['stringequals']);

const shortClaim = (key: string): string => key.replace(`${issuer}:`, '');

/** Which claims the expected statement pins and this one does not. */
const unpinned = (statement: UnknownFields, expected: RoleStatement): readonly string[] => {
  const has = exact(statement);
  return Object.entries(exact(expected))
    .filter(([key, value]) => !same(has[key], value))
    .map(([key]) => shortClaim(key));
};

const principalOf = (statement: UnknownFields): string => {
  const principal = fieldsIn(statement['Principal']);
  const named = Object.values(principal).flatMap(texts);
  return typeof statement['Principal'] === 'string' ? statement['Principal'] : named.join(', ');
};

/** The expected statement that an Allow comes closest to. */
const closest = (
  statement: UnknownFields,
  expected: RoleDocument,
): { readonly sid: string; readonly missing: readonly string[] } => {
  const rated = expected.Statement.map((one) => ({ sid: one.Sid, missing: unpinned(statement, one) }));
  return rated.sort((a, b) => a.missing.length - b.missing.length)[0] ?? { sid: '', missing: [] };
};

/** Principals and tokens that a trust policy lets in and should not, and those that it should let in and does not. */
export const trustFindings = (live: unknown, expected: RoleDocument): readonly string[] => {
  const provider = expected.Statement[0]?.Principal?.['Federated'] ?? '';
  const allows = statementsOf(live).filter((statement) => statement['Effect'] === 'Allow');
  const strangers = allows.filter((statement) => principalOf(statement) !== provider);
  const rated = allows.filter((statement) => principalOf(statement) === provider).map((one) => closest(one, expected));
  const open = rated.filter(({ missing }) => missing.length > 0);
  const closed = expected.Statement.filter(
    (one) => !rated.some(({ sid, missing }) => sid === one.Sid && missing.length === 0),
  );
  return [
    ...strangers.map((statement) => `it also lets in ${principalOf(statement)}`),
    ...open.map(
      ({ missing }) => `a statement does not pin ${missing.join(', ')} with StringEquals to this repository's value`,
    ),
    ...closed.map(({ Sid }) => `nothing lets in what ${Sid} stands for`),
  ];
};

/** Whether an action pattern holds another: `iam:Get*` holds `iam:GetRole` and `iam:GetR*`. Linear in its pieces. */
const holds = (pattern: string, action: string): boolean => {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const word = action.toLowerCase();
  if (!word.startsWith(first)) return false;
  if (rest.length === 0) return word === first;
  let at = first.length;
  for (const piece of rest.slice(0, -1)) {
    const found = word.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  const last = rest.at(-1) ?? '';
  return word.length - last.length >= at && word.endsWith(last);
};

const actionsOf = (statements: readonly UnknownFields[], effect: 'Allow' | 'Deny'): readonly string[] =>
  statements.filter((one) => one['Effect'] === effect).flatMap((one) => texts(one['Action']));

const notHeld = (wanted: readonly string[], patterns: readonly string[]): readonly string[] =>
  wanted.filter((action) => !patterns.some((pattern) => holds(pattern, action)));

/** By actions only: resources and conditions of a policy that was written by hand are its author's. */
export const permissionFindings = (live: LiveRole, expected: RoleDocument): readonly string[] => {
  const has = live.policies.flatMap(statementsOf);
  const wants = expected.Statement.map(fieldsIn);
  const missing = notHeld(actionsOf(wants, 'Allow'), actionsOf(has, 'Allow'));
  const excess = notHeld(actionsOf(has, 'Allow'), actionsOf(wants, 'Allow'));
  const undenied = notHeld(actionsOf(wants, 'Deny'), actionsOf(has, 'Deny'));
  const open = has.filter((one) => one['Effect'] === 'Allow' && one['NotAction'] !== undefined);
  return [
    ...(missing.length > 0 ? [`it may not ${shortList(missing, 4)}`] : []),
    ...(excess.length > 0 ? [`it may more than it needs: ${shortList(excess, 4)}`] : []),
    ...(open.length > 0 ? ['it allows by NotAction, which is everything but a list'] : []),
    ...(undenied.length > 0 ? [`it does not deny ${shortList(undenied, 4)}`] : []),
  ];
};

export const roleFindings = (live: LiveRole, expected: RoleDocuments): readonly string[] => [
  ...(live.maxSession < expected.seconds
    ? [`its sessions end after ${live.maxSession} seconds, and the workflow asks for up to ${expected.seconds}`]
    : []),
  ...trustFindings(live.trust, expected.trust),
  ...permissionFindings(live, expected.permissions),
];
