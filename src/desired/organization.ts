/** access/organization.yaml: the tree of OUs and accounts. */
import { quotas } from '../model/quotas.ts';
import { ouPath } from '../model/resource.ts';
import type { Place } from '../model/problem.ts';
import type { Typed } from './check-form.ts';
import type { FormerNames } from './previously.ts';
import type { ReportFinding } from './rules.ts';
import type { OuEntry } from './schema/schema.ts';
import { nameHint, plainNames } from './names.ts';
import type { NameChoice } from './names.ts';
import { printable, quoted, yamlWord } from './text.ts';
import { inside, placeOf, uniqueNames } from './world.ts';
import type { FileSpot } from './world.ts';
import type { Piece } from './piece.ts';
import type { DeclaredAccount, DeclaredOrganization, AccountTags } from './declared-organization.ts';

type CollectedOrganization = {
  readonly accounts: DeclaredAccount[];
  readonly ous: { readonly segments: readonly string[]; readonly at: Place }[];
  readonly former: FormerNames[];
};

type OrganizationChecker = { readonly organization: DeclaredOrganization; readonly report: ReportFinding };

type OuLevel = { readonly spot: FileSpot; readonly entry: OuEntry; readonly segments: readonly string[] };

const accountAt = (
  spot: FileSpot,
  parent: string,
  entry: string | { id: string; tags?: AccountTags },
): DeclaredAccount => {
  const name = String(spot.path.at(-1));
  const [id, tags] = typeof entry === 'string' ? [entry, {}] : [entry.id, entry.tags ?? {}];
  return { name, id, parent, tags, at: spot.file.keyAt(spot.path) };
};

const collectOu = ({ spot, entry, segments }: OuLevel, found: CollectedOrganization): void => {
  const at = spot.file.keyAt(spot.path);
  found.ous.push({ segments, at });
  if (entry.previously !== undefined) {
    found.former.push({
      kind: 'ou',
      key: `ou/${ouPath(segments)}`,
      name: segments.at(-1) ?? '',
      names: entry.previously,
      at,
    });
  }
};

const collect = (level: OuLevel, found: CollectedOrganization): void => {
  const { spot, entry, segments } = level;
  if (segments.length > 0) collectOu(level, found);
  for (const [name, account] of Object.entries(entry.accounts ?? {})) {
    found.accounts.push(accountAt(inside(spot, 'accounts', name), ouPath(segments), account));
  }
  for (const [name, ou] of Object.entries(entry.ous ?? {})) {
    collect({ spot: inside(spot, 'ous', name), entry: ou, segments: [...segments, name] }, found);
  }
};

const checkOus = ({ ous }: CollectedOrganization, report: ReportFinding): void => {
  for (const { segments, at } of ous) {
    if (segments.length === quotas.ouDepth + 1) {
      const message = `${quoted(segments.join('/'))} is ${segments.length} levels below Root; AWS allows ${quotas.ouDepth}`;
      report({ at, rule: 'ou-too-deep', message });
    }
    if (segments.length === 1 && segments[0] === 'Root') {
      report({ at, rule: 'reserved-name', message: '"Root" is the root itself', hint: 'Give the OU another name.' });
    }
  }
};

const checkAccounts = ({ accounts }: CollectedOrganization, report: ReportFinding): void => {
  const isNew = uniqueNames('account', report);
  const ids = new Map<string, DeclaredAccount>();
  for (const account of accounts) {
    const { name, id, at } = account;
    isNew(name, at);
    const same = ids.get(id);
    ids.set(id, same ?? account);
    if (same !== undefined) {
      const message = `${quoted(name)} has the id of ${quoted(same.name)} on line ${same.at.line}: ${id}`;
      report({ at, rule: 'duplicate-account-id', message });
    }
  }
};

const piecesOf = ({ accounts, ous }: CollectedOrganization): readonly Piece[] => [
  ...ous.map(({ segments, at }): Piece => {
    const path = ouPath(segments);
    return { resource: { kind: 'ou', path, name: segments.at(-1) ?? '' }, at };
  }),
  ...accounts.map(({ name, id, parent, at }): Piece => ({ resource: { kind: 'account', name, id, parent }, at })),
];

