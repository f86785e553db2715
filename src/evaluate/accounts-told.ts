/**
 * Which accounts policy documents can tell from others: by their ids, by where they are in the tree, or by a pattern that
 * some ids match. Where nothing does, whatever is decided in one account is decided in another by the same documents.
 */
import { rememberedOf } from '../model/lists.ts';
import { listOf, statements } from '../model/policy.ts';
import type { ConditionBlock, PolicyDocument, Statement } from '../model/policy.ts';

export type AccountsTold = {
  /** Ids that a document names. */
  readonly named: ReadonlySet<string>;
  /** By the OUs that an account is in. */
  readonly byPath: boolean;
  /** By a pattern of ids, so that any account may differ from any other. */
  readonly apart: boolean;
};

const accountKeys = /account|arn|userid/i;

/** A pattern with digits of which no more is known than that they are no whole id. */
const isPattern = (text: string): boolean => /[*?]/.test(text) && /\d/.test(text.replace(/(?<!\d)\d{12}(?!\d)/g, ''));

/** Behind the account an ARN names a resource, by which no account is told (IAM User Guide, "IAM ARNs"). */
const headOf = (text: string): readonly string[] => {
  const parts = text.split(':');
  return parts[0] === 'arn' && parts.length > 5 ? parts.slice(1, 5) : [text];
};

const principalsOf = ({ Principal, NotPrincipal }: Statement): readonly string[] =>
  [Principal, NotPrincipal].flatMap((one) =>
    one === undefined ? [] : typeof one === 'string' ? [one] : Object.values(one).flatMap((names) => listOf(names)),
  );

type ConditionValue = { readonly operator: string; readonly key: string; readonly value: string };

const conditionsOf = (block: ConditionBlock): readonly ConditionValue[] =>
  Object.entries(block).flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, values]) =>
      listOf(values).map((value) => ({ operator, key, value: String(value) })),
    ),
  );

const toldBy = rememberedOf((document: PolicyDocument): AccountsTold => {
  const all = statements(document);
  const arns = all.flatMap((one) => [...listOf(one.Resource), ...listOf(one.NotResource), ...principalsOf(one)]);
  const conditions = all.flatMap(({ Condition }) => conditionsOf(Condition ?? {}));
  const asked = conditions.filter(({ key }) => accountKeys.test(key));
  return {
    named: new Set(JSON.stringify(document).match(/(?<!\d)\d{12}(?!\d)/g) ?? []),
    byPath: conditions.some(({ key }) => /orgpaths/i.test(key)),
    apart:
      [...arns, ...asked.map(({ value }) => value)].flatMap(headOf).some(isPattern) ||
      asked.some(({ operator }) => /^(for\w+:)?(numeric|date|ip)/i.test(operator)),
  };
});

export const accountsToldBy = (documents: Iterable<PolicyDocument>): AccountsTold => {
  const all = [...new Set(documents)].map(toldBy);
  return {
    named: new Set(all.flatMap(({ named }) => [...named])),
    byPath: all.some(({ byPath }) => byPath),
    apart: all.some(({ apart }) => apart),
  };
};
