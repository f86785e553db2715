/** permission-sets/: each file one permission set with everything AWS knows of it. */
import { fieldsOfForm, inFieldOrder } from '../kinds/fields.ts';
import type { FieldOf } from '../kinds/fields.ts';
import type { Place } from '../model/problem.ts';
import { minified, withoutWhiteSpace } from '../model/policy.ts';
import { permissionSetKey } from '../model/resource.ts';
import type { CustomerManagedPolicy, PermissionSet, PermissionsBoundary } from '../model/resource.ts';
import { readBoundary, readCustomer, readManaged } from './policies/attached-policies.ts';
import type { LocatedValue } from './policies/attached-policies.ts';
import type { Typed } from './check-form.ts';
import { checkSizes, policyPlaces, readPolicy } from './policies/policies.ts';
import type { FoundPolicy } from './policies/policies.ts';
import type { FormerNames } from './previously.ts';
import type { FileSchemas } from './schema/schema.ts';
import { quoted } from './text.ts';
import { inside, placeOf, uniqueNames } from './world.ts';
import type { FileSpot, ReadingContext } from './world.ts';
import type { Piece } from './piece.ts';

type PermissionSetEntry = FileSchemas['permission-set'];

const secondsOf = { h: 3_600, m: 60, s: 1 } as const;

/** Seconds of `8h`, `90m`, `PT8H`, `PT1H30M`; the schema has checked the form. */
export const writtenSeconds = (text: string): number =>
  [...text.toLowerCase().matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * secondsOf[unit as 'h' | 'm' | 's'],
    0,
  );

export const checkDuration = (spot: FileSpot, text: string | undefined, { limits, report }: ReadingContext): number => {
  if (text === undefined) return limits.minSessionDuration;
  const seconds = writtenSeconds(text);
  if (seconds < limits.minSessionDuration || seconds > limits.maxSessionDuration) {
    report({ at: placeOf(spot), rule: 'bad-duration', message: `${quoted(text)} is not between 1 and 12 hours` });
  }
  return seconds;
};

export const checkTags = (
  spot: FileSpot,
  tags: Readonly<Record<string, string>>,
  { limits, report }: ReadingContext,
): void => {
  const names = Object.keys(tags);
  for (const name of names.filter((tag) => /^(aws|gatehouse):/i.test(tag))) {
    const at = spot.file.keyAt([...spot.path, name]);
    report({
      at,
      rule: 'reserved-name',
      message: `tags that begin with aws: or gatehouse: are reserved: ${quoted(name)}`,
    });
  }
  if (names.length + 1 > limits.permissionSetTags) {
    const message = `${names.length} tags and gatehouse:owner; AWS allows ${limits.permissionSetTags}`;
    report({ at: placeOf(spot), rule: 'too-many', message });
  }
};

/** IAM tells the tag keys of a role apart without case (IAM User Guide, "Rules for tagging in IAM and AWS STS"). */
export const checkTagCase = (
  spot: FileSpot,
  tags: Readonly<Record<string, string>>,
  { report }: ReadingContext,
): void => {
  const first = new Map<string, string>();
  for (const name of Object.keys(tags)) {
    const before = first.get(name.toLowerCase());
    first.set(name.toLowerCase(), before ?? name);
    if (before === undefined) continue;
    const message = `${quoted(name)} and ${quoted(before)} are one tag key to IAM, which reads the keys of a role's tags without case`;
    report({ at: spot.file.keyAt([...spot.path, name]), rule: 'declared-twice', message });
  }
};

const checkInlineSize = (policy: FoundPolicy | undefined, world: ReadingContext): void => {
  if (policy === undefined) return;
  const text = minified(policy.document);
  const { inlinePolicySize, inlinePolicyNonWhitespace } = world.limits;
  const sizes = [
    { size: Buffer.byteLength(text), limit: inlinePolicySize, counted: 'bytes' },
    {
      size: Buffer.byteLength(withoutWhiteSpace(policy.document)),
      limit: inlinePolicyNonWhitespace,
      counted: 'bytes without white space',
    },
  ];
  checkSizes(policy.at, 'the inline policy', { sizes, world });
};

const checkCount = (spot: FileSpot, count: number, { limits, report }: ReadingContext): void => {
  const { policiesPerPermissionSet: limit, managedPoliciesPerRole: ofRole } = limits;
  const at = placeOf(spot);
  if (count > limit) {
    const message = `${count} managed policies; AWS allows ${limit} for one permission set`;
    report({ at, rule: 'too-many', message });
  } else if (count > ofRole) {
    const message = `${count} managed policies; the role of the set takes ${ofRole} in an account whose quota was not raised, and its assignments fail there`;
    const hint = 'Where the quota was raised, say so in access/settings.yaml: quotas: { managedPoliciesPerRole: … }.';
    report({ at, rule: 'over-role-quota', message, hint });
  }
};

