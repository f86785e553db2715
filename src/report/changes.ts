/** The differences of a plan in one sentence each, and who gains or loses by them. */
import { kindRows } from '../kinds/kinds.ts';
import type { Change, Plan } from '../model/plan.ts';
import { subjectOf } from '../model/plan.ts';
import type { Resource } from '../model/resource.ts';
import { isControlPolicy } from '../model/resource.ts';
import { sentenceByChange } from '../render/change-sentences.ts';
import { givenOf } from './reaches.ts';
import type { ReportAccess, ReportChange, Subject } from './report.ts';
import { atOf, pathText } from './sides.ts';

const verbs: Readonly<Record<Change['action'], string>> = { create: 'New', update: 'Changed', delete: 'Gone' };

const nameOf = (resource: Resource): string => {
  if (isControlPolicy(resource)) return resource.name;
  switch (resource.kind) {
    case 'ou':
      return pathText(resource.path);
    case 'policy-type':
      return resource.type;
    case 'attachment': {
      const { target, policy } = resource;
      if (target.type === 'root') return `${policy.name} on the root`;
      return `${policy.name} on ${target.type === 'ou' ? pathText(target.path) : target.name}`;
    }
    case 'membership':
      return `${resource.user} in ${resource.group}`;
    case 'assignment':
      return `${resource.principal.name}: ${resource.permissionSet} in ${resource.account}`;
    case 'entitlement':
      return `${resource.principal.name}: role ${resource.role} in ${resource.account}`;
    case 'role':
    case 'policy':
      return `${resource.name} of ${resource.account}`;
    case 'oidc-provider':
      return `${resource.host} of ${resource.account}`;
    case 'access-attributes':
      return 'of Identity Center';
    case 'resource-policy':
      return `of ${resource.resource}`;
    case 'account':
    case 'group':
    case 'user':
    case 'permission-set':
      return resource.name;
  }
};

const differences: Readonly<Record<Change['action'], string>> = {
  create: 'AWS lacks',
  update: 'AWS has otherwise',
  delete: 'AWS has, and no file asks for it',
};

const difference = (change: Change): string => {
  const subject = subjectOf(change);
  return `${differences[change.action]}: ${kindRows[subject.kind].singular} ${nameOf(subject)}`;
};

/** Where the plan has no sentence of its own: a name that comes or goes. */
const plainWords = (change: Change): string => {
  const subject = subjectOf(change);
  if (change.adopts) return `Adopted: ${kindRows[subject.kind].singular} ${nameOf(subject)}`;
  return `${verbs[change.action]}: ${kindRows[subject.kind].singular} ${nameOf(subject)}`;
};

/** Of AWS, a difference is what is there, not what would put it right. */
export const changesOf = (plan: Plan, subject: Subject): readonly ReportChange[] => {
  const isLive = subject === 'live';
  const words = sentenceByChange(plan, isLive ? 'drift' : 'plan');
  const plain = isLive ? difference : plainWords;
  return plan.changes.map((change) => {
    const at = atOf(change.origin);
    return {
      action: change.action,
      words: (change.adopts === true ? undefined : words(change)) ?? plain(change),
      key: change.key,
      risk: change.risk,
      because: change.riskReasons ?? [],
      ...(at === undefined ? {} : { at }),
    };
  });
};

export const accessRowsOf = ({ access }: Plan): readonly ReportAccess[] =>
  access.map(({ principal, people, accounts, gained, lost, risk, riskReasons = [] }) => ({
    who: principal,
    people,
    accounts,
    gained: gained.map(givenOf),
    lost: lost.map(givenOf),
    risk,
    because: riskReasons,
  }));
