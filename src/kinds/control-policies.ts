/**
 * The types of Organizations policies, a row each: everything that tells one from another but for how it is evaluated.
 * A kind that `model/resource.ts` names and this table lacks does not compile.
 */
import type { QuotaName } from '../model/quotas.ts';
import { FULL_AWS_ACCESS, RCP_FULL_AWS_ACCESS, guardRailKinds, isGuardRailKind } from '../model/resource.ts';
import type { ControlKind, GuardRailKind, SettingsKind } from '../model/resource.ts';

type PolicyQuotas = {
  /** Characters of the content, which AWS counts as it is sent. Absent: AWS publishes no limit of the type, and none is checked. */
  readonly size?: QuotaName;
  readonly perTarget?: QuotaName;
  readonly perOrganization?: QuotaName;
};

type NamedPolicyType = { readonly word: string; readonly longWord: string; readonly plural: string };

/** Statements that allow or deny, which are judged. */
type GuardRailType = NamedPolicyType & {
  readonly quotas: Required<PolicyQuotas>;
  /** Whether its statements may allow, or only deny. */
  readonly effects: 'allow or deny' | 'deny only';
  /** AWS's own policy that allows everything. One that `stays` hangs on every target and no state lists it. */
  readonly fullAccess: { readonly name: string; readonly detaching: 'possible' | 'refused' };
};

/** Settings that are compared as JSON, and inherited through operators. */
type SettingsPolicyType = NamedPolicyType & {
  readonly quotas: PolicyQuotas;
  /** The one key at the top of its document. */
  readonly element: string;
  /** The page of its syntax, in the Organizations User Guide. */
  readonly page: string;
  /** `security`: turning it off or down leaves accounts without a protection. */
  readonly about: 'security' | 'operations';
};

export const guardRailTypes: Readonly<Record<GuardRailKind, GuardRailType>> = {
  scp: {
    word: 'SCP',
    longWord: 'service control policy',
    plural: 'SCPs',
    effects: 'allow or deny',
    quotas: { size: 'scpSize', perTarget: 'scpsPerTarget', perOrganization: 'scpsPerOrganization' },
    fullAccess: { name: FULL_AWS_ACCESS, detaching: 'possible' },
  },
  rcp: {
    word: 'RCP',
    longWord: 'resource control policy',
    plural: 'RCPs',
    effects: 'deny only',
    quotas: { size: 'rcpSize', perTarget: 'rcpsPerTarget', perOrganization: 'rcpsPerOrganization' },
    // AWS attaches it everywhere and does not let it be detached (Organizations User Guide, "RCPs").
    fullAccess: { name: RCP_FULL_AWS_ACCESS, detaching: 'refused' },
  },
};

const guide = 'https://docs.aws.amazon.com/organizations/latest/userguide';
/** Of the types that "Quotas and service limits" lists (orgs_reference_limits.html). */
const listed = {
  size: 'settingsPolicySize',
  perTarget: 'settingsPoliciesPerTarget',
  perOrganization: 'settingsPoliciesPerOrganization',
} as const;
/** Of types that stand with their size alone in CloudFormation's reference (aws-resource-organizations-policy.html). */
const onlySized = { size: 'settingsPolicySize' } as const;

