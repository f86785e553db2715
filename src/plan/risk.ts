/** A first guess at how much a change can hurt, from its kind and place alone; `withAccess` judges by what it does. */
import type { Risk } from '../model/desired.ts';
import { statements } from '../model/policy.ts';
import type { PolicyDocument, Statement } from '../model/policy.ts';
import type { PermissionSet, Resource } from '../model/resource.ts';
import { groupKey, permissionSetKey } from '../model/resource.ts';
import type { Draft } from './draft.ts';
import { subject } from './draft.ts';
import type { Trees } from './drafts.ts';
import { directionOf } from './edit-direction.ts';
import { assignmentsOfGroup } from './group-assignments.ts';
import { onlyTakesAway } from './permission-set.ts';
import { isFullAccess } from './situation.ts';
import type { Situation } from './situation.ts';

const administrators: readonly string[] = [
  'arn:aws:iam::aws:policy/AdministratorAccess',
  'arn:aws:iam::aws:policy/IAMFullAccess',
];

const names = (element: string | readonly string[] | undefined): readonly string[] =>
  element === undefined ? [] : typeof element === 'string' ? [element] : element;

const allowsEverything = (statement: Statement): boolean =>
  statement.Effect === 'Allow' && (statement.NotAction !== undefined || names(statement.Action).includes('*'));

const isBroad = (document: PolicyDocument | undefined): boolean =>
  document !== undefined && statements(document).some(allowsEverything);

const isAdministrator = (set: Resource | undefined): boolean =>
  set?.kind === 'permission-set' &&
  (set.managedPolicies.some((arn) => administrators.includes(arn)) || isBroad(set.inlinePolicy));

const isEverything = (resource: Resource | undefined): boolean => {
  if (resource?.kind === 'policy') return isBroad(resource.document);
  return (
    resource?.kind === 'role' &&
    (resource.managedPolicies.some((arn) => administrators.includes(arn)) ||
      Object.values(resource.inlinePolicies).some(isBroad))
  );
};

const isProduction = ({ desired }: Situation, account: string): boolean =>
  account === desired.managementAccount || desired.accountTags[account]?.['env'] === 'prod';

const ofAssignment = (situation: Situation, trees: Trees, draft: Draft): Risk => {
  if (draft.action === 'delete' || draft.after?.kind !== 'assignment') return 'low';
  const { permissionSet, account } = draft.after;
  if (isAdministrator(trees.final[permissionSetKey(permissionSet)])) return 'critical';
  return isProduction(situation, account) ? 'high' : 'medium';
};

const ofMembership = (situation: Situation, trees: Trees, draft: Draft): Risk => {
  const { after } = draft;
  if (after?.kind !== 'membership') return 'low';
  const held = assignmentsOfGroup(trees.final, after.group);
  if (held.some(({ permissionSet }) => isAdministrator(trees.final[permissionSetKey(permissionSet)])))
    return 'critical';
  return held.some(({ account }) => isProduction(situation, account)) ? 'high' : 'medium';
};

const ofSetUpdate = (before: PermissionSet, after: PermissionSet): Risk => {
  if (isAdministrator(after) && !isAdministrator(before)) return 'critical';
  return onlyTakesAway(before, after) ? 'medium' : 'high';
};

const ofSet = ({ before, after, action, adopts }: Draft): Risk => {
  if (adopts) return 'low';
  if (before?.kind === 'permission-set' && after?.kind === 'permission-set') return ofSetUpdate(before, after);
  return action === 'delete' ? 'medium' : isAdministrator(after) ? 'high' : 'medium';
};

/** Who may do what through it is found out by `withAccess`: here only whether it may do everything, or is taken away from. */
const ofIam = (draft: Draft): Risk => {
  const { before, after, action, adopts } = draft;
  if (adopts) return 'low';
  if (action === 'delete') return 'medium';
  if (isEverything(after) && !isEverything(before)) return 'critical';
  return directionOf(draft).looser ? 'high' : 'medium';
};

/** A guard rail that comes down is the worst that a plan can do quietly; one that goes up can lock people out. */
const ofRail = ({ phase, action, adopts, temporary }: Draft): Risk => {
  if (adopts) return 'low';
  if (temporary) return 'medium';
  if (phase === 'relax') return 'critical';
  return phase === 'prepare' ? (action === 'create' ? 'low' : 'medium') : 'high';
};

const breakGlassKeys = ({ desired }: Situation): readonly string[] => {
  const glass = desired.settings.breakGlass;
  return glass === undefined ? [] : [groupKey(glass.group), permissionSetKey(glass.permissionSet)];
};

type Touched = Pick<Draft, 'key' | 'action' | 'before' | 'adopts'>;

/** Whether the way in for emergencies is edited or taken away. */
export const breaksGlass = (situation: Situation, draft: Touched): boolean => {
  const glass = situation.desired.settings.breakGlass;
  const { before, action } = draft;
  if (glass === undefined || action === 'create' || draft.adopts) return false;
  if (breakGlassKeys(situation).includes(draft.key)) return true;
  if (before?.kind === 'membership') return before.group === glass.group;
  return before?.kind === 'assignment' && before.principal.name === glass.group;
};

const ofPlace = (draft: Draft, resource: Resource): Risk => {
  if (resource.kind === 'account') return draft.phase === 'relax' ? 'critical' : 'high';
  return isFullAccess(resource) ? 'critical' : ofRail(draft);
};

const byKind = (situation: Situation, trees: Trees, draft: Draft): Risk => {
  const resource = subject(draft);
  switch (resource.kind) {
    case 'assignment':
      return ofAssignment(situation, trees, draft);
    case 'membership':
      return ofMembership(situation, trees, draft);
    case 'permission-set':
      return ofSet(draft);
    case 'scp':
    case 'rcp':
      return draft.phase === 'remove' ? 'medium' : ofRail(draft);
    case 'attachment':
    case 'account':
      return ofPlace(draft, resource);
    case 'policy-type':
      return 'high';
    case 'role':
    case 'policy':
      return ofIam(draft);
    case 'oidc-provider':
      return 'medium';
    case 'group':
    case 'ou':
      return draft.action === 'delete' ? 'medium' : 'low';
  }
};

export const riskOf = (situation: Situation, trees: Trees, draft: Draft): Risk =>
  breaksGlass(situation, draft) ? 'critical' : byKind(situation, trees, draft);
