/** Every audit rule: the one list, from which docs/audit.md is held true. */
import { accountRules } from './account.ts';
import { identityCenterRules } from './identity-center.ts';
import { resourceRules } from './resources.ts';
import { roleRules } from './roles.ts';
import type { AuditRule } from './rule.ts';
import { userRules } from './users.ts';

export const auditRules: readonly AuditRule[] = [
  ...userRules,
  ...accountRules,
  ...roleRules,
  ...resourceRules,
  ...identityCenterRules,
];
