/** Policies that a permission set or a role names: AWS managed ones, customer managed ones, the boundary. */
import type { Place } from '../../model/problem.ts';
import type { CustomerManagedPolicy, PermissionsBoundary } from '../../model/resource.ts';
import type { FileSchemas } from '../schema/schema.ts';
import { didYouMean } from '../suggest.ts';
import { quoted } from '../text.ts';
import { inside, placeOf } from '../world.ts';
import type { FileSpot, ReadingContext } from '../world.ts';

type BoundaryEntry = NonNullable<FileSchemas['permission-set']['permissionsBoundary']>;

/** ManagedPolicyArn of Identity Center's API. */
const managedArn = /^arn:aws:iam::aws:policy(\/[A-Za-z0-9.,+@=_-]+)+$/;

/** PolicyNotAttachable (docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html). */
const isServiceLinked = (arn: string): boolean => arn.startsWith('arn:aws:iam::aws:policy/aws-service-role/');

/** The ARN of an AWS managed policy that may be attached; everything else is reported. */
const managedPolicyArn = (spot: FileSpot, written: string, world: ReadingContext): string | undefined => {
  const arn = knownPolicyArn(spot, written, world);
  if (arn === undefined || !isServiceLinked(arn)) return arn;
  const message = `${quoted(written)} is for a service-linked role; AWS attaches it to nothing else`;
  world.report({ at: placeOf(spot), rule: 'unattachable-policy', message });
  return undefined;
};

const knownPolicyArn = (spot: FileSpot, written: string, { catalogue, report }: ReadingContext): string | undefined => {
  const at = placeOf(spot);
  if (!written.startsWith('arn:')) {
    const arn = catalogue.arnOf(written);
    if (arn !== undefined) return arn;
    const message = `${quoted(written)} is not an AWS managed policy`;
    report({ at, rule: 'unknown-managed-policy', message, hint: didYouMean(written, catalogue.names()) });
    return undefined;
  }
  if (!managedArn.test(written)) {
    const message = `${quoted(written)} is not the ARN of an AWS managed policy`;
    report({
      at,
      rule: 'unknown-managed-policy',
      message,
      hint: 'Policies of your own go under customerManagedPolicies.',
    });
    return undefined;
  }
  if (!catalogue.has(written)) {
    const message = `${quoted(written)} is not in the catalogue of ${catalogue.date}; what it allows is unknown`;
    report({ at, rule: 'uncatalogued-policy', message });
  }
  return written;
};

export type LocatedValue<T> = { readonly value: T; readonly name: string; readonly at: Place };

const sortUnique = <T>(
  spot: FileSpot,
  items: readonly LocatedValue<T>[],
  { report }: ReadingContext,
): readonly LocatedValue<T>[] => {
  const seen = new Set<string>();
  const kept = items.filter(({ name, at }) => {
    const isNew = !seen.has(name);
    seen.add(name);
    if (!isNew)
      report({ at, rule: 'declared-twice', message: `${quoted(name)} stands twice in ${String(spot.path.at(-1))}` });
    return isNew;
  });
  return kept.sort((a, b) => (a.name < b.name ? -1 : 1));
};

/** ARNs, sorted. */
export const readManaged = (
  spot: FileSpot,
  names: readonly string[],
  world: ReadingContext,
): readonly LocatedValue<string>[] => {
  const found = names.flatMap((written, index) => {
    const here = inside(spot, index);
    const arn = managedPolicyArn(here, written, world);
    return arn === undefined ? [] : [{ value: arn, name: arn, at: placeOf(here) }];
  });
  return sortUnique(spot, found, world);
};

type WrittenCustomer = { readonly name: string; readonly path?: string };
const customerPolicy = ({ name, path }: WrittenCustomer): CustomerManagedPolicy => ({ name, path: path ?? '/' });

/** An account has one policy of a name, whatever its path and case (API_CreatePolicy, PolicyName). */
const reportSameName = (found: readonly LocatedValue<CustomerManagedPolicy>[], { report }: ReadingContext): void => {
  const first = new Map<string, string>();
  for (const { name, value, at } of found) {
    const plain = value.name.toLowerCase();
    const before = first.get(plain);
    first.set(plain, before ?? name);
    if (before === undefined || before === name) continue;
    const message = `an account can have only one of ${quoted(name)} and ${quoted(before)}: IAM tells names apart by neither path nor case`;
    report({ at, rule: 'declared-twice', message });
  }
};

/** Sorted by path and name. */
export const readCustomer = (
  spot: FileSpot,
  entries: readonly WrittenCustomer[],
  world: ReadingContext,
): readonly LocatedValue<CustomerManagedPolicy>[] => {
  const found = entries.map(customerPolicy).map((value, index) => {
    return { value, name: `${value.path}${value.name}`, at: placeOf(inside(spot, index)) };
  });
  reportSameName(found, world);
  return sortUnique(spot, found, world);
};

export const readBoundary = (
  spot: FileSpot,
  boundary: BoundaryEntry | undefined,
  world: ReadingContext,
): PermissionsBoundary | undefined => {
  if (boundary === undefined) return undefined;
  if ('customerManagedPolicy' in boundary)
    return { customerManagedPolicy: customerPolicy(boundary.customerManagedPolicy) };
  const arn = managedPolicyArn(inside(spot, 'managedPolicy'), boundary.managedPolicy, world);
  return arn === undefined ? undefined : { managedPolicy: arn };
};
