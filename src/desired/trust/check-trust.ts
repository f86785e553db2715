/** The trust entries of a role: each one of its kinds, with names that exist. */
import type { OneOrMany } from '../../model/policy.ts';
import type { DeclaredAccount } from '../declared-organization.ts';
import { checkAccountName } from '../declared.ts';
import { fillText } from '../policies/policies.ts';
import { listed, quoted } from '../text.ts';
import type { Trust } from './trust.ts';
import { checkPermissionSet, inside, placeOf } from '../world.ts';
import type { FileSpot, ReadingContext } from '../world.ts';

const kinds = [
  'account',
  'role',
  'permissionSet',
  'github',
  'service',
  'accountId',
  'user',
  'organization',
  'organizationPath',
  'oidc',
  'saml',
] as const;
type TrustKind = (typeof kinds)[number];

/** What may stand beside every kind: it is about the session. */
const session: readonly (keyof Trust)[] = [
  'sessionName',
  'sourceIdentity',
  'sessionTags',
  'sessionTagKeys',
  'transitiveTagKeys',
  'tagSession',
  'setSourceIdentity',
  'setContext',
  'assume',
];

const caller: readonly (keyof Trust)[] = ['externalId', 'mfa', 'principalArn', 'principalTags'];

/** What may stand beside each kind besides. */
const besides: Readonly<Record<TrustKind, readonly (keyof Trust)[]>> = {
  account: [...caller, 'organization', 'organizationPath'],
  role: ['account', 'accountId', 'externalId', 'organization', 'organizationPath', 'principalTags'],
  permissionSet: ['account'],
  github: [],
  service: ['sourceAccount', 'sourceArn', 'sourceOrganization', 'sourceOrganizationPath', 'principalTags'],
  accountId: [...caller, 'organization', 'organizationPath'],
  user: ['account', 'accountId', 'externalId', 'mfa', 'organization', 'organizationPath', 'principalTags'],
  organization: caller,
  organizationPath: [...caller, 'organization'],
  oidc: [],
  saml: [],
};

/** Leaves out a kind that only qualifies another one that is there. */
const kindsIn = (trust: Trust): readonly TrustKind[] => {
  const present = kinds.filter((kind) => trust[kind] !== undefined);
  if (present.includes('account') && present.includes('accountId')) return ['account', 'accountId'];
  return present.filter((kind) => !present.some((other) => other !== kind && besides[other].includes(kind)));
};

const checkKind = (spot: FileSpot, trust: Trust, { report }: ReadingContext): TrustKind | undefined => {
  const present = kindsIn(trust);
  const [kind] = present;
  const at = placeOf(spot);
  if (kind === undefined) {
    report({ at, rule: 'missing-key', message: `one of ${listed(kinds).replace(' and ', ' or ')} is missing` });
    return undefined;
  }
  if (present.length > 1) {
    report({ at, rule: 'conflicting-keys', message: `${listed(present)} exclude each other` });
    return undefined;
  }
  return kind;
};

const checkCompany = (
  spot: FileSpot,
  trust: Trust,
  { kind, report }: { kind: TrustKind; report: ReadingContext['report'] },
): void => {
  const alone = Object.keys(trust).filter(
    (key) => key !== kind && ![...besides[kind], ...session].includes(key as keyof Trust),
  );
  for (const key of alone) {
    const at = spot.file.keyAt([...spot.path, key]);
    report({ at, rule: 'conflicting-keys', message: `${key} means nothing beside ${kind}` });
  }
};

const checkGitHub = (spot: FileSpot, { github }: Trust, { report }: ReadingContext): void => {
  if (github === undefined) return;
  const at = placeOf(inside(spot, 'github'));
  if ((github.ownerId === undefined) !== (github.repositoryId === undefined))
    report({ at, rule: 'missing-key', message: 'ownerId and repositoryId stand together or not at all' });
  if (github.ref === undefined && github.environment === undefined)
    report({
      at,
      rule: 'missing-key',
      message: 'ref or environment must say which runs of the repository are trusted',
    });
};

