/** Where: the words accounts, ous, tags and except, resolved to declared accounts. */
import { pathToRoot } from '../model/resource.ts';
import { accountOrOuHint, findOu, reportUnknownAccount, reportUnknownOu } from './organization.ts';
import type { DeclaredOrganization, DeclaredAccount } from './declared-organization.ts';
import type { ReportFinding } from './rules.ts';
import { listed, quoted } from './text.ts';
import { inside, placeOf } from './world.ts';
import type { FileSpot, ReadingContext } from './world.ts';

type TargetingEntry = {
  readonly accounts?: readonly string[];
  readonly ous?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly except?: readonly string[];
};

type TargetChecker = { readonly organization: DeclaredOrganization; readonly report: ReportFinding };

const isBelow = (account: DeclaredAccount, path: string): boolean => pathToRoot(account.parent).includes(path);

const namedAccounts = (spot: FileSpot, names: readonly string[], judge: TargetChecker): readonly string[] =>
  names.filter((name, index) => {
    if (judge.organization.accounts.has(name)) return true;
    reportUnknownAccount(inside(spot, 'accounts', index), name, judge);
    return false;
  });

const namedOus = (spot: FileSpot, names: readonly string[], judge: TargetChecker): readonly string[] =>
  names.flatMap((written, index) => {
    const path = findOu(written, judge.organization);
    if (path === undefined) reportUnknownOu(inside(spot, 'ous', index), written, judge);
    return path === undefined ? [] : [path];
  });

/** Accounts of the OUs with everything below; the management account only when it is named. */
const selected = (
  accounts: readonly string[],
  ous: readonly string[],
  organization: DeclaredOrganization,
): readonly DeclaredAccount[] => {
  const named = new Set(accounts);
  return [...organization.accounts.values()].filter(
    (account) =>
      named.has(account.name) ||
      (account.name !== organization.management && ous.some((path) => isBelow(account, path))),
  );
};

const carries = (account: DeclaredAccount, tags: Readonly<Record<string, string>>): boolean =>
  Object.entries(tags).every(([key, value]) => Object.hasOwn(account.tags, key) && account.tags[key] === value);

type Exception = (account: DeclaredAccount) => boolean;

const exceptionOf = (spot: FileSpot, written: string, judge: TargetChecker): Exception | undefined => {
  if (judge.organization.accounts.has(written)) return ({ name }) => name === written;
  const path = findOu(written, judge.organization);
  if (path !== undefined) return (account) => isBelow(account, path);
  const message = `${quoted(written)} is neither an account nor an OU`;
  const hint = accountOrOuHint(written, judge.organization);
  judge.report({ at: placeOf(spot), rule: 'unknown-account', message, hint });
  return undefined;
};

const applyExcept = (
  spot: FileSpot,
  from: readonly DeclaredAccount[],
  { except, judge }: { except: readonly string[]; judge: TargetChecker },
) => {
  const excluded = new Set<string>();
  for (const [index, written] of except.entries()) {
    const exception = exceptionOf(inside(spot, 'except', index), written, judge);
    if (exception === undefined) continue;
    const hit = from.filter(exception);
    for (const { name } of hit) excluded.add(name);
    if (hit.length > 0) continue;
    const at = placeOf(inside(spot, 'except', index));
    judge.report({ at, rule: 'useless-except', message: `${quoted(written)} was not in the target` });
  }
  return from.filter(({ name }) => !excluded.has(name));
};

const reportEmpty = (spot: FileSpot, { except = [], tags = {} }: TargetingEntry, report: ReportFinding): void => {
  const parts = [...(Object.keys(tags).length > 0 ? ['tags'] : []), ...(except.length > 0 ? ['except'] : [])];
  const message = parts.length === 0 ? 'the target has no account' : `${listed(parts)} leave no account`;
  report({ at: placeOf(spot), rule: 'empty-target', message });
};

/** The declared accounts meant, in the order of the tree. Unknown names are reported and left out. */
export const targetedAccounts = (
  spot: FileSpot,
  targeting: TargetingEntry,
  { organization, report }: Pick<ReadingContext, 'organization' | 'report'>,
): readonly DeclaredAccount[] => {
  const { accounts = [], ous = [], tags = {}, except = [] } = targeting;
  if (targeting.accounts === undefined && targeting.ous === undefined) {
    const hint = 'Add accounts: [NAME] or ous: [PATH]; Root means all.';
    report({ at: placeOf(spot), rule: 'missing-target', message: 'neither accounts nor ous say where', hint });
    return [];
  }
  if (organization === undefined) return [];
  const judge = { organization, report };
  const names = namedAccounts(spot, accounts, judge);
  const paths = namedOus(spot, ous, judge);
  const wanted = selected(names, paths, organization).filter((account) => carries(account, tags));
  const left = applyExcept(spot, wanted, { except, judge });
  const allKnown = names.length === accounts.length && paths.length === ous.length;
  if (left.length === 0 && allKnown) reportEmpty(spot, targeting, report);
  return left;
};
