/** The guards of a plan by id: the files name them in `exceptions`, the plan has one for each. */

/** They keep somebody able to come in and repair, or AWS and Git of one mind: no exception lifts them. */
const absoluteGuards = [
  'organization',
  'foreign-owner',
  'external-group',
  'break-glass',
  'break-glass-access',
  'reconciler-access',
  'resource-lockout',
  'full-aws-access',
  'allow-list',
] as const;

export const liftableGuards = [
  'delete-budget',
  'empty-desired',
  'quota',
  'management-account',
  'delegate-escalation',
  'policy-order',
  'policy-slots',
  'customer-policy',
  'oidc-provider',
  'trusted-role',
  'account-move',
  'exposure',
] as const;

export type GuardId = (typeof absoluteGuards)[number] | (typeof liftableGuards)[number];

export const isAbsoluteGuard = (id: string): boolean => (absoluteGuards as readonly string[]).includes(id);
