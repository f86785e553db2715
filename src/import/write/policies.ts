/** Policy documents as a person would have written them: account ids by name, short lists on one line. */
import type { PolicyDocument, Statement } from '../../model/policy.ts';
import { once } from '../../model/lists.ts';
import type { AccountId, ControlPolicy } from '../../model/resource.ts';
import { isGuardRail } from '../../model/resource.ts';
import { isPolicyDocument } from '../../model/settings-document.ts';
import type { AnyDocument } from '../../model/settings-document.ts';
import { keysOf } from './key-order.ts';
import type { Yaml } from './text.ts';

export const contentOf = (policy: ControlPolicy): AnyDocument =>
  isGuardRail(policy) ? policy.document : policy.settings;

export type AccountNames = ReadonlyMap<AccountId, string>;

/** More than this, minified, stands in a .json file of its own: nobody reads it in the middle of something else. */
const longest = 4_000;

export const isLong = (document: AnyDocument): boolean => JSON.stringify(document).length > longest;

/** The fifth part of an ARN, or the whole value. A name with a brace would end the variable too early. */
const accountId = /^(\d{12})$|(?<=^arn:[^:]*:[^:]*:[^:]*:)(\d{12})(?=:)/;

/** A text with the account id of its ARN by name. */
export const accountNamed = (text: string, names: AccountNames): string =>
  text.replace(accountId, (id) => {
    const name = names.get(id);
    return name === undefined || /[{}]/.test(name) ? id : `\${account:${name}}`;
  });

/** As documents are read: tools that print them sort their elements by letter. */
const elements = once(() => [...keysOf('policy-document'), ...keysOf('policy-document', 'Statement')]);

const namedIn = (value: unknown, names: AccountNames): Yaml => {
  if (typeof value === 'string') return accountNamed(value, names);
  if (Array.isArray(value)) return value.map((item: unknown) => namedIn(item, names));
  if (typeof value !== 'object' || value === null) return value as number | boolean;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, namedIn(item, names)]));
};

const inOrder = <T extends object>(element: T): T =>
  Object.fromEntries(Object.entries(element).sort(([a], [b]) => elements().indexOf(a) - elements().indexOf(b))) as T;

/** The same document, its elements in the order in which people write them. */
const arranged = (document: PolicyDocument): PolicyDocument => {
  const { Statement } = document;
  const several = Array.isArray(Statement) ? (Statement as readonly Statement[]) : undefined;
  return inOrder({ ...document, Statement: several?.map(inOrder) ?? inOrder(Statement as Statement) });
};

/** The document with declared account ids as `${account:NAME}`. */
export const policyYaml = (document: PolicyDocument, names: AccountNames): Yaml => namedIn(arranged(document), names);

/** Statements in the order in which people write their elements; settings as they are. */
export const documentYaml = (document: AnyDocument, names: AccountNames): Yaml =>
  isPolicyDocument(document) ? policyYaml(document, names) : namedIn(document, names);

export const documentJson = (document: AnyDocument, names: AccountNames): string =>
  `${JSON.stringify(documentYaml(document, names), undefined, 2)}\n`;
