/** The policies that AWS itself attaches to every root, OU and account while their type is enabled. */
import type { OrganizationPolicy } from './state.ts';

export const fullAccess = (): readonly OrganizationPolicy[] => [
  {
    Id: 'p-FullAWSAccess',
    Name: 'FullAWSAccess',
    Description: 'Allows access to every operation',
    Type: 'SERVICE_CONTROL_POLICY',
    AwsManaged: true,
    Content: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    }),
  },
  {
    Id: 'p-RCPFullAWSAccess',
    Name: 'RCPFullAWSAccess',
    Description: 'Allows access to every resource',
    Type: 'RESOURCE_CONTROL_POLICY',
    AwsManaged: true,
    Content: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
    }),
  },
];
