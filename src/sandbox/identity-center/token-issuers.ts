/** Trusted token issuers, and the Regions that an instance is in. */
import type { CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { nextUuid } from '../core.ts';
import { own, textMember } from '../members.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';
import { invalidSsoInput, isRecord, optionalInput, seconds, structure } from './input.ts';
import { ssoConflict, instanceOf, ssoNotFound } from './lookup.ts';
import { paged } from './page.ts';
import type { AddedRegion, TokenIssuer } from './state.ts';
import { tagsFrom } from './values.ts';

const issuersOf = ({ sso }: SandboxWorld): Record<string, TokenIssuer> => (sso.tokenIssuers ??= {});

const issuerOf = (world: SandboxWorld, input: CallInput): TokenIssuer => {
  const arn = textMember(input, 'TrustedTokenIssuerArn');
  const found = own(issuersOf(world), arn);
  if (found) return found;
  throw ssoNotFound(`Could not find TrustedTokenIssuer with ARN ${arn}`);
};

const summary = ({ arn, name, type }: TokenIssuer): CallOutput => ({
  TrustedTokenIssuerArn: arn,
  Name: name,
  TrustedTokenIssuerType: type,
});

const oidcOf = (configuration: CallInput): CallInput => structure(configuration, 'OidcJwtConfiguration') ?? {};

const refuseTaken = (
  world: SandboxWorld,
  fresh: { readonly name: string; readonly configuration: CallInput },
  except?: TokenIssuer,
) => {
  const others = Object.values(issuersOf(world)).filter((issuer) => issuer !== except);
  const url = oidcOf(fresh.configuration)['IssuerUrl'];
  if (others.some(({ name }) => name === fresh.name))
    throw ssoConflict('There is a trusted token issuer of that name already.');
  if (others.some(({ configuration }) => oidcOf(configuration)['IssuerUrl'] === url))
    throw ssoConflict('There is a trusted token issuer with that issuer URL already.');
};

const create: SandboxOperation<SandboxWorld> = (world, input) => {
  const sso = instanceOf(world, input);
  const name = textMember(input, 'Name');
  const configuration = structure(input, 'TrustedTokenIssuerConfiguration') ?? {};
  refuseTaken(world, { name, configuration });
  const instance = sso.instanceArn.slice(sso.instanceArn.indexOf('/') + 1);
  const arn = `arn:aws:sso::${sso.ownerAccountId}:trustedTokenIssuer/${instance}/tti-${nextUuid(world.ids)}`;
  issuersOf(world)[arn] = {
    arn,
    name,
    configuration,
    type: textMember(input, 'TrustedTokenIssuerType'),
    tags: tagsFrom(input),
  };
  return { TrustedTokenIssuerArn: arn };
};

const update: SandboxOperation<SandboxWorld> = (world, input) => {
  const issuer = issuerOf(world, input);
  const name = optionalInput(input, 'Name') ?? issuer.name;
  const changed = oidcOf(structure(input, 'TrustedTokenIssuerConfiguration') ?? {});
  const configuration = { OidcJwtConfiguration: { ...oidcOf(issuer.configuration), ...changed } };
  refuseTaken(world, { name, configuration }, issuer);
  Object.assign(issuer, { name, configuration });
  return {};
};

const isUsed = ({ sso }: SandboxWorld, { arn }: TokenIssuer): boolean =>
  Object.values(sso.applications ?? {}).some(({ grants }) =>
    Object.values(grants).some((grant) => isRecord(grant) && JSON.stringify(grant).includes(arn)),
  );

const remove: SandboxOperation<SandboxWorld> = (world, input) => {
  const issuer = issuerOf(world, input);
  if (isUsed(world, issuer)) throw ssoConflict('The trusted token issuer is used by an application.');
  Reflect.deleteProperty(issuersOf(world), issuer.arn);
  return {};
};

type RegionRow = {
  readonly name: string;
  readonly status: string;
  readonly addedDate: number;
  readonly isPrimary: boolean;
};

const statusOf = ({ settlesAt, isLeaving }: AddedRegion, now: number): string | undefined => {
  if (settlesAt > now) return isLeaving ? 'REMOVING' : 'ADDING';
  return isLeaving ? undefined : 'ACTIVE';
};

const rowsAt = ({ sso }: SandboxWorld, now: number): readonly RegionRow[] => [
  { name: sso.region, status: 'ACTIVE', addedDate: sso.createdDate, isPrimary: true },
  ...(sso.regions ?? []).flatMap((region) => {
    const status = statusOf(region, now);
    return status === undefined ? [] : [{ name: region.name, status, addedDate: region.addedDate, isPrimary: false }];
  }),
];

const regionOutput = ({ name, status, addedDate, isPrimary }: RegionRow): CallOutput => ({
  RegionName: name,
  Status: status,
  AddedDate: seconds(addedDate),
  IsPrimaryRegion: isPrimary,
});

export const regionsShown = (world: SandboxWorld, now: number): CallOutput => ({
  PrimaryRegion: world.sso.region,
  Regions: rowsAt(world, now).map(regionOutput),
});

const regionIn = (world: SandboxWorld, input: CallInput, now: number): RegionRow => {
  instanceOf(world, input);
  const found = rowsAt(world, now).find(({ name }) => name === textMember(input, 'RegionName'));
  if (found) return found;
  throw ssoNotFound(`The instance is not in the Region ${textMember(input, 'RegionName')}`);
};

const addRegion: SandboxOperation<SandboxWorld> = (world, input, { now }) => {
  const sso = instanceOf(world, input);
  const name = textMember(input, 'RegionName');
  if (rowsAt(world, now).some((row) => row.name === name))
    throw ssoConflict(`The instance is in the Region ${name} already.`);
  const kept = (sso.regions ?? []).filter((region) => region.name !== name);
  sso.regions = [...kept, { name, addedDate: now, settlesAt: now + world.settings.latencyMs.provisioning }];
  return { Status: 'ADDING' };
};

const removeRegion: SandboxOperation<SandboxWorld> = (world, input, { now }) => {
  if (regionIn(world, input, now).isPrimary) throw invalidSsoInput('The primary Region cannot be removed.');
  for (const region of world.sso.regions ?? [])
    if (region.name === textMember(input, 'RegionName'))
      Object.assign(region, { isLeaving: true, settlesAt: now + world.settings.latencyMs.provisioning });
  return { Status: 'REMOVING' };
};

export const tokenIssuerOperations: WorldOperations = {
  CreateTrustedTokenIssuer: create,
  DescribeTrustedTokenIssuer: (world, input) => {
    const issuer = issuerOf(world, input);
    return { ...summary(issuer), TrustedTokenIssuerConfiguration: issuer.configuration };
  },
  UpdateTrustedTokenIssuer: update,
  DeleteTrustedTokenIssuer: remove,
  ListTrustedTokenIssuers: (world, input) => {
    instanceOf(world, input);
    return paged(input, 'TrustedTokenIssuers', Object.values(issuersOf(world)).map(summary));
  },
};

export const regionOperations: WorldOperations = {
  AddRegion: addRegion,
  RemoveRegion: removeRegion,
  DescribeRegion: (world, input, { now }) => regionOutput(regionIn(world, input, now)),
  ListRegions: (world, input, { now }) => {
    instanceOf(world, input);
    return paged(input, 'Regions', rowsAt(world, now).map(regionOutput));
  },
};
