/** A row for each kind: what it is called, which API has it, and in which phase of a plan it comes and goes. */
import type { Phase } from '../model/plan.ts';
import { controlKinds } from '../model/resource.ts';
import type { ControlKind, Kind } from '../model/resource.ts';
import { controlPolicyTypes } from './control-policies.ts';

export type Api = 'organizations' | 'sso-admin' | 'identity-store' | 'iam' | 'account-access' | 'resources';
export type KindRow = {
  readonly singular: string;
  readonly plural: string;
  readonly api: Api;
  /** When it is made and deleted, where nothing about the very resource asks for another phase. */
  readonly appears: Phase;
  readonly goes: Phase;
};

const controlRow = (kind: ControlKind): KindRow => {
  const { word: singular, plural } = controlPolicyTypes[kind];
  return { singular, plural, api: 'organizations', appears: 'prepare', goes: 'remove' };
};
const controlRows = Object.fromEntries(controlKinds.map((kind) => [kind, controlRow(kind)])) as Readonly<
  Record<ControlKind, KindRow>
>;

export const kindRows: Readonly<Record<Kind, KindRow>> = {
  'policy-type': {
    singular: 'policy type',
    plural: 'policy types',
    api: 'organizations',
    appears: 'prepare',
    goes: 'remove',
  },
  ou: { singular: 'OU', plural: 'OUs', api: 'organizations', appears: 'prepare', goes: 'remove' },
  account: { singular: 'account', plural: 'accounts', api: 'organizations', appears: 'restrict', goes: 'remove' },
  ...controlRows,
  attachment: {
    singular: 'attachment',
    plural: 'attachments',
    api: 'organizations',
    appears: 'restrict',
    goes: 'relax',
  },
  group: { singular: 'group', plural: 'groups', api: 'identity-store', appears: 'grant', goes: 'remove' },
  // Who holds nothing is felt by nobody.
  user: { singular: 'user', plural: 'users', api: 'identity-store', appears: 'prepare', goes: 'remove' },
  membership: {
    singular: 'membership',
    plural: 'memberships',
    api: 'identity-store',
    appears: 'grant',
    goes: 'revoke',
  },
  'permission-set': {
    singular: 'permission set',
    plural: 'permission sets',
    api: 'sso-admin',
    appears: 'grant',
    goes: 'remove',
  },
  assignment: { singular: 'assignment', plural: 'assignments', api: 'sso-admin', appears: 'grant', goes: 'revoke' },
  entitlement: {
    singular: 'entitlement',
    plural: 'entitlements',
    api: 'account-access',
    appears: 'grant',
    goes: 'revoke',
  },
  role: { singular: 'role', plural: 'roles', api: 'iam', appears: 'grant', goes: 'revoke' },
  policy: { singular: 'customer policy', plural: 'customer policies', api: 'iam', appears: 'prepare', goes: 'remove' },
  // Trust policies may name it already.
  'oidc-provider': {
    singular: 'OIDC provider',
    plural: 'OIDC providers',
    api: 'iam',
    appears: 'grant',
    goes: 'remove',
  },
  'resource-policy': {
    singular: 'resource policy',
    plural: 'resource policies',
    api: 'resources',
    appears: 'grant',
    goes: 'revoke',
  },
  'access-attributes': {
    // One configuration of many attributes.
    singular: 'set of attributes for access control',
    plural: 'sets of attributes for access control',
    api: 'sso-admin',
    appears: 'grant',
    goes: 'revoke',
  },
};
