/** What AWS settles itself, whatever the policies of a customer say. */

import { documentedArns, protectedObjects, settledOperations } from './aws-lists.ts';
import { glob, wildcardCodes } from './match.ts';
import type { RequestPrincipal } from './principal.ts';
import { isServiceLinked } from './principal.ts';

export type SettledByAws = { readonly decision: 'allowed' | 'denied'; readonly because: string };

const longTerm: readonly RequestPrincipal['kind'][] = ['user', 'root'];
const temporary: readonly RequestPrincipal['kind'][] = ['role', 'role-session', 'federated-user'];

const credentialsOf = ({ kind }: RequestPrincipal): 'long-term' | 'temporary' | undefined => {
  if (longTerm.includes(kind)) return 'long-term';
  return temporary.includes(kind) ? 'temporary' : undefined;
};

/** Operations that need no permission, or that these credentials can never call. */
const settledOperation = (action: string, principal: RequestPrincipal): SettledByAws | undefined => {
  const operation = settledOperations.entries.get(action);
  const credentials = credentialsOf(principal);
  if (operation === undefined || credentials === undefined) return undefined;
  const { allowed, denied, because } = operation;
  if (allowed.includes(credentials)) return { decision: 'allowed', because };
  return denied.includes(credentials) ? { decision: 'denied', because } : undefined;
};

type Codes = readonly number[];
const protectedRows = protectedObjects.entries.map(({ arns, actions, because }) => {
  return { codes: wildcardCodes(arns), actions: new Set(actions), because };
});

/** `lies`: whether all that is asked about lies within a pattern. AWS's own service-linked roles are let through. */
export const settledObject = (
  action: string,
  principal: RequestPrincipal,
  lies: (codes: Codes) => boolean,
): SettledByAws | undefined => {
  if (principal.account === undefined || isServiceLinked(principal)) return undefined;
  const row = protectedRows.find(({ codes, actions }) => actions.has(action) && lies(codes));
  return row && { decision: 'denied', because: row.because };
};

/** `action` in lower case, as everywhere here. */
export const settledByAws = (action: string, principal: RequestPrincipal, resource: string): SettledByAws | undefined =>
  settledOperation(action, principal) ?? settledObject(action, principal, (codes) => glob(codes, resource));

/** The ARN of which an action without a resource type is asked; `*` where AWS shows none. `action` in lower case. */
export const resourceWithoutType = (
  action: string,
  place: { readonly region: string; readonly account: string },
): string =>
  (documentedArns.entries.get(action) ?? '*').replace('REGION', place.region).replace('ACCOUNT', place.account);

/** Nobody needs a permission for it: of a pattern of actions it is not asked whether it is denied. */
export const isFree = (action: string): boolean => (settledOperations.entries.get(action)?.allowed.length ?? 0) > 0;
