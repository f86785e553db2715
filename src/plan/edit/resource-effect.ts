/** What an edit of a resource's policy does, and what can stand between the old policy and the new one. */
import type { Effect } from '../../change/effect.ts';
import { namesIn } from '../../evaluate/trust/principals.ts';
import { canonicalResourcePolicy, statements } from '../../model/policy.ts';
import type { PolicyDocument, Statement } from '../../model/policy.ts';
import type { ResourcePolicy } from '../../model/resource.ts';
import { nothing, ofDocument } from './part-effects.ts';
import { uncovered } from './statement-cover.ts';

/** One of two, or none where there is no policy. */
type PolicyEnds = { readonly before: ResourcePolicy | undefined; readonly after: ResourcePolicy | undefined };

const withoutSid = ({ Sid: _, ...rest }: Statement): Statement => rest;

/** A statement for each principal that is named, so that one who comes or goes does not stand for all. */
const eachPrincipal = (document: PolicyDocument): PolicyDocument => ({
  ...document,
  Statement: statements(document).flatMap((statement): readonly Statement[] => {
    if (statement.Principal === undefined) return [withoutSid(statement)];
    return namesIn(statement.Principal).map(([type, name]) => ({
      ...withoutSid(statement),
      Principal: { [type]: name },
    }));
  }),
});

const documentsOf = ({ before, after }: PolicyEnds): readonly [PolicyDocument, PolicyDocument] => [
  eachPrincipal(before?.document ?? nothing),
  eachPrincipal(after?.document ?? nothing),
];

export const resourceEffect = (ends: PolicyEnds): Effect => ofDocument(...documentsOf(ends));

const isSaid = (list: readonly Statement[], statement: Statement): boolean => {
  const text = canonicalResourcePolicy({ Statement: statement });
  return list.some((one) => canonicalResourcePolicy({ Statement: one }) === text);
};

/** What both allow, and all that either denies; undefined where nothing is left to say. */
export const middlePolicy = (ends: PolicyEnds): ResourcePolicy | undefined => {
  const [old, next] = documentsOf(ends);
  const [lost, come] = [uncovered(old, next, 'Allow'), uncovered(next, old, 'Allow')];
  const of = ({ Statement }: PolicyDocument, effect: Statement['Effect'], except: readonly Statement[] = []) =>
    statements({ Statement }).filter((one) => one.Effect === effect && !except.includes(one));
  const list = [...of(next, 'Allow', come), ...of(old, 'Allow', lost), ...of(next, 'Deny'), ...of(old, 'Deny')];
  const distinct = list.filter((one, index) => !isSaid(list.slice(0, index), one));
  const base = ends.after ?? ends.before;
  if (base === undefined || distinct.length === 0) return undefined;
  return { ...base, document: { ...base.document, Statement: distinct } };
};

/** Whether somebody else's policies have to agree with what it allows, or a key's policy with those of its account. */
export const needsBoth = ({ before, after }: PolicyEnds, accountId: string): boolean => {
  const named = [before, after].flatMap((one) => (one === undefined ? [] : statements(one.document)));
  const isKey = (after ?? before)?.resource.startsWith('arn:aws:kms:') === true;
  return named.some(({ Effect, Principal, NotPrincipal }) => {
    if (Effect === 'Deny') return false;
    const names = namesIn(Principal).flatMap(([type, name]) => (type === 'AWS' ? [name] : []));
    return NotPrincipal !== undefined || names.some((name) => isKey || !name.includes(accountId));
  });
};
