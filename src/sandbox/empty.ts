/** An AWS in which nobody has done anything: one account, in no organization, without Identity Center. */
import { emptyIdentityStore } from './identity-store/state.ts';
import { ssoWithoutInstance } from './identity-center/state.ts';
import { iamOf } from './iam/state.ts';
import { fullAccess } from './organizations/full-access.ts';
import type { OrganizationsState } from './organizations/state.ts';
import { openManagement } from './seed-accounts.ts';
import type { SandboxWorld } from './world.ts';
import { defaultSettings } from './world.ts';

type EmptyInput = { readonly account: string; readonly region: string };

const alone = (account: string, now: number): OrganizationsState => ({
  id: '',
  management: account,
  rootId: '',
  policyTypes: [],
  ous: {},
  accounts: {
    [account]: {
      Id: account,
      Name: 'Management',
      Email: 'management@aws.example',
      State: 'ACTIVE',
      JoinedMethod: 'INVITED',
      JoinedTimestamp: Math.floor(now / 1000),
      parent: '',
    },
  },
  policies: Object.fromEntries(fullAccess().map((policy) => [policy.Id, policy])),
  attachments: {},
  tags: {},
  delegatedAdministrators: [],
  serviceAccess: [],
});

/** Whoever calls is the account's administrator. `now` is milliseconds since the epoch. */
export const emptyWorld = ({ account, region }: EmptyInput, now: number): SandboxWorld => {
  const world: SandboxWorld = {
    version: 1,
    seedTime: now,
    settings: defaultSettings(),
    ids: { next: 0 },
    organizations: alone(account, now),
    sso: ssoWithoutInstance(region),
    identityStore: emptyIdentityStore(''),
    iam: {},
    sessions: {},
    cloudTrail: { ids: { next: 0 }, events: [], trails: {} },
    accessAnalyzer: {},
    resources: {},
    buckets: {},
    requestLog: {},
  };
  openManagement(world, account, now);
  const changed = new Date(now).toISOString();
  iamOf(world, account).root = { created: changed, password: { changed }, mfa: true, keys: [] };
  return world;
};
