/** Trusted token issuers, and the Regions that an instance is in. */
import { nextUuid, type Input, type Operation, type Output } from '../core.ts';
import { own, text } from '../members.ts';
import type { World } from '../world.ts';
import { invalid, isRecord, optional, seconds, structure } from './input.ts';
import { conflict, instanceOf, notFound } from './lookup.ts';
import { paged } from './page.ts';
import type { AddedRegion, TokenIssuer } from './state.ts';
import { tagsFrom } from './values.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

const issuersOf = ({ sso }: World): Record<string, TokenIssuer> => (sso.tokenIssuers ??= {});

const issuerOf = (world: World, input: Input): TokenIssuer => {
  const arn = text(input, 'TrustedTokenIssuerArn');
  const found = own(issuersOf(world), arn);
  if (found) return found;
  throw notFound(`Could not find TrustedTokenIssuer with ARN ${arn}`);
};

const summary = ({ arn, name, type }: TokenIssuer): Output => ({
  TrustedTokenIssuerArn: arn,
  Name: name,
  TrustedTokenIssuerType: type,
});

const oidcOf = (configuration: Input): Input => structure(configuration, 'OidcJwtConfiguration') ?? {};

const refuseTaken = (
  world: World,
  fresh: { readonly name: string; readonly configuration: Input },
  except?: TokenIssuer,
) => {
  const others = Object.values(issuersOf(world)).filter((issuer) => issuer !== except);
  const url = oidcOf(fresh.configuration)['IssuerUrl'];
  if (others.some(({ name }) => name === fresh.name))
    throw conflict('There is a trusted token issuer of that name already.');
  if (others.some(({ configuration }) => oidcOf(configuration)['IssuerUrl'] === url))
    throw conflict('There is a trusted token issuer with that issuer URL already.');
};

const create: Operation<World> = (world, input) => {
  const sso = instanceOf(world, input);
  const name = text(input, 'Name');
  const configuration = structure(input, 'TrustedTokenIssuerConfiguration') ?? {};
  refuseTaken(world, { name, configuration });
  const instance = sso.instanceArn.slice(sso.instanceArn.indexOf('/') + 1);
  const arn = `arn:aws:sso::${sso.ownerAccountId}:trustedTokenIssuer/${instance}/tti-${nextUuid(world.ids)}`;
  issuersOf(world)[arn] = {
    arn,
    name,
    configuration,
    type: text(input, 'TrustedTokenIssuerType'),
    tags: tagsFrom(input),
  };
  return { TrustedTokenIssuerArn: arn };
};

const update: Operation<World> = (world, input) => {
  const issuer = issuerOf(world, input);
  const name = optional(input, 'Name') ?? issuer.name;
  const changed = oidcOf(structure(input, 'TrustedTokenIssuerConfiguration') ?? {});
  const configuration = { OidcJwtConfiguration: { ...oidcOf(issuer.configuration), ...changed } };
  refuseTaken(world, { name, configuration }, issuer);
  Object.assign(issuer, { name, configuration });
  return {};
};

const isUsed = ({ sso }: World, { arn }: TokenIssuer): boolean =>
  Object.values(sso.applications ?? {}).some(({ grants }) =>
    Object.values(grants).some((grant) => isRecord(grant) && JSON.stringify(grant).includes(arn)),
  );

const remove: Operation<World> = (world, input) => {
  const issuer = issuerOf(world, input);
  if (isUsed(world, issuer)) throw conflict('The trusted token issuer is used by an application.');
  Reflect.deleteProperty(issuersOf(world), issuer.arn);
  return {};
};

type Row = { readonly name: string; readonly status: string; readonly addedDate: number; readonly isPrimary: boolean };

const statusOf = ({ settlesAt, isLeaving }: AddedRegion, now: number): string | undefined => {
  if (settlesAt > now) return isLeaving ? 'REMOVING' : 'ADDING';
  return isLeaving ? undefined : 'ACTIVE';
};

const rowsAt = ({ sso }: World, now: number): readonly Row[] => [
  { name: sso.region, status: 'ACTIVE', addedDate: sso.createdDate, isPrimary: true },
  ...(sso.regions ?? []).flatMap((region) => {
    const status = statusOf(region, now);
    return status === undefined ? [] : [{ name: region.name, status, addedDate: region.addedDate, isPrimary: false }];
  }),
];

const regionOutput = ({ name, status, addedDate, isPrimary }: Row): Output => ({
  RegionName: name,
  Status: status,
  AddedDate: seconds(addedDate),
  IsPrimaryRegion: isPrimary,
});

const regionIn = (world: World, input: Input, now: number): Row => {
  instanceOf(world, input);
  const found = rowsAt(world, now).find(({ name }) => name === text(input, 'RegionName'));
  if (found) return found;
  throw notFound(`The instance is not in the Region ${text(input, 'RegionName')}`);
};

const addRegion: Operation<World> = (world, input, { now }) => {
  const sso = instanceOf(world, input);
  const name = text(input, 'RegionName');
  if (rowsAt(world, now).some((row) => row.name === name))
    throw conflict(`The instance is in the Region ${name} already.`);
  const kept = (sso.regions ?? []).filter((region) => region.name !== name);
  sso.regions = [...kept, { name, addedDate: now, settlesAt: now + world.settings.latencyMs.provisioning }];
  return { Status: 'ADDING' };
};

const removeRegion: Operation<World> = (world, input, { now }) => {
  if (regionIn(world, input, now).isPrimary) throw invalid('The primary Region cannot be removed.');
  for (const region of world.sso.regions ?? [])
    if (region.name === text(input, 'RegionName'))
      Object.assign(region, { isLeaving: true, settlesAt: now + world.settings.latencyMs.provisioning });
  return { Status: 'REMOVING' };
};

export const tokenIssuerOperations: Ops = {
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

export const regionOperations: Ops = {
  AddRegion: addRegion,
  RemoveRegion: removeRegion,
  DescribeRegion: (world, input, { now }) => regionOutput(regionIn(world, input, now)),
  ListRegions: (world, input, { now }) => {
    instanceOf(world, input);
    return paged(input, 'Regions', rowsAt(world, now).map(regionOutput));
  },
};