export const settingsPolicyTypes: Readonly<Record<SettingsKind, SettingsPolicyType>> = {
  'tag-policy': {
    word: 'tag policy',
    longWord: 'tag policy',
    plural: 'tag policies',
    element: 'tags',
    page: `${guide}/orgs_manage_policies_example-tag-policies.html`,
    about: 'operations',
    quotas: listed,
  },
  'backup-policy': {
    word: 'backup policy',
    longWord: 'backup policy',
    plural: 'backup policies',
    element: 'plans',
    page: `${guide}/orgs_manage_policies_backup_syntax.html`,
    about: 'security',
    quotas: listed,
  },
  'ai-opt-out-policy': {
    word: 'AI opt-out policy',
    longWord: 'AI services opt-out policy',
    plural: 'AI opt-out policies',
    element: 'services',
    page: `${guide}/orgs_manage_policies_ai-opt-out_syntax.html`,
    about: 'security',
    quotas: { ...listed, size: 'aiOptOutPolicySize', perTarget: 'aiAndChatPoliciesPerTarget' },
  },
  'chat-policy': {
    word: 'chat policy',
    longWord: 'chat applications policy',
    plural: 'chat policies',
    element: 'chatbot',
    page: `${guide}/orgs_manage_policies_chatbot_syntax.html`,
    about: 'security',
    quotas: { ...listed, perTarget: 'aiAndChatPoliciesPerTarget' },
  },
  'ec2-policy': {
    word: 'EC2 policy',
    longWord: 'declarative policy for EC2',
    plural: 'EC2 policies',
    element: 'ec2_attributes',
    page: `${guide}/orgs_manage_policies_declarative_syntax.html`,
    about: 'security',
    quotas: listed,
  },
  'security-hub-policy': {
    word: 'Security Hub policy',
    longWord: 'Security Hub policy',
    plural: 'Security Hub policies',
    element: 'securityhub',
    page: `${guide}/orgs_manage_policies_security_hub_syntax.html`,
    about: 'security',
    quotas: listed,
  },
  'inspector-policy': {
    word: 'Inspector policy',
    longWord: 'Amazon Inspector policy',
    plural: 'Inspector policies',
    element: 'inspector',
    page: `${guide}/orgs_manage_policies_inspector_syntax.html`,
    about: 'security',
    quotas: onlySized,
  },
  'guardduty-policy': {
    word: 'GuardDuty policy',
    longWord: 'Amazon GuardDuty policy',
    plural: 'GuardDuty policies',
    element: 'guardduty',
    page: `${guide}/orgs_manage_policies_guardduty_syntax.html`,
    about: 'security',
    quotas: {},
  },
  's3-policy': {
    word: 'S3 policy',
    longWord: 'Amazon S3 policy',
    plural: 'S3 policies',
    element: 's3_attributes',
    page: `${guide}/orgs_manage_policies_s3_syntax.html`,
    about: 'security',
    quotas: {},
  },
  'bedrock-policy': {
    word: 'Bedrock policy',
    longWord: 'Amazon Bedrock policy',
    plural: 'Bedrock policies',
    element: 'bedrock',
    page: `${guide}/orgs_manage_policies_bedrock_syntax.html`,
    about: 'security',
    quotas: onlySized,
  },
  'network-security-policy': {
    word: 'network security policy',
    longWord: 'network security director policy',
    plural: 'network security policies',
    element: 'network_security_director',
    page: `${guide}/orgs_manage_policies_network_security_director_syntax.html`,
    about: 'security',
    quotas: {},
  },
  'upgrade-rollout-policy': {
    word: 'upgrade rollout policy',
    longWord: 'upgrade rollout policy',
    plural: 'upgrade rollout policies',
    element: 'upgrade_rollout',
    page: `${guide}/orgs_manage_policies_upgrade_syntax.html`,
    about: 'operations',
    // Its syntax page says 5,120 bytes and CloudFormation's reference 10,000 characters: AWS has the last word above.
    quotas: onlySized,
  },
};

export const controlPolicyTypes: Readonly<Record<ControlKind, NamedPolicyType & { readonly quotas: PolicyQuotas }>> = {
  ...guardRailTypes,
  ...settingsPolicyTypes,
};

/** AWS's own policy of the kind that allows everything. */
export const fullAccessOf = (kind: ControlKind): GuardRailType['fullAccess'] | undefined =>
  isGuardRailKind(kind) ? guardRailTypes[kind].fullAccess : undefined;

/** AWS's policies that hang on every target while the type is enabled, and that nobody can detach. */
export const fixedPolicies = (kind: ControlKind): readonly string[] => {
  const full = fullAccessOf(kind);
  return full?.detaching === 'refused' ? [full.name] : [];
};

export const isFullAccessName = (name: string): boolean =>
  guardRailKinds.some((kind) => guardRailTypes[kind].fullAccess.name === name);

export const canAllow = (kind: GuardRailKind): boolean => guardRailTypes[kind].effects === 'allow or deny';
