/**
 * Accounts in which the same people have the same, before and after: the same guard rails bind them, the same principals are
 * assigned the same sets, and no role of theirs, or that trusts them, tells them apart. One of each is compared.
 */
import type { ReachEngine } from '../../evaluate/reach/reach.ts';
import { grouped } from '../../model/lists.ts';
import { listOf, statements } from '../../model/policy.ts';
import type { PolicyDocument, Statement } from '../../model/policy.ts';
import { accountKey, resourcesOf, targetText } from '../../model/resource.ts';
import type { Account, Role, State } from '../../model/resource.ts';
import { everyAccount, lineNumbering, sampleOf } from '../situation/account-classes.ts';
import type { AccountSample } from '../situation/account-classes.ts';
import { policyTexts, railTexts } from '../situation/place-texts.ts';
import { accountKindOf } from './context.ts';
import type { AccessContext } from './context.ts';
import { askedTexts } from './side.ts';

export type CompareInput = {
  readonly states: readonly [before: State, after: State];
  readonly context: AccessContext;
  readonly reach: ReachEngine;
  readonly documents: readonly PolicyDocument[];
};

const rolesIn = ({ states }: CompareInput): readonly Role[] => states.flatMap((state) => resourcesOf(state, 'role'));

/** Whether the role may let in people of accounts that it does not name. */
export const letsAnybodyIn = ({ trust }: Pick<Role, 'trust'>): boolean => {
  const all = statements(trust).filter(({ Effect }) => Effect === 'Allow');
  return all.some((one) => one.NotPrincipal !== undefined || JSON.stringify(one.Principal ?? '*').includes('*'));
};

/** Grants on roles whose names hold the asker's account name other roles for each asker. */
const namesOwnAccount = (policy: PolicyDocument): boolean =>
  statements(policy).some((statement: Statement) => {
    const actions = listOf(statement.Action ?? '*');
    const resources = listOf(statement.Resource ?? statement.NotResource);
    return (
      actions.some((action) => /^(\*|sts:|iam:)/i.test(action)) &&
      resources.some((resource) => /\$\{aws:principalaccount\}/i.test(resource))
    );
  });

/** Names of accounts that have roles, and ids of those that are named where roles say whom they trust. */
const apartIn = (input: CompareInput): ((account: Account) => boolean) => {
  const roles = rolesIn(input);
  const named = new Set(roles.flatMap(({ trust }) => JSON.stringify(trust).match(/\d{12}/g) ?? []));
  const homes = new Set(roles.map(({ account }) => account));
  return ({ name, id }) => homes.has(name) || named.has(id);
};

const stateTexts = (state: State, { context, reach }: CompareInput): ((name: string) => string) => {
  const { knowledge, place } = context;
  const at = grouped(resourcesOf(state, 'attachment'), ({ target }) => targetText(target));
  const rails = railTexts((level) => ({ hanging: at.get(level) ?? [], more: [] }));
  const sets = resourcesOf(state, 'permission-set');
  const policies = policyTexts(sets, (key) => ({ found: state[key], more: [] }));
  const side = { reach, policies: knowledge.policies, place };
  const asked = askedTexts(side, () => resourcesOf(state, 'assignment'));
  return (name) => {
    const account = state[accountKey(name)];
    if (account?.kind !== 'account') return 'none';
    const bound = name === place.managementAccount ? 'management' : rails(account);
    return JSON.stringify([bound, policies(name), asked(account)]);
  };
};

const linesIn = (state: State): readonly (readonly string[])[] => {
  const lineOf = lineNumbering();
  const lines = grouped(resourcesOf(state, 'assignment'), ({ principal, permissionSet }) =>
    lineOf(principal, permissionSet),
  );
  return [...lines.values()].map((all) => all.map(({ account }) => account));
};

export const accessSampleOf = (input: CompareInput): AccountSample => {
  const { states, context, documents } = input;
  if (rolesIn(input).some(letsAnybodyIn) || documents.some(namesOwnAccount)) return everyAccount;
  const accounts = new Map(states.flatMap((state) => resourcesOf(state, 'account').map((one) => [one.name, one])));
  const isApart = apartIn(input);
  const unseen = new Set(context.unseen);
  const texts = states.map((state) => stateTexts(state, input));
  const textOf = (account: Account): string => {
    const own = isApart(account) ? account.name : unseen.has(account.id);
    return JSON.stringify([...texts.map((text) => text(account.name)), accountKindOf(context, account.name), own]);
  };
  return sampleOf({
    texts: [...accounts.values()].map((account) => [account.name, textOf(account)]),
    lines: states.flatMap(linesIn),
  });
};
