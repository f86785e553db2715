/** Whether an edited guard rail forbids more or less, told from its statements alone. */
import type { PolicyDocument, Statement } from '../model/policy.ts';
import { canonicalPolicy, samePolicy, statements } from '../model/policy.ts';

export type Tightness = 'same' | 'tighter' | 'looser' | 'both';

const older = '2008-10-17';

/** Statements by what they mean: without Sid; the version counts only where it decides, in policy variables. */
export const meaning = (document: PolicyDocument, statement: Statement): string => {
  const { Sid: _, ...rest } = statement;
  const hasVariables = JSON.stringify(rest).includes('${');
  return canonicalPolicy({ Version: hasVariables ? (document.Version ?? older) : older, Statement: [rest] });
};

/** The statements of one effect in `one` that `other` does not have. */
export const onlyIn = (
  one: PolicyDocument,
  other: PolicyDocument,
  effect: Statement['Effect'],
): readonly Statement[] => {
  const known = new Set(statements(other).map((statement) => meaning(other, statement)));
  return statements(one).filter((statement) => statement.Effect === effect && !known.has(meaning(one, statement)));
};

/**
 * Sound without understanding a statement: a Deny more or an Allow less can only forbid more, and the reverse. A
 * statement that was edited counts as one gone and one come, which is `both`.
 */
export const classify = (before: PolicyDocument, after: PolicyDocument): Tightness => {
  if (samePolicy(before, after)) return 'same';
  const tighter = onlyIn(after, before, 'Deny').length + onlyIn(before, after, 'Allow').length > 0;
  const looser = onlyIn(before, after, 'Deny').length + onlyIn(after, before, 'Allow').length > 0;
  if (tighter && looser) return 'both';
  if (tighter) return 'tighter';
  return looser ? 'looser' : 'same';
};

const withoutSid = ({ Sid: _, ...rest }: Statement): Statement => rest;

/** Reason why no document can stand between the two, or the document. */
export type Between = { readonly document: PolicyDocument } | { readonly impossible: string };

/**
 * What forbids everything that either forbids: the denials of both, and the allowances that both share. Old statements
 * lose their Sid, which must be unique in a document.
 */
export const between = (before: PolicyDocument, after: PolicyDocument): Between => {
  const lostAllows = onlyIn(before, after, 'Allow');
  const newAllows = onlyIn(after, before, 'Allow');
  if (lostAllows.length > 0 && newAllows.length > 0)
    return { impossible: 'both its allow-lists differ and their intersection cannot be written' };
  const kept = statements(after).filter((statement) => !newAllows.includes(statement));
  const old = onlyIn(before, after, 'Deny').map(withoutSid);
  if (kept.every(({ Effect }) => Effect === 'Deny') && statements(after).some(({ Effect }) => Effect === 'Allow'))
    return { impossible: 'no allowance is common to the old and the new document' };
  if ((before.Version ?? older) !== (after.Version ?? older) && JSON.stringify(old).includes('${'))
    return { impossible: 'its policy language version changes together with statements that use variables' };
  return { document: { ...after, Statement: [...kept, ...old] } };
};
