/** Policy documents inside files: only the statements, and in them only the elements, that say something else are touched. */
import { canonicalPolicy, statements } from '../../model/policy.ts';
import type { PolicyDocument, Statement } from '../../model/policy.ts';
import { policyYaml } from '../write/policies.ts';
import type { AccountNames } from '../write/policies.ts';
import type { Yaml } from '../write/text.ts';

/** A document as it is written, and as it is meant: with the ids of its accounts. */
export type WrittenDocument = { readonly raw: unknown; readonly meant: PolicyDocument };

type Raw = Readonly<Record<string, unknown>>;
type WrittenStatement = { readonly raw: Raw; readonly meant: Statement };

const pairs = ({ raw, meant }: WrittenDocument): readonly WrittenStatement[] => {
  const { Statement: written } = raw as { readonly Statement: unknown };
  const list = (Array.isArray(written) ? written : [written]) as readonly Raw[];
  return statements(meant).flatMap((one, index) => {
    const source = list[index];
    return source === undefined ? [] : [{ raw: source, meant: one }];
  });
};

const meaning = (statement: Partial<Statement>): string =>
  canonicalPolicy({ Statement: [{ Effect: 'Allow', ...statement }] });

/** The element as it was written where it still says the same. */
const keptElements = (wanted: Statement, old: WrittenStatement, names: AccountNames): Yaml => {
  const fresh = policyYaml({ Statement: [wanted] }, names) as {
    readonly Statement: readonly [{ [key: string]: Yaml }];
  };
  const entries = Object.entries(fresh.Statement[0]).map(([key, value]) => {
    const element = (of: Statement) => meaning({ [key]: of[key as keyof Statement] });
    const isKept = Object.hasOwn(old.raw, key) && element(old.meant) === element(wanted);
    return [key, isKept ? (old.raw[key] as Yaml) : value] as const;
  });
  return Object.fromEntries(entries);
};

/** Pairs each wanted statement with an old one: of the same content, else of the same Sid, else at the same index. */
const matched = (
  wanted: readonly Statement[],
  old: readonly WrittenStatement[],
  names: AccountNames,
): readonly Yaml[] => {
  const same = wanted.map((one) => old.find(({ meant }) => meaning(meant) === meaning(one)));
  const used = new Set(same);
  const left = old.filter((one) => !used.has(one));
  return wanted.map((one, index) => {
    const exact = same[index];
    if (exact !== undefined) return exact.raw as Yaml;
    const at = left.findIndex(({ meant }) => one.Sid !== undefined && meant.Sid === one.Sid);
    const [near] = left.splice(at < 0 ? 0 : at, at < 0 && wanted.length !== old.length ? 0 : 1);
    return near === undefined
      ? (policyYaml({ Statement: [one] }, names) as { Statement: [Yaml] }).Statement[0]
      : keptElements(one, near, names);
  });
};

/** The wanted document in the words of the old one. */
export const rewritten = (wanted: PolicyDocument, old: WrittenDocument, names: AccountNames): Yaml => {
  const list = matched(statements(wanted), pairs(old), names);
  const raw = old.raw as Raw;
  const [only] = list;
  const isLone = !Array.isArray(raw['Statement']) && list.length === 1 && only !== undefined;
  return {
    ...(wanted.Version === undefined ? {} : { Version: wanted.Version }),
    ...(wanted.Id === undefined ? {} : { Id: wanted.Id }),
    Statement: isLone ? only : list,
  };
};
