import { expect, it } from 'vitest';
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import { resourcesOf } from '../../src/model/resource.ts';
import { accessBetween } from '../../src/plan/access/access.ts';
import { NOW, desiredOn } from '../support/securecart.ts';

const { state, settings, managementAccount, accountTags } = desiredOn(undefined);
const { ratings } = accessBetween(state, state, {
  knowledge: { actions: loadActionCatalogue(), policies: loadCatalogue() },
  place: { organization: settings.organization, region: settings.region, managementAccount },
  isProduction: (account) => accountTags[account]?.['env'] === 'prod',
  unseen: [],
  isManagement: (account) => account === managementAccount,
  now: NOW,
});
const risksIn = (account: string): Readonly<Record<string, string>> =>
  Object.fromEntries(resourcesOf(state, 'permission-set').map(({ name }) => [name, ratings.ofSet(name, account).risk]));

it('rates each set of SecureCart by what it gives', () => {
  expect({ dev: risksIn('SecureCart-Dev'), production: risksIn('SecureCart-Production') }).toMatchInlineSnapshot(`
    {
      "dev": {
        "AdministratorAccess": "critical",
        "AdministratorAccess-Prod": "critical",
        "PowerUserAccess": "critical",
        "SecureCart-BreakGlass": "critical",
        "SecureCart-DataEngineer": "critical",
        "SecureCart-DevAdmin": "critical",
        "SecureCart-DevOps": "high",
        "SecureCart-Developer": "high",
        "SecureCart-Executive": "low",
        "SecureCart-Finance": "medium",
        "SecureCart-Product": "medium",
        "SecureCart-ReadOnly": "medium",
        "SecureCart-Security": "medium",
        "SecureCart-Support": "medium",
        "SecureCart-Vendor": "medium",
      },
      "production": {
        "AdministratorAccess": "critical",
        "AdministratorAccess-Prod": "critical",
        "PowerUserAccess": "critical",
        "SecureCart-BreakGlass": "critical",
        "SecureCart-DataEngineer": "critical",
        "SecureCart-DevAdmin": "critical",
        "SecureCart-DevOps": "critical",
        "SecureCart-Developer": "high",
        "SecureCart-Executive": "medium",
        "SecureCart-Finance": "high",
        "SecureCart-Product": "high",
        "SecureCart-ReadOnly": "high",
        "SecureCart-Security": "high",
        "SecureCart-Support": "high",
        "SecureCart-Vendor": "high",
      },
    }
  `);
});

it('takes no read for permissions management: who only reads is not high', () => {
  const inDev = ratings.ofSet('SecureCart-ReadOnly', 'SecureCart-Dev');
  expect(inDev.risk).toBe('medium');
  const inProduction = ratings.ofSet('SecureCart-ReadOnly', 'SecureCart-Production');
  expect([...inDev.reasons, ...inProduction.reasons].join()).not.toMatch(/permissions-management|escalation/);
});
