/** One file, many accounts: what roles and customer policies have in common. */
import type { Place } from '../model/problem.ts';
import type { CustomerPolicy, Role } from '../model/resource.ts';
import { isActive } from './dates.ts';
import type { DatedPiece, DateSpan } from './dates.ts';
import type { DeclaredAccount } from './declared-organization.ts';
import type { FileSchemas } from './schema/schema.ts';
import { targetedAccounts } from './targeting.ts';
import { quoted } from './text.ts';
import { placeOf } from './world.ts';
import type { FileSpot, ReadingContext } from './world.ts';

type TargetedEntry = FileSchemas['role'] | FileSchemas['policy'];

/** Roles and policies carry tags of AWS under `tags`, so the target is not narrowed by them. */
export const targetAccounts = (
  spot: FileSpot,
  entry: TargetedEntry,
  world: ReadingContext,
): readonly DeclaredAccount[] => {
  const { accounts, ous, except } = entry;
  return targetedAccounts(
    spot,
    { ...(accounts && { accounts }), ...(ous && { ous }), ...(except && { except }) },
    world,
  );
};

/** AWS keeps the names of its own roles under these paths, and a state never holds them. */
const reservedPaths = ['/aws-reserved/', '/aws-service-role/'];

export const checkPath = (spot: FileSpot, path: string | undefined, { report }: ReadingContext): void => {
  if (path === undefined || !reservedPaths.some((reserved) => path.startsWith(reserved))) return;
  report({ at: placeOf(spot), rule: 'reserved-name', message: `the path ${quoted(path)} is AWS's own` });
};

/** A thing in an account, by what IAM tells names apart by: neither path nor case counts (IAM CreateRole, CreatePolicy). */
const identityOf = ({ kind, account, name }: Role | CustomerPolicy): string =>
  `${kind} ${name.toLowerCase()} in ${account}`;

const sharesADay = (one: DateSpan, other: DateSpan): boolean =>
  (one.from ?? '') <= (other.until ?? '9999-12-31') && (other.from ?? '') <= (one.until ?? '9999-12-31');

/** Reports, once for every two files, the same name twice in one account on one day. */
export const reportSameNames = (grants: readonly DatedPiece[], { report }: ReadingContext): void => {
  const seen = new Map<string, DatedPiece[]>();
  const said = new Set<string>();
  for (const grant of grants) {
    const resource = grant.resource as Role | CustomerPolicy;
    const identity = identityOf(resource);
    const others = seen.get(identity) ?? [];
    seen.set(identity, [...others, grant]);
    const other = others.find((one) => one.entry !== grant.entry && sharesADay(one, grant));
    const pair = `${other?.entry} ${grant.entry}`;
    if (other === undefined || said.has(pair)) continue;
    said.add(pair);
    const message = `${resource.kind} ${quoted(resource.name)} is declared here and in ${whereOf(other.at)} for account ${quoted(resource.account)}`;
    report({ at: grant.at, rule: 'declared-twice', message });
  }
};

const whereOf = ({ file, line }: Place): string => `${file}:${line}`;

export const isToday = (grant: DatedPiece, { today }: ReadingContext): boolean => isActive(grant, today);