const checkAssume = (spot: FileSpot, trust: Trust, { report }: ReadingContext): void => {
  if (trust.assume !== false || trust.tagSession || trust.setSourceIdentity || trust.setContext) return;
  const message = 'assume: false leaves an entry that allows nothing';
  const hint = 'Say what it adds: tagSession, setSourceIdentity or setContext.';
  report({ at: placeOf(inside(spot, 'assume')), rule: 'missing-key', message, hint });
};

/** The texts at a key that takes one or several, each with its place. */
const textsAt = (spot: FileSpot, texts: OneOrMany<string> | undefined): readonly (readonly [FileSpot, string])[] =>
  typeof texts === 'object'
    ? texts.map((text, index) => [inside(spot, index), text] as const)
    : texts === undefined
      ? []
      : [[spot, texts]];

/** What the entry says must be so in every account that has the role. */
export type RolePlace = {
  readonly accounts: readonly DeclaredAccount[];
  /** `SET@ACCOUNT`; nothing while not all of them are known. */
  readonly givenSets: (() => ReadonlySet<string>) | undefined;
};

const checkGiven = (
  spot: FileSpot,
  trust: Trust,
  { place, world }: { place: RolePlace; world: ReadingContext },
): void => {
  const { permissionSet, account } = trust;
  const { givenSets } = place;
  const here = inside(spot, 'permissionSet');
  if (permissionSet === undefined || !checkPermissionSet(here, permissionSet, world)) return;
  if (givenSets === undefined) return;
  const homes = account === undefined ? place.accounts.map(({ name }) => name) : [account];
  const empty = homes.filter((home) => !givenSets().has(`${permissionSet}@${home}`));
  if (empty.length === 0) return;
  const message = `${quoted(permissionSet)} is given to nobody in ${listed(empty)}`;
  const hint = 'Assign it there, or leave the trust out.';
  world.report({ at: placeOf(here), rule: 'unassigned-trust', message, hint });
};

const checkOne = (
  spot: FileSpot,
  trust: Trust,
  { place, world }: { place: RolePlace; world: ReadingContext },
): void => {
  const kind = checkKind(spot, trust, world);
  if (kind !== undefined) checkCompany(spot, trust, { kind, report: world.report });
  checkAccountName(inside(spot, 'account'), trust.account, world);
  for (const [at, name] of textsAt(inside(spot, 'sourceAccount'), trust.sourceAccount))
    checkAccountName(at, name, world);
  checkAssume(spot, trust, world);
  checkGiven(spot, trust, { place, world });
  checkGitHub(spot, trust, world);
};

const checkRepeats = (spot: FileSpot, trusts: readonly Trust[], { report }: ReadingContext): void => {
  const first = new Map<string, number>();
  for (const [index, trust] of trusts.entries()) {
    const identity = JSON.stringify(Object.entries(trust).sort());
    const before = first.get(identity);
    first.set(identity, before ?? index);
    if (before === undefined) continue;
    const message = `this trust also stands on line ${placeOf(inside(spot, before)).line}`;
    report({ at: placeOf(inside(spot, index)), rule: 'declared-twice', message });
  }
};

const filledTexts = (spot: FileSpot, texts: OneOrMany<string>, world: ReadingContext): OneOrMany<string> => {
  const filled = textsAt(spot, texts).map(([at, text]) => fillText(at, text, world));
  return typeof texts === 'string' ? (filled[0] ?? texts) : filled;
};

const filled = (spot: FileSpot, trust: Trust, world: ReadingContext): Trust => {
  const { sourceArn, principalArn } = trust;
  return {
    ...trust,
    ...(sourceArn === undefined ? {} : { sourceArn: filledTexts(inside(spot, 'sourceArn'), sourceArn, world) }),
    ...(principalArn === undefined
      ? {}
      : { principalArn: filledTexts(inside(spot, 'principalArn'), principalArn, world) }),
  };
};

/** The entries, checked, with the ids of `${account:NAME}` filled in. */
export const readTrust = (
  spot: FileSpot,
  trusts: readonly Trust[],
  { place, world }: { place: RolePlace; world: ReadingContext },
): readonly Trust[] => {
  checkRepeats(spot, trusts, world);
  return trusts.map((trust, index) => {
    const here = inside(spot, index);
    checkOne(here, trust, { place, world });
    return filled(here, trust, world);
  });
};
