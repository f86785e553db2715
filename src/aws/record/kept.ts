/**
 * Which answers are kept. Those that list what there is are not: they cost few calls, and asking them again finds whatever was
 * made, renamed, closed or deleted without any event.
 */
import type { ResourceService } from '../../kinds/resource-policies.ts';
import { resourceServiceNames } from '../../kinds/resource-policies.ts';
import type { RecordedQuestion } from './tape.ts';

const setFields = [
  'sso-admin:DescribePermissionSet',
  'sso-admin:GetInlinePolicyForPermissionSet',
  'sso-admin:ListManagedPoliciesInPermissionSet',
  'sso-admin:ListCustomerManagedPolicyReferencesInPermissionSet',
  'sso-admin:GetPermissionsBoundaryForPermissionSet',
] as const;

/** One question for what each service asks in calls of its own. */
export const policyOperation = (service: ResourceService): string => `${service}:ResourcePolicy`;

/** The questions by what they are about. */
export const keptOperations = {
  ous: ['organizations:ListOrganizationalUnitsForParent'],
  tags: ['organizations:ListTagsForResource'],
  policies: ['organizations:DescribePolicy'],
  targets: ['organizations:ListTargetsForPolicy'],
  sets: setFields,
  setTags: ['sso-admin:ListTagsForResource'],
  provisioning: ['sso-admin:ListAccountsForProvisionedPermissionSet'],
  provisionedTo: ['sso-admin:ListPermissionSetsProvisionedToAccount'],
  assignments: ['sso-admin:ListAccountAssignments', 'sso-admin:ListAccountAssignmentsForPrincipal'],
  memberships: ['identitystore:ListGroupMemberships'],
  iam: [
    'iam:GetAccountAuthorizationDetails',
    'iam:ListRoles',
    'iam:ListOpenIDConnectProviders',
    'iam:GetOpenIDConnectProvider',
    'iam:ListPolicyTags',
  ],
  resourcePolicies: resourceServiceNames.map(policyOperation),
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type KeptGroup = keyof typeof keptOperations;

const all: ReadonlySet<string> = new Set(Object.values(keptOperations).flat());

export const isKept = ({ operation }: RecordedQuestion): boolean => all.has(operation);

/** An error that is an answer: there is none. */
export const isKeptError = ({ operation }: RecordedQuestion, name: string): boolean =>
  operation === 'sso-admin:GetPermissionsBoundaryForPermissionSet' && name === 'ResourceNotFoundException';

const ofThePage = new Set(['NextToken', 'Marker']);

const membersOf = (input: RecordedQuestion['input']): readonly (readonly [string, unknown])[] =>
  Object.entries(input)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));

const textOf = (
  { operation, account = '' }: RecordedQuestion,
  members: readonly (readonly [string, unknown])[],
): string => JSON.stringify([operation, account, ...members]);

export const questionText = (question: RecordedQuestion): string => textOf(question, membersOf(question.input));

/** The pages of one list are one answer. */
export const listText = (question: RecordedQuestion): string =>
  textOf(
    question,
    membersOf(question.input).filter(([name]) => !ofThePage.has(name)),
  );
