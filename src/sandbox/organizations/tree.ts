/** The organization, its root, OUs and accounts. */
import type { CallInput, SandboxOperation } from '../core.ts';
import { AwsError, nextId } from '../core.ts';
import { optionalTextMember, own, textMember } from '../members.ts';
import {
  above,
  accountIn,
  accountOutput,
  isParent,
  listOutput,
  missingFromOrganization,
  ouIn,
  ouOutput,
  parentIn,
  rootOutput,
} from './look.ts';
import type { OrganizationalUnit, OrganizationsState } from './state.ts';
import { attachDefaults, detachEverything } from './attach.ts';
import { constraint } from './refusal.ts';
import { organizationTagsIn } from './tags.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

/** OUs below the root (Organizations "Quotas and service limits"). */
const maxDepth = 5;
const maxUnits = 2_000;

const unitsOf = (state: OrganizationsState, parent: string) =>
  Object.values(state.ous).filter((unit) => unit.parent === parent);
const accountsOf = (state: OrganizationsState, parent: string) =>
  Object.values(state.accounts).filter((account) => account.parent === parent);

const listParents: SandboxOperation<SandboxWorld> = ({ organizations: state }, input) => {
  const child = own(state.accounts, textMember(input, 'ChildId')) ?? own(state.ous, textMember(input, 'ChildId'));
  if (!child) throw missingFromOrganization('ChildNotFoundException', "You specified a child that doesn't exist.");
  const Type = child.parent === state.rootId ? 'ROOT' : 'ORGANIZATIONAL_UNIT';
  return listOutput('Parents', [{ Id: child.parent, Type }], input);
};

const listChildren: SandboxOperation<SandboxWorld> = ({ organizations: state }, input) => {
  const parent = parentIn(state, input);
  const Type = textMember(input, 'ChildType');
  const children = Type === 'ACCOUNT' ? accountsOf(state, parent) : unitsOf(state, parent);
  return listOutput(
    'Children',
    children.map(({ Id }) => ({ Id, Type })),
    input,
  );
};

const reads: WorldOperations = {
  ListRoots: ({ organizations: state }, input, { now }) => listOutput('Roots', [rootOutput(state, now)], input),
  ListOrganizationalUnitsForParent: ({ organizations: state }, input) =>
    listOutput(
      'OrganizationalUnits',
      unitsOf(state, parentIn(state, input)).map((unit) => ouOutput(state, unit)),
      input,
    ),
  DescribeOrganizationalUnit: ({ organizations: state }, input) => ({
    OrganizationalUnit: ouOutput(state, ouIn(state, input)),
  }),
  ListChildren: listChildren,
  ListParents: listParents,
  ListAccounts: ({ organizations: state }, input) =>
    listOutput(
      'Accounts',
      Object.values(state.accounts).map((account) => accountOutput(state, account)),
      input,
    ),
  ListAccountsForParent: ({ organizations: state }, input) =>
    listOutput(
      'Accounts',
      accountsOf(state, parentIn(state, input)).map((account) => accountOutput(state, account)),
      input,
    ),
  DescribeAccount: ({ organizations: state }, input) => ({ Account: accountOutput(state, accountIn(state, input)) }),
};

const refuseTaken = (state: OrganizationsState, parent: string, name: string): void => {
  if (!unitsOf(state, parent).some((unit) => unit.Name === name)) return;
  throw new AwsError('DuplicateOrganizationalUnitException', 'An OU with the same name already exists.');
};

const createUnit: SandboxOperation<SandboxWorld> = ({ organizations: state, ids }, input, { now }) => {
  const parent = parentIn(state, input);
  const Name = textMember(input, 'Name');
  const tags = organizationTagsIn(input);
  // `above` counts the root too, so its length is the depth that the new OU would have.
  if (above(state, parent).length > maxDepth)
    throw constraint('OU_DEPTH_LIMIT_EXCEEDED', `You have exceeded the maximum OU depth of ${maxDepth}.`);
  if (Object.keys(state.ous).length >= maxUnits)
    throw constraint('OU_NUMBER_LIMIT_EXCEEDED', `You have reached the limit of ${maxUnits} OUs.`);
  refuseTaken(state, parent, Name);
  const Id = `ou-${state.rootId.slice(2)}-${nextId(ids, 8, 'abcdefghijklmnopqrstuvwxyz0123456789')}`;
  const unit: OrganizationalUnit = { Id, Name, parent };
  state.ous[Id] = unit;
  if (tags.length > 0) state.tags[Id] = [...tags];
  attachDefaults(state, Id, now);
  return { OrganizationalUnit: ouOutput(state, unit) };
};

const updateUnit: SandboxOperation<SandboxWorld> = ({ organizations: state }, input) => {
  const unit = ouIn(state, input);
  const name = optionalTextMember(input, 'Name') ?? unit.Name;
  if (name !== unit.Name) refuseTaken(state, unit.parent, name);
  unit.Name = name;
  return { OrganizationalUnit: ouOutput(state, unit) };
};

const deleteUnit: SandboxOperation<SandboxWorld> = ({ organizations: state }, input) => {
  const { Id } = ouIn(state, input);
  if (unitsOf(state, Id).length > 0 || accountsOf(state, Id).length > 0)
    throw new AwsError('OrganizationalUnitNotEmptyException', 'The organizational unit still has children.');
  detachEverything(state, Id);
  Reflect.deleteProperty(state.tags, Id);
  Reflect.deleteProperty(state.ous, Id);
  return {};
};

const endIn = (state: OrganizationsState, input: CallInput, end: 'Source' | 'Destination'): string => {
  const id = textMember(input, `${end}ParentId`);
  if (isParent(state, id)) return id;
  throw missingFromOrganization(`${end}ParentNotFoundException`, `We can't find the ${end.toLowerCase()} root or OU.`);
};

const moveAccount: SandboxOperation<SandboxWorld> = ({ organizations: state }, input) => {
  const account = accountIn(state, input);
  const source = endIn(state, input, 'Source');
  const destination = endIn(state, input, 'Destination');
  if (account.parent === destination)
    throw new AwsError('DuplicateAccountException', 'That account is already present in the specified destination.');
  if (account.parent !== source)
    throw missingFromOrganization('SourceParentNotFoundException', 'The account is not in the source root or OU.');
  account.parent = destination;
  return {};
};

export const treeOperations: WorldOperations = {
  ...reads,
  CreateOrganizationalUnit: createUnit,
  UpdateOrganizationalUnit: updateUnit,
  DeleteOrganizationalUnit: deleteUnit,
  MoveAccount: moveAccount,
};