type PermissionSetParts = {
  readonly managed: readonly LocatedValue<string>[];
  readonly customer: readonly LocatedValue<CustomerManagedPolicy>[];
  readonly inline: FoundPolicy | undefined;
  readonly boundary: PermissionsBoundary | undefined;
  readonly seconds: number;
};

const readParts = (spot: FileSpot, entry: PermissionSetEntry, world: ReadingContext): PermissionSetParts => ({
  managed: readManaged(inside(spot, 'managedPolicies'), entry.managedPolicies ?? [], world),
  customer: readCustomer(inside(spot, 'customerManagedPolicies'), entry.customerManagedPolicies ?? [], world),
  inline: readPolicy(
    spot,
    {
      key: 'inlinePolicy',
      fileKey: 'inlinePolicyFile',
      document: entry.inlinePolicy,
      file: entry.inlinePolicyFile,
      use: 'identity',
    },
    world,
  ),
  boundary: readBoundary(inside(spot, 'permissionsBoundary'), entry.permissionsBoundary, world),
  seconds: checkDuration(inside(spot, 'sessionDuration'), entry.sessionDuration, world),
});

/** A text of a set has its own name in the file, too. */
const texts: readonly (keyof PermissionSetEntry & FieldOf<'permission-set', 'text'>)[] = fieldsOfForm(
  'permission-set',
  'text',
);
const textsOf = (entry: PermissionSetEntry): Pick<PermissionSet, FieldOf<'permission-set', 'text'>> =>
  Object.fromEntries(texts.flatMap((name) => (entry[name] === undefined ? [] : [[name, entry[name]]])));

const resourceOf = (
  entry: PermissionSetEntry,
  { managed, customer, inline, boundary, seconds }: PermissionSetParts,
): PermissionSet =>
  inFieldOrder({
    kind: 'permission-set',
    name: entry.permissionSet,
    ...textsOf(entry),
    sessionDuration: seconds,
    tags: entry.tags ?? {},
    managedPolicies: managed.map(({ value }) => value),
    customerManagedPolicies: customer.map(({ value }) => value),
    ...(inline === undefined ? {} : { inlinePolicy: inline.document }),
    ...(boundary === undefined ? {} : { permissionsBoundary: boundary }),
    outdatedIn: [],
  });

const places = (
  spot: FileSpot,
  entry: PermissionSetEntry,
  parts: PermissionSetParts,
): Readonly<Record<string, Place>> => {
  const items = (field: string, list: readonly LocatedValue<unknown>[]) =>
    list.map(({ at }, index) => [`/${field}/${index}`, at] as const);
  return Object.fromEntries([
    ...Object.keys(entry).map((key) => [`/${key}`, placeOf(inside(spot, key))] as const),
    ...items('managedPolicies', parts.managed),
    ...items('customerManagedPolicies', parts.customer),
    ...Object.entries(policyPlaces('inlinePolicy', parts.inline)),
  ]);
};

const readOne = (typed: Typed<'permission-set'>, world: ReadingContext): Piece => {
  const { file, value } = typed;
  const spot: FileSpot = { file, path: [] };
  const parts = readParts(spot, value, world);
  checkInlineSize(parts.inline, world);
  checkCount(inside(spot, 'managedPolicies'), parts.managed.length + parts.customer.length, world);
  checkTags(inside(spot, 'tags'), value.tags ?? {}, world);
  return { resource: resourceOf(value, parts), at: file.at(['permissionSet']), inner: places(spot, value, parts) };
};

const formerOf = ({ file, value }: Typed<'permission-set'>): readonly FormerNames[] => {
  const { permissionSet: name, previously: names } = value;
  if (names === undefined) return [];
  return [{ kind: 'permission-set', key: permissionSetKey(name), name, names, at: file.at(['previously']) }];
};

export const readPermissionSetFiles = (files: readonly Typed<'permission-set'>[], world: ReadingContext) => {
  const isNew = uniqueNames('permission set', world.report);
  const first = files.filter(({ file, value }) => isNew(value.permissionSet, file.at(['permissionSet'])));
  if (first.length > world.limits.permissionSets) {
    const at = first[world.limits.permissionSets]?.file.at([]) ?? { file: 'permission-sets', line: 1 };
    world.report({
      at,
      rule: 'too-many',
      message: `${first.length} permission sets; AWS allows ${world.limits.permissionSets}`,
    });
  }
  return { pieces: first.map((typed) => readOne(typed, world)), former: first.flatMap(formerOf) };
};
