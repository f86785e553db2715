/** One file, many accounts: what roles and customer policies have in common. */
import type { Place } from '../model/problem.ts';
import type { CustomerPolicy, Role } from '../model/resource.ts';
import { isActive } from './dates.ts';
import type { Grant, Span } from './dates.ts';
import type { DeclaredAccount } from './declared-organization.ts';
import type { FileSchemas } from './schema.ts';
import { targetsOf } from './targeting.ts';
import { quoted } from './text.ts';
import { placeOf } from './world.ts';
import type { Spot, World } from './world.ts';

type Entry = FileSchemas['role'] | FileSchemas['policy'];

/** Roles and policies carry tags of AWS under `tags`, so the target is not narrowed by them. */
export const accountsOf = (spot: Spot, entry: Entry, world: World): readonly DeclaredAccount[] => {
  const { accounts, ous, except } = entry;
  return targetsOf(spot, { ...(accounts && { accounts }), ...(ous && { ous }), ...(except && { except }) }, world);
};

export const spanOf = ({ from, until }: Entry): Span => ({ ...(from && { from }), ...(until && { until }) });

/** AWS keeps the names of its own roles under these paths, and a state never holds them. */
const reservedPaths = ['/aws-reserved/', '/aws-service-role/'];

export const checkPath = (spot: Spot, path: string | undefined, { report }: World): void => {
  if (path === undefined || !reservedPaths.some((reserved) => path.startsWith(reserved))) return;
  report({ at: placeOf(spot), rule: 'reserved-name', message: `the path ${quoted(path)} is AWS's own` });
};

/** A thing in an account, by what IAM tells names apart by: neither path nor case counts (IAM CreateRole, CreatePolicy). */
const identityOf = ({ kind, account, name }: Role | CustomerPolicy): string =>
  `${kind} ${name.toLowerCase()} in ${account}`;

const sharesADay = (one: Span, other: Span): boolean =>
  (one.from ?? '') <= (other.until ?? '9999-12-31') && (other.from ?? '') <= (one.until ?? '9999-12-31');

/** Reports, once for every two files, the same name twice in one account on one day. */
export const reportSameNames = (grants: readonly Grant[], { report }: World): void => {
  const seen = new Map<string, Grant[]>();
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

export const isToday = (grant: Grant, { today }: World): boolean => isActive(grant, today);
