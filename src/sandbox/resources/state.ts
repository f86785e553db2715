/** What the imitated AWS holds that has a resource policy: buckets, topics, keys, secrets, queues, functions, repositories. */
export type PolicyService = 's3' | 'sns' | 'kms' | 'secretsmanager' | 'sqs' | 'lambda' | 'ecr';

/** The document as it was given, and the unique ids of those whom it names; see iam/principals.ts. */
export type StoredResourcePolicy = { readonly text: string; readonly principals: Readonly<Record<string, string>> };

export type SandboxAccessBlock = {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly RestrictPublicBuckets: boolean;
};

export type HeldResource = {
  readonly service: PolicyService;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  policy?: StoredResourcePolicy;
  /** Of a bucket. */
  publicAccessBlock?: SandboxAccessBlock;
  /** What else it was given, as far as it is answered again. */
  attributes: Record<string, string>;
};

export type ResourceHolder = {
  /** By service, Region and name, with slashes between them. */
  held: Record<string, HeldResource>;
  /** Of S3, for every bucket of the account. */
  publicAccessBlock?: SandboxAccessBlock;
};

type ResourceWorld = { readonly resources: Record<string, ResourceHolder> };

/** A read sees nothing and makes nothing. */
export const holderOf = (world: ResourceWorld, account: string): ResourceHolder =>
  world.resources[account] ?? { held: {} };

/** Made on first use. */
export const holderToChange = (world: ResourceWorld, account: string): ResourceHolder => {
  const known = world.resources[account] ?? { held: {} };
  world.resources[account] = known;
  return known;
};

export type ResourcePlace = { readonly account: string; readonly region: string };

const keyOf = ({ service, region, name }: Pick<HeldResource, 'service' | 'region' | 'name'>): string =>
  `${service}/${region}/${name}`;

export const heldAt = (
  world: ResourceWorld,
  { account, region }: ResourcePlace,
  { service, name }: Pick<HeldResource, 'service' | 'name'>,
): HeldResource | undefined => {
  const { held } = holderOf(world, account);
  const key = keyOf({ service, region, name });
  return Object.hasOwn(held, key) ? held[key] : undefined;
};

/** By name, in the order in which AWS lists them. */
export const heldIn = (
  world: ResourceWorld,
  { account, region }: ResourcePlace,
  service: PolicyService,
): readonly HeldResource[] =>
  Object.values(holderOf(world, account).held)
    .filter((one) => one.service === service && one.region === region)
    .sort((one, other) => (one.name < other.name ? -1 : 1));

export const hold = (world: ResourceWorld, account: string, resource: HeldResource): HeldResource => {
  holderToChange(world, account).held[keyOf(resource)] = resource;
  return resource;
};

export const letGo = (world: ResourceWorld, account: string, resource: HeldResource): void => {
  Reflect.deleteProperty(holderToChange(world, account).held, keyOf(resource));
};
