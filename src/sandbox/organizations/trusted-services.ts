/**
 * The services that can be given trusted access to an organization ("AWS services that you can use with AWS Organizations",
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html).
 */

const principals: ReadonlySet<string> = new Set(
  [
    ...[
      'access-analyzer',
      'account',
      'account-access',
      'agentless.inspector2',
      'auditmanager',
      'aws-artifact-account-sync',
    ],
    ...[
      'backup',
      'bedrock',
      'billing',
      'chatbot',
      'cloudtrail',
      'compute-optimizer',
      'config',
      'config-multiaccountsetup',
    ],
    ...['controltower', 'cost-optimization-hub.bcm', 'deadline', 'detective', 'devops-guru', 'ds', 'ec2'],
    ...[
      'ec2.capacitymanager',
      'fms',
      'guardduty',
      'health',
      'iam',
      'inspector2',
      'ipam',
      'license-management.marketplace',
    ],
    ...['license-manager', 'license-manager-linux-subscriptions', 'license-manager.member-account', 'macie'],
    ...['malware-protection.guardduty', 'managed-services', 'member.org.stacksets.cloudformation', 'mgn'],
    ...['network-security-director', 'networkflowmonitor', 'networkmanager', 'notifications', 'observabilityadmin'],
    ...['opsdatasync.ssm', 'private-marketplace.marketplace', 'procurement-insights.marketplace', 'q', 'ram'],
    ...['reachabilityanalyzer.networkinsights', 'reporting.trustedadvisor', 'resource-explorer-2', 'security-ir'],
    ...[
      'securityhub',
      'securityhubv2',
      'securitylake',
      'servicecatalog',
      'servicequotas',
      'ssm',
      'ssm-quicksetup',
      'sso',
    ],
    ...[
      'stacksets.cloudformation',
      'storage-lens.s3',
      'support',
      'tagpolicies.tag',
      'user-subscriptions',
      'wellarchitected',
    ],
  ].map((name) => `${name}.amazonaws.com`),
);

export const isTrustedService = (principal: string): boolean => principals.has(principal);

/** How many accounts may administer a service, where its own guide says so. */
const administrators: Readonly<Record<string, number>> = {
  'access-analyzer.amazonaws.com': 1,
  'auditmanager.amazonaws.com': 1,
  'cloudtrail.amazonaws.com': 3,
  'compute-optimizer.amazonaws.com': 1,
  'detective.amazonaws.com': 1,
  'devops-guru.amazonaws.com': 1,
  'guardduty.amazonaws.com': 1,
  'inspector2.amazonaws.com': 1,
  'ipam.amazonaws.com': 1,
  'macie.amazonaws.com': 1,
  'member.org.stacksets.cloudformation.amazonaws.com': 5,
  'resource-explorer-2.amazonaws.com': 1,
  'securityhub.amazonaws.com': 1,
  'securitylake.amazonaws.com': 1,
  'sso.amazonaws.com': 1,
  'storage-lens.s3.amazonaws.com': 5,
};

export const mostAdministrators = (principal: string): number =>
  Object.hasOwn(administrators, principal) ? Number(administrators[principal]) : Infinity;
