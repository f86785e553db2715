/** What a role's trust policy must say so that account access manager opens the role to people. */
import { globMatches } from './glob.ts';
import { listOf, statements } from './policy.ts';
import type { PolicyDocument, Statement } from './policy.ts';
import type { AccountId } from './resource.ts';

const ACCOUNT_ACCESS_SERVICE = 'account-access.amazonaws.com';

/**
 * IAM User Guide, "Prepare your IAM roles": sts:AssumeRole and sts:SetContext. It calls sts:TagSession optional, for
 * attributes of the directory that become session tags; the documentation of Terraform and Pulumi says that without it no
 * credentials come.
 */
const needed = ['sts:AssumeRole', 'sts:SetContext'] as const;
const forTags = 'sts:TagSession';

type ManagementAccount = { readonly name: string; readonly id: AccountId };

export type EntitlementGap = {
  readonly rule: 'role-not-entitled' | 'entitlement-without-tags' | 'entitlement-from-anywhere';
  readonly says: string;
  readonly hint: string;
};

const namesService = ({ Principal }: Statement): boolean =>
  typeof Principal === 'object' && listOf(Principal['Service']).includes(ACCOUNT_ACCESS_SERVICE);

const speaksOf = (statement: Statement, action: string): boolean =>
  listOf(statement.Action).some((pattern) => globMatches(pattern.toLowerCase(), action.toLowerCase()));

/** The application is the management account's, and the service acts for it. */
const isForOurs = ({ Condition = {} }: Statement, management: AccountId): boolean =>
  Object.values(Condition)
    .flatMap((keys) => Object.entries(keys))
    .some(([key, values]) => {
      const texts = listOf(values).map(String);
      if (key.toLowerCase() === 'aws:sourceaccount') return texts.every((text) => text === management);
      return key.toLowerCase() === 'aws:sourcearn' && texts.every((text) => text.split(':')[4] === management);
    });

const shutsOut = (statement: Statement): boolean =>
  statement.Effect === 'Deny' &&
  statement.Condition === undefined &&
  (statement.Principal === '*' || namesService(statement));

type OpenedTrust = { readonly open: readonly Statement[]; readonly lacking: readonly string[] };

const openedBy = (trust: PolicyDocument): OpenedTrust => {
  const all = statements(trust);
  const open = all.filter((statement) => statement.Effect === 'Allow' && namesService(statement));
  const shut = all.filter(shutsOut);
  const isAllowed = (action: string): boolean =>
    open.some((statement) => speaksOf(statement, action)) && !shut.some((statement) => speaksOf(statement, action));
  return { open, lacking: [...needed, forTags].filter((action) => !isAllowed(action)) };
};

/** Whether CreateEntitlement takes the role, as far as its trust is concerned. */
export const isEntitling = (trust: PolicyDocument): boolean =>
  openedBy(trust).lacking.every((action) => action === forTags);

const entryFor = ({ name }: ManagementAccount): string =>
  `{ service: ${ACCOUNT_ACCESS_SERVICE}, sourceAccount: ${name}, setContext: true, tagSession: true }`;

/** The first is all there is to say where the service is not let in. */
export const entitlementGaps = (trust: PolicyDocument, management: ManagementAccount): readonly EntitlementGap[] => {
  const { open, lacking } = openedBy(trust);
  const missing = lacking.filter((action) => action !== forTags);
  if (missing.length > 0) {
    const says = `has a trust that does not allow ${ACCOUNT_ACCESS_SERVICE} ${missing.join(' and ')}`;
    return [{ rule: 'role-not-entitled', says, hint: `Add to its trust: ${entryFor(management)}.` }];
  }
  const tagless: EntitlementGap = {
    rule: 'entitlement-without-tags',
    says: `has a trust that does not allow ${ACCOUNT_ACCESS_SERVICE} ${forTags}`,
    hint: 'Add tagSession: true to that entry of its trust.',
  };
  const anywhere: EntitlementGap = {
    rule: 'entitlement-from-anywhere',
    says: `lets ${ACCOUNT_ACCESS_SERVICE} in when it acts for other accounts than the management account`,
    hint: `Write sourceAccount: ${management.name} in that entry of its trust.`,
  };
  return [
    ...(lacking.includes(forTags) ? [tagless] : []),
    ...(open.filter((statement) => speaksOf(statement, 'sts:AssumeRole')).every((one) => isForOurs(one, management.id))
      ? []
      : [anywhere]),
  ];
};
