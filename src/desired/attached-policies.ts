/** Policies that a permission set or a role names: AWS managed ones, customer managed ones, the boundary. */
import type { Place } from '../model/problem.ts';
import type { CustomerManagedPolicy, PermissionsBoundary } from '../model/resource.ts';
import type { FileSchemas } from './schema.ts';
import { didYouMean } from './suggest.ts';
import { quoted } from './text.ts';
import { inside, placeOf } from './world.ts';
import type { Spot, World } from './world.ts';

type Boundary = NonNullable<FileSchemas['permission-set']['permissionsBoundary']>;

/** The ARN of an AWS managed policy; what the catalogue does not know is reported. */
const managedPolicyArn = (spot: Spot, written: string, { catalogue, report }: World): string | undefined => {
  const at = placeOf(spot);
  if (!written.startsWith('arn:')) {
    const arn = catalogue.arnOf(written);
    if (arn !== undefined) return arn;
    const message = `${quoted(written)} is not an AWS managed policy`;
    report({ at, rule: 'unknown-managed-policy', message, hint: didYouMean(written, catalogue.names()) });
    return undefined;
  }
  if (!written.startsWith('arn:aws:iam::aws:policy/')) {
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

export type Located<T> = { readonly value: T; readonly name: string; readonly at: Place };

const sortUnique = <T>(spot: Spot, items: readonly Located<T>[], { report }: World): readonly Located<T>[] => {
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
export const readManaged = (spot: Spot, names: readonly string[], world: World): readonly Located<string>[] => {
  const found = names.flatMap((written, index) => {
    const here = inside(spot, index);
    const arn = managedPolicyArn(here, written, world);
    return arn === undefined ? [] : [{ value: arn, name: arn, at: placeOf(here) }];
  });
  return sortUnique(spot, found, world);
};

type WrittenCustomer = { readonly name: string; readonly path?: string };
const customerPolicy = ({ name, path }: WrittenCustomer): CustomerManagedPolicy => ({ name, path: path ?? '/' });

/** Sorted by path and name. */
export const readCustomer = (
  spot: Spot,
  entries: readonly WrittenCustomer[],
  world: World,
): readonly Located<CustomerManagedPolicy>[] => {
  const found = entries.map(customerPolicy).map((value, index) => {
    return { value, name: `${value.path}${value.name}`, at: placeOf(inside(spot, index)) };
  });
  return sortUnique(spot, found, world);
};

export const readBoundary = (
  spot: Spot,
  boundary: Boundary | undefined,
  world: World,
): PermissionsBoundary | undefined => {
  if (boundary === undefined) return undefined;
  if ('customerManagedPolicy' in boundary)
    return { customerManagedPolicy: customerPolicy(boundary.customerManagedPolicy) };
  const arn = managedPolicyArn(inside(spot, 'managedPolicy'), boundary.managedPolicy, world);
  return arn === undefined ? undefined : { managedPolicy: arn };
};
