/** What the organization in AWS has to be. Decides on facts alone. */
import type { AwsFacts, Fact, LiveRole, QuotaCount } from '../model/set-up.ts';
import type { Check, CheckVerdict } from './check.ts';
import { fine, judgedFact, warn, wrong } from './check.ts';
import { roleFindings } from './judge-role.ts';
import type { RoleDocuments } from './template.ts';
import { audience, issuer } from './trust.ts';

export type DeclaredSetUp = {
  readonly organization: string;
  readonly region: string;
  /** The delegated administrator that settings.yaml names. */
  readonly delegated: string | undefined;
  /** Policy types that the repository has policies of. */
  readonly policyTypes: readonly string[];
  /** What the roles have to be; nothing where GitHub could not be asked. */
  readonly roles: Readonly<Record<'plan' | 'apply', RoleDocuments>> | undefined;
  /** The command that prints the template of the roles, as the reader types it. */
  readonly template: string;
};

const organization = (facts: AwsFacts, declared: DeclaredSetUp): CheckVerdict =>
  facts.organization === declared.organization
    ? fine(`the organization is ${facts.organization}`)
    : wrong(
        `the credentials lead to ${facts.organization}, not to ${declared.organization}`,
        'Compare `organization` in access/settings.yaml with the profile in use. Nothing is written there.',
      );

const credential = (facts: AwsFacts, { delegated }: DeclaredSetUp): CheckVerdict => {
  const { account, managementAccount } = facts;
  if (account === managementAccount)
    return delegated === undefined
      ? fine('the credential is of the management account')
      : warn(
          'the credential is of the management account',
          `settings.yaml names ${delegated} as delegated administrator: run there.`,
        );
  if (account !== delegated)
    return wrong(
      `the credential is of account ${account}, neither the management account nor the declared delegated administrator`,
      'Set `delegatedAdministrator` in access/settings.yaml, or use a role of the management account.',
    );
  return judgedFact(facts.delegated, (registered) =>
    registered.includes(account)
      ? fine('the credential is of the delegated administrator of Identity Center')
      : wrong(
          `account ${account} is not registered as delegated administrator of sso.amazonaws.com`,
          'organizations:RegisterDelegatedAdministrator, by the management account.',
        ),
  );
};

const featureSet = ({ featureSet: found }: AwsFacts): CheckVerdict =>
  found === 'ALL'
    ? fine('the organization has all features')
    : wrong(
        `the organization has ${found} only`,
        'SCPs need all features: Organizations, Settings, Begin process to enable all features.',
      );

const identityCenter = ({ instance }: AwsFacts, { region }: DeclaredSetUp): CheckVerdict =>
  judgedFact(instance, (found) => {
    if (found === 'absent')
      return wrong(
        `Identity Center has no instance in ${region}`,
        'Set `region` in access/settings.yaml to the Region where it was enabled.',
      );
    return found.status === 'ACTIVE' || found.status === ''
      ? fine(`Identity Center is in ${region}`)
      : warn(`Identity Center in ${region} is ${found.status}`, 'Wait until it is ACTIVE.');
  });

const trustedAccess = ({ trusted }: AwsFacts): CheckVerdict =>
  judgedFact(trusted, (services) =>
    services.includes('sso.amazonaws.com')
      ? fine('Identity Center may act in the organization')
      : wrong(
          'trusted access of sso.amazonaws.com is off',
          'organizations:EnableAWSServiceAccess, by the management account.',
        ),
  );

const policyTypes = ({ policyTypes: fact }: AwsFacts, declared: DeclaredSetUp): CheckVerdict =>
  judgedFact(fact, (enabled) => {
    const missing = declared.policyTypes.filter((type) => !enabled.includes(type));
    return missing.length === 0
      ? fine('the policy types that are declared are enabled')
      : warn(`${missing.join(' and ')} is not enabled`, 'The next apply enables it.');
  });

const deploy = ({ template }: DeclaredSetUp): string => `Deploy the template: ${template}`;

const provider = ({ provider: fact }: AwsFacts, declared: DeclaredSetUp): CheckVerdict =>
  judgedFact(fact, (audiences) => {
    const hint = deploy(declared);
    if (audiences === 'absent') return wrong(`there is no OIDC provider ${issuer}`, hint);
    return audiences.includes(audience)
      ? fine("GitHub's tokens are known")
      : wrong(`the OIDC provider ${issuer} does not take tokens for ${audience}`, hint);
  });

const role = (fact: Fact<LiveRole | 'absent'>, name: 'plan' | 'apply', declared: DeclaredSetUp): CheckVerdict =>
  judgedFact(fact, (live) => {
    const { roles } = declared;
    const hint = deploy(declared);
    if (live === 'absent') return wrong(`there is no role for the ${name}`, hint);
    if (roles === undefined)
      return {
        status: 'unknown',
        message: `the role of the ${name} is there; what it should trust has to be asked of GitHub`,
      };
    const findings = roleFindings(live, roles[name]);
    return findings.length === 0
      ? fine(`the role of the ${name} trusts this repository's ${name} and no more`)
      : wrong(`the role of the ${name}: ${findings.join('; ')}`, hint);
  });

const events = ({ events: fact, account, managementAccount }: AwsFacts, declared: DeclaredSetUp): CheckVerdict => {
  const whole = 'plans of pull requests read AWS whole';
  const trail = 'docs/setup.md, "What CloudTrail has to tell".';
  if ('unreadable' in fact)
    return warn(
      `CloudTrail cannot be asked, and ${whole}: ${fact.unreadable}`,
      `Allow cloudtrail:LookupEvents in us-east-1 and ${declared.region}. ${deploy(declared)}`,
    );
  if (fact.value === 'organization trail') return fine('an organization trail tells plans what moved, in all accounts');
  if (account !== managementAccount)
    return warn(
      `CloudTrail shows this account only its own calls, and ${whole}`,
      `An organization trail here: ${trail}`,
    );
  return fine('plans learn what moved from the event history of each account');
};

/** Warn from this share of a quota on: the next few changes may not fit. */
const nearly = 0.9;

const quotas = ({ counts }: AwsFacts): CheckVerdict =>
  judgedFact(counts, (all) => {
    const near = all.filter(({ count, most }) => count >= most * nearly);
    const words = (some: readonly QuotaCount[]): string =>
      some.map(({ what, count, most }) => `${count} of ${most} ${what}`).join(', ');
    return near.length === 0 ? fine(words(all)) : warn(words(near), 'Service Quotas, in the management account.');
  });

export const awsChecks = (facts: AwsFacts, declared: DeclaredSetUp): readonly Check[] => {
  const verdicts: Readonly<Record<string, CheckVerdict>> = {
    organization: organization(facts, declared),
    credential: credential(facts, declared),
    'feature-set': featureSet(facts),
    'identity-center': identityCenter(facts, declared),
    'trusted-access': trustedAccess(facts),
    'policy-types': policyTypes(facts, declared),
    'oidc-provider': provider(facts, declared),
    'plan-role': role(facts.roles.plan, 'plan', declared),
    'apply-role': role(facts.roles.apply, 'apply', declared),
    quotas: quotas(facts),
    events: events(facts, declared),
  };
  return Object.entries(verdicts).map(([id, verdict]) => ({ id, area: 'AWS', ...verdict }));
};
