/** A document that becomes another, as the documents that may stand between the two. */
import type { PolicyDocument, Statement } from '../model/policy.ts';
import type { Effect } from './effect.ts';
import { meaningOf, samePolicy, statements } from '../model/policy.ts';

/** `undefined`: no such document. */
export type OptionalDocument = PolicyDocument | undefined;
export type DocumentPair = { readonly before: OptionalDocument; readonly after: OptionalDocument };

type StatementEffect = Statement['Effect'];

const ofEffect = (document: OptionalDocument, effect: StatementEffect): readonly Statement[] =>
  document === undefined ? [] : statements(document).filter((statement) => statement.Effect === effect);

const without = (list: readonly Statement[], other: readonly Statement[]): readonly Statement[] => {
  const known = new Set(other.map(meaningOf));
  return list.filter((statement) => !known.has(meaningOf(statement)));
};

const gone = ({ before, after }: DocumentPair, effect: StatementEffect): readonly Statement[] =>
  without(ofEffect(before, effect), ofEffect(after, effect));
const come = ({ before, after }: DocumentPair, effect: StatementEffect): readonly Statement[] =>
  without(ofEffect(after, effect), ofEffect(before, effect));

/** Told from the statements alone: one that was edited counts as one gone and one come. */
export const documentEffect = (pair: DocumentPair): Effect => ({
  allowsLess: gone(pair, 'Allow').length > 0,
  allowsMore: come(pair, 'Allow').length > 0,
  filtersMore: come(pair, 'Deny').length > 0,
  filtersLess: gone(pair, 'Deny').length > 0,
});

export const sameDocument = (one: OptionalDocument, other: OptionalDocument): boolean =>
  one === undefined || other === undefined ? one === other : samePolicy(one, other);

/** A Sid must be unique in its document; the old statements lose theirs. */
const nameless = ({ Sid: _, ...statement }: Statement): Statement => statement;

const made = ({ before, after }: DocumentPair, list: readonly Statement[]): OptionalDocument => {
  if (list.length === 0) return undefined;
  const document: PolicyDocument = { ...(after ?? before), Statement: list };
  return [before, after].find((known) => sameDocument(known, document)) ?? document;
};

const allDenials = (pair: DocumentPair): readonly Statement[] => [
  ...ofEffect(pair.after, 'Deny'),
  ...gone(pair, 'Deny').map(nameless),
];

/** What the old one allows, and all that either denies. */
export const deniedMore = (pair: DocumentPair): OptionalDocument =>
  made(pair, [...ofEffect(pair.before, 'Allow').map(nameless), ...allDenials(pair)]);

const common = ({ before, after }: DocumentPair): readonly Statement[] => {
  const old = new Set(ofEffect(before, 'Allow').map(meaningOf));
  return ofEffect(after, 'Allow').filter((statement) => old.has(meaningOf(statement)));
};

/** What both allow, and all that either denies. */
export const allowedLess = (pair: DocumentPair): OptionalDocument => made(pair, [...common(pair), ...allDenials(pair)]);

/** What the new one allows, and all that either denies. */
export const allowedMore = (pair: DocumentPair): OptionalDocument =>
  made(pair, [...ofEffect(pair.after, 'Allow'), ...allDenials(pair)]);

/** A trust policy that lets nobody in. IAM takes no document without a statement. */
export const nobody: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'Nobody', Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
};

/** Lets in only whom both let in. */
export const commonTrust = (before: PolicyDocument, after: PolicyDocument): PolicyDocument => {
  const pair = { before, after };
  return common(pair).length === 0 ? nobody : (allowedLess(pair) ?? nobody);
};
