/**
 * How dangerous it is whom one statement of a trust policy lets in: the one judgment that the plan and the audit share. What
 * makes a trust open is the linter's; this adds who is outside.
 */
import type { Risk } from '../../model/desired.ts';
import type { Statement } from '../../model/policy.ts';
import { isAtLeast } from '../../model/risk.ts';
import { statementsOf } from '../lint/document.ts';
import { lintOpening, lintTrust } from '../lint/grants.ts';
import type { LintRuleId } from '../lint/rules.ts';
import { namesIn, valuesOf } from './principals.ts';

/** What counts as ours. */
export type OurOrganization = {
  /** Ids. */
  readonly accounts: ReadonlySet<string>;
  readonly organization: string;
  /** As in settings: the repository, whose first part is whom we are on GitHub. */
  readonly owner: string;
};

type TrustFault = { readonly rule: LintRuleId; readonly message: string };

const nowhere = { file: '', line: 0, column: 0 };

/** What the linter says of the statement alone. Without accounts nobody counts as a third party. */
export const trustFaults = (statement: Statement, accounts: readonly string[] = []): readonly TrustFault[] => {
  const document = { Version: '2012-10-17', Statement: [statement] };
  const at = () => nowhere;
  return statementsOf({ key: 'trust', use: 'trust', document, named: nowhere, at, keyAt: at }).flatMap((one) =>
    lintTrust(one, { accounts }),
  );
};

/** What the linter says of one statement of a resource's policy alone. */
export const openingFaults = (statement: Statement): readonly TrustFault[] => {
  const document = { Version: '2012-10-17', Statement: [statement] };
  const at = () => nowhere;
  return statementsOf({ key: 'resource', use: 'resource', document, named: nowhere, at, keyAt: at }).flatMap(
    lintOpening,
  );
};

const providerIn = ({ Principal }: Statement): string =>
  namesIn(Principal).flatMap(([type, name]) =>
    type === 'Federated' ? [name.split('provider/').at(-1) ?? name] : [],
  )[0] ?? 'a provider';

/** Nobody in particular: everybody, everybody but a few, or whoever has a token of a provider. */
export const anybodyIn = (statement: Statement): readonly string[] => {
  if (statement.NotPrincipal !== undefined) return ['everybody but a few'];
  const found = trustFaults(statement);
  const faults = found.filter(({ rule }) => rule === 'open-oidc-trust').map(({ message }) => message);
  return [
    ...(found.some(({ rule }) => rule === 'open-trust') ? ['everybody'] : []),
    ...(faults.length === 0 ? [] : [`anybody of ${providerIn(statement)} (${faults.join('; ')})`]),
  ];
};

export const isOpenToAnybody = (statement: Statement): boolean => anybodyIn(statement).length > 0;

/** Worst where the role is as good as its account; whoever is not ours has no business with less, either. */
export const riskFromOutside = (role: Risk): Risk => (isAtLeast(role, 'high') ? 'critical' : 'high');

const accountIn = (name: string): readonly string[] =>
  /^(?:arn:[^:]+:(?:iam|sts)::)?(\d{12})/.exec(name)?.slice(1) ?? [];

/** Who is everybody, is whom the conditions name. */
const accountsNamed = ({ Principal, Condition }: Statement): readonly string[] =>
  namesIn(Principal).flatMap(([type, name]) => {
    if (type !== 'AWS') return [];
    if (name !== '*') return accountIn(name);
    const arns = valuesOf(Condition, /^(String|Arn)(Equals|Like) aws:principal(arn|account)$/i);
    return arns.flatMap(accountIn);
  });

/** Of whom a service acts for: it comes with the rights of AWS, and does what its customer wants. */
const accountsActedFor = ({ Principal, Condition }: Statement): readonly string[] => {
  if (!namesIn(Principal).some(([type]) => type === 'Service')) return [];
  const said = valuesOf(Condition, /^(ForAnyValue:)?String(Equals|Like|EqualsIgnoreCase) aws:sourceaccount$/i);
  const arns = valuesOf(Condition, /^(ForAnyValue:)?(String|Arn)(Equals|Like) aws:sourcearn$/i);
  const named = [...said, ...arns.map((arn) => arn.split(':')[4] ?? '')];
  return named.filter((id) => /^\d{12}$/.test(id));
};

/** Of who comes, and of whom a service acts for. */
const organizationsNamed = ({ Condition }: Statement): readonly string[] =>
  valuesOf(Condition, /^(ForAnyValue:)?String(Equals|Like) aws:(principal|source)org(id|paths)$/i).map(
    (value) => value.split('/')[0] ?? '',
  );

const github = 'token.actions.githubusercontent.com';

/** `repo:OWNER/…`, `OWNER/…` or `OWNER`; the number after an at sign is the id of the owner (GitHub, "OpenID Connect reference"). */
const ownerIn = (claim: string): string =>
  (claim.replace(/^repo:/, '').split('/')[0] ?? '').replace(/@\d+$/, '').toLowerCase();

const claimed = ({ Condition }: Statement, claim: string): readonly string[] =>
  valuesOf(Condition, new RegExp(`^(ForAnyValue:)?String(Equals|Like|EqualsIgnoreCase) ${github}:${claim}$`, 'i'));

/** Of GitHub's tokens, where no claim proves that the repository is one of ours: what they say instead. */
const strangeRepositories = (statement: Statement, { owner }: OurOrganization): readonly string[] => {
  const isGithub = namesIn(statement.Principal).some(([type, name]) => type === 'Federated' && name.endsWith(github));
  if (!isGithub) return [];
  const ours = ownerIn(owner);
  const said = ['sub', 'repository', 'repository_owner'].map((claim) => claimed(statement, claim));
  if (said.some((values) => values.length > 0 && values.every((value) => ownerIn(value) === ours))) return [];
  const named = said.flat().filter((value) => ownerIn(value) !== ours);
  return named.length === 0 ? ['anybody on GitHub'] : named.map((value) => `${value} on GitHub`);
};

/** Whoever the statement names by name and who is not of the organization. */
export const strangersIn = (statement: Statement, ours: OurOrganization): readonly string[] => [
  ...[...accountsNamed(statement), ...accountsActedFor(statement)]
    .filter((id) => !ours.accounts.has(id))
    .map((id) => `account ${id}`),
  ...organizationsNamed(statement)
    .filter((id) => id !== ours.organization)
    .map((id) => `organization ${id}`),
  ...strangeRepositories(statement, ours),
];

/** Accounts that are not ours and need no external ID: somebody else may send them here (IAM User Guide, "The confused deputy problem"). */
export const thirdPartiesIn = (statement: Statement, ours: OurOrganization): readonly string[] =>
  trustFaults(statement, [...ours.accounts]).some(({ rule }) => rule === 'missing-external-id')
    ? strangersIn(statement, ours).filter((who) => who.startsWith('account '))
    : [];