export const readOrganization = (
  { file, value }: Typed<'organization'>,
  report: ReportFinding,
): DeclaredOrganization => {
  const { name, id, tags } = value.management;
  const at = file.at(['management', 'name']);
  const found: CollectedOrganization = {
    accounts: [{ name, id, parent: '', tags: tags ?? {}, at }],
    ous: [],
    former: [],
  };
  collect({ spot: { file, path: [] }, entry: value, segments: [] }, found);
  checkOus(found, report);
  checkAccounts(found, report);
  return {
    management: name,
    accounts: new Map(found.accounts.map((account) => [account.name, account])),
    ous: new Map(found.ous.map((ou) => [ouPath(ou.segments), ou.at])),
    pieces: piecesOf(found),
    former: found.former,
  };
};

/** The key path of an OU as people write it; names with `:` or `+` need not be encoded. '' is Root. */
export const findOu = (written: string, { ous }: DeclaredOrganization): string | undefined => {
  if (written === 'Root') return '';
  const encoded = ouPath(written.split('/'));
  return [written, encoded].find((path) => ous.has(path));
};

/** How files name an OU. */
const ouWords = ({ ous }: DeclaredOrganization): readonly string[] => ['Root', ...ous.keys()];

const accountWith = ({ accounts }: DeclaredOrganization, id: string): DeclaredAccount | undefined =>
  [...accounts.values()].find((account) => account.id === id);

/** Where an account stands instead of an OU, or an OU instead of an account. */
const otherKind = (key: 'accounts' | 'ous', name: string, { path }: FileSpot): string => {
  const [is, not] = key === 'accounts' ? ['the account', 'an OU'] : ['the OU', 'an account'];
  if (typeof path.at(-1) === 'number') return `Write ${key}: [${yamlWord(name)}]: it is ${is}, not ${not}.`;
  return `It is ${is} ${printable(name)}, not ${not}.`;
};

const accountChoice = ({ accounts }: DeclaredOrganization): NameChoice => ({
  known: [...accounts.values()].map(({ name, id }) => ({ name, also: [id] })),
  what: 'an account',
  all: 'accounts',
});

const ouChoice = (organization: DeclaredOrganization): NameChoice => ({
  known: plainNames(ouWords(organization)),
  what: 'an OU',
  all: 'OUs',
});

/** Files name accounts by name; whoever has the id at hand is told it. */
export const idHint = (written: string, organization: DeclaredOrganization): string | undefined => {
  const account = accountWith(organization, written.split(/[/:]/).at(-1) ?? '');
  return account && `Write ${yamlWord(account.name)}, the account with the id ${account.id}.`;
};

const ouHint = (written: string, spot: FileSpot, organization: DeclaredOrganization): string | undefined => {
  const account = organization.accounts.get(written) ?? accountWith(organization, written);
  return account === undefined ? nameHint(written, ouChoice(organization)) : otherKind('accounts', account.name, spot);
};

export const reportUnknownOu = (spot: FileSpot, written: string, context: OrganizationChecker): void => {
  const message = `${quoted(written)} is not an OU`;
  const hint = ouHint(written, spot, context.organization);
  context.report({ at: placeOf(spot), rule: 'unknown-ou', message, hint });
};

export const accountOrOuHint = (written: string, organization: DeclaredOrganization): string | undefined => {
  const known = [...accountChoice(organization).known, ...ouChoice(organization).known];
  return idHint(written, organization) ?? nameHint(written, { known, all: 'accounts and OUs' });
};

export const reportUnknownAccount = (
  spot: FileSpot,
  name: string,
  { organization, report }: OrganizationChecker,
): void => {
  const message = `${quoted(name)} is not an account`;
  const isOu = findOu(name, organization) !== undefined;
  const other = isOu ? otherKind('ous', name, spot) : nameHint(name, accountChoice(organization));
  report({ at: placeOf(spot), rule: 'unknown-account', message, hint: idHint(name, organization) ?? other });
};
