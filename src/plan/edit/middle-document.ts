/** A document that can stand between a guard rail's old one and its new one. */
import type { PolicyDocument, Statement } from '../../model/policy.ts';
import { statements } from '../../model/policy.ts';
import { uncovered } from './statement-cover.ts';

const older = '2008-10-17';

const withoutSid = ({ Sid: _, ...rest }: Statement): Statement => rest;

/** Reason why no document can stand between the two, or the document. */
export type MiddleDocument = { readonly document: PolicyDocument } | { readonly impossible: string };

const allowing = (document: PolicyDocument): readonly Statement[] =>
  statements(document).filter(({ Effect }) => Effect === 'Allow');

/**
 * What forbids everything that either forbids: the denials of both, and the narrower of the two allow-lists, which is their
 * intersection. Old statements lose their Sid, which must be unique in a document.
 */
export const between = (before: PolicyDocument, after: PolicyDocument): MiddleDocument => {
  const lostAllows = uncovered(before, after, 'Allow');
  const newAllows = uncovered(after, before, 'Allow');
  if (lostAllows.length > 0 && newAllows.length > 0)
    return { impossible: 'both its allow-lists differ and their intersection cannot be written' };
  const isOlder = newAllows.length > 0;
  const allows = isOlder ? allowing(before).map(withoutSid) : allowing(after);
  if (allows.length === 0 && allowing(after).length > 0)
    return { impossible: 'no allowance is common to the old and the new document' };
  const old = [...(isOlder ? allows : []), ...uncovered(before, after, 'Deny').map(withoutSid)];
  if ((before.Version ?? older) !== (after.Version ?? older) && JSON.stringify(old).includes('${'))
    return { impossible: 'its policy language version changes together with statements that use variables' };
  const kept = statements(after).filter(({ Effect }) => Effect === 'Deny' || !isOlder);
  return { document: { ...after, Statement: [...kept, ...old] } };
};
