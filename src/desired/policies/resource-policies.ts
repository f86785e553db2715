/** access/resources/: policies of resources that others make, each by the ARN of its resource. */
import { coveredBy, resourceExamples, resourceOfArn } from '../../kinds/resource-policies.ts';
import type { PolicyBearingResource } from '../../kinds/resource-policies.ts';
import type { ResourceAddress } from '../../model/desired.ts';
import { listOf, minified, statements } from '../../model/policy.ts';
import type { Statement } from '../../model/policy.ts';
import { resourcePolicyKey } from '../../model/resource.ts';
import type { Key, ResourcePolicy } from '../../model/resource.ts';
import { globMatches } from '../../model/glob.ts';
import type { Typed } from '../check-form.ts';
import { checkRegion } from '../checks/check-region.ts';
import { settle, writtenTermsOf } from '../dates.ts';
import type { DatedPiece, SettledPieces } from '../dates.ts';
import type { DeclaredAccount } from '../declared-organization.ts';
import { reportUnknownAccount } from '../organization.ts';
import type { FileSchemas } from '../schema/schema.ts';
import { listed, quoted } from '../text.ts';
import { inside, placeOf, uniqueNames } from '../world.ts';
import type { FileSpot, ReadingContext } from '../world.ts';
import { checkSizes, policyPlaces, readPolicy } from './policies.ts';
import type { FoundPolicy } from './policies.ts';

type ResourceEntry = FileSchemas['resources']['resources'][number];
type Entry = { readonly spot: FileSpot; readonly written: ResourceEntry; readonly named: PolicyBearingResource };

const namedIn = (
  spot: FileSpot,
  { resource }: ResourceEntry,
  { report }: ReadingContext,
): PolicyBearingResource | undefined => {
  const named = resourceOfArn(resource);
  if (named !== undefined) return named;
  const message = `${quoted(resource)} is no resource whose policy can be declared`;
  const hint = `Such as ${listed(resourceExamples)}.`;
  report({ at: placeOf(inside(spot, 'resource')), rule: 'unknown-resource', message, hint });
  return undefined;
};

/** The ARN says it but for buckets, whose names are one namespace of all accounts. */
const accountOf = ({ spot, written, named }: Entry, world: ReadingContext): DeclaredAccount | undefined => {
  const { organization, report } = world;
  if (organization === undefined) return undefined;
  const said = written.account === undefined ? undefined : organization.accounts.get(written.account);
  const at = placeOf(inside(spot, written.account === undefined ? 'resource' : 'account'));
  if (written.account !== undefined && said === undefined) {
    reportUnknownAccount(inside(spot, 'account'), written.account, { organization, report });
    return undefined;
  }
  if (named.accountId === '') {
    if (said === undefined)
      report({
        at,
        rule: 'missing-key',
        message: `account is missing: the ARN of a ${named.word} does not say whose it is`,
      });
    return said;
  }
  const found = [...organization.accounts.values()].find(({ id }) => id === named.accountId);
  if (found === undefined)
    report({ at, rule: 'unknown-account', message: `account ${named.accountId} of the ARN is not declared` });
  if (said === undefined || found === undefined || said === found) return found;
  const message = `the ARN is of ${quoted(found.name)}, and not of ${quoted(said.name)}`;
  report({ at, rule: 'conflicting-keys', message, hint: 'Leave account out.' });
  return undefined;
};

const regionOf = ({ spot, written, named }: Entry, { report }: ReadingContext): string | undefined => {
  checkRegion(placeOf(inside(spot, 'resource')), named.region, report);
  if (written.region !== named.region) checkRegion(placeOf(inside(spot, 'region')), written.region, report);
  if (named.region === '') {
    if (written.region === undefined)
      report({
        at: placeOf(inside(spot, 'resource')),
        rule: 'missing-key',
        message: `region is missing: the ARN of a ${named.word} does not say where it is`,
      });
    return written.region;
  }
  if (written.region === undefined || written.region === named.region) return named.region;
  const message = `the ARN says ${named.region}, and not ${written.region}`;
  report({ at: placeOf(inside(spot, 'region')), rule: 'conflicting-keys', message, hint: 'Leave region out.' });
  return undefined;
};

/** Services refuse what a policy says of anything but its own resource ("Policy has invalid resource"). */
const strayResources = ({ written, named }: Entry, { Resource, NotResource }: Statement): readonly string[] => {
  const covered = coveredBy(written.resource);
  const isOwn = (text: string): boolean =>
    (text === '*' && named.service !== 's3' && named.service !== 'sns') ||
    covered.some((pattern) => pattern === text || (pattern.endsWith('/*') && globMatches(pattern, text))) ||
    (named.service === 's3' && text === `${written.resource}*`);
  return [...listOf(Resource), ...listOf(NotResource)].filter((text) => !isOwn(text));
};

const strayActions = ({ named }: Entry, { Action, NotAction }: Statement): readonly string[] =>
  [...listOf(Action), ...listOf(NotAction)].filter(
    (action) => action !== '*' && action.slice(0, action.indexOf(':')).toLowerCase() !== named.service,
  );

const mistakesOf = (entry: Entry, statement: Statement): readonly string[] => {
  const { named, written } = entry;
  const isNamed = statement.Resource !== undefined || statement.NotResource !== undefined;
  const resources = strayResources(entry, statement);
  const actions = strayActions(entry, statement);
  return [
    ...(named.names === 'resources' && !isNamed ? ['Resource is missing'] : []),
    ...(named.names === 'no resources' && isNamed
      ? [`the policy of a ${named.word} names no Resource: it is of its own`]
      : []),
    ...(resources.length > 0 && named.names === 'resources'
      ? [`${listed(resources.map(quoted))} is not of ${written.resource}, and AWS refuses it`]
      : []),
    ...(actions.length > 0
      ? [`${listed(actions.map(quoted))} is no action of ${named.service}, and AWS refuses it`]
      : []),
  ];
};

const checkStatements = (
  entry: Entry,
  { document, statements: places }: FoundPolicy,
  { report }: ReadingContext,
): void => {
  for (const [index, statement] of statements(document).entries())
    for (const message of mistakesOf(entry, statement))
      report({ at: places[index] ?? placeOf(entry.spot), rule: 'not-a-policy', message });
};

const readDocument = (entry: Entry, world: ReadingContext): FoundPolicy | undefined => {
  const { spot, written, named } = entry;
  const { policy: document, policyFile: file } = written;
  if (document === undefined && file === undefined)
    world.report({ at: placeOf(spot), rule: 'missing-key', message: 'policy is missing', hint: 'Or policyFile.' });
  const owner = resourcePolicyKey(written.resource);
  const source = { key: 'policy', fileKey: 'policyFile', document, file, use: 'resource', owner } as const;
  const found = readPolicy(spot, source, world);
  if (found === undefined) return undefined;
  checkStatements(entry, found, world);
  const size = Buffer.byteLength(minified(found.document));
  const limit = { size, limit: world.limits[named.size], counted: 'bytes' };
  checkSizes(found.at, `the policy of the ${named.word}`, { sizes: [limit], world });
  return found;
};

const checkAbsent = ({ spot, written, named }: Entry, { report }: ReadingContext): void => {
  const at = placeOf(inside(spot, 'state'));
  if (named.without === 'impossible')
    report({ at, rule: 'policy-must-stay', message: `a ${named.word} cannot be without a policy` });
  const key = written.policy === undefined ? 'policyFile' : 'policy';
  // A misspelled word is said already: what it was to mean, and so what stands beside it in vain, is a guess.
  const isWritten = spot.file.sourceOf([...spot.path, 'state']) === 'absent';
  if (isWritten && written[key] !== undefined)
    report({ at, rule: 'conflicting-keys', message: `${key} means nothing beside state: absent` });
};

type ReadResource = { readonly address?: ResourceAddress; readonly absent?: Key; readonly piece?: DatedPiece };

const readEntry = (spot: FileSpot, written: ResourceEntry, world: ReadingContext): ReadResource => {
  const named = namedIn(spot, written, world);
  if (named === undefined) return {};
  const entry: Entry = { spot, written, named };
  const [account, region] = [accountOf(entry, world), regionOf(entry, world)];
  const isAbsent = written.state === 'absent';
  if (isAbsent) checkAbsent(entry, world);
  const found = isAbsent ? undefined : readDocument(entry, world);
  if (account === undefined || region === undefined) return {};
  const address = { resource: written.resource, account: account.name, region };
  if (isAbsent) return { address, absent: resourcePolicyKey(written.resource) };
  if (found === undefined) return { address };
  const resource: ResourcePolicy = { kind: 'resource-policy', ...address, document: found.document };
  const at = placeOf(inside(spot, 'resource'));
  const inner = policyPlaces('document', found);
  return { address, piece: { ...writtenTermsOf(written), resource, at, inner, entry: at.line } };
};

export type ResourcePolicies = SettledPieces & {
  readonly absent: readonly Key[];
  /** Of all that are declared, present or absent. */
  readonly addresses: readonly ResourceAddress[];
};

export const readResourcePolicies = (files: readonly Typed<'resources'>[], world: ReadingContext): ResourcePolicies => {
  const isNew = uniqueNames('resource', world.report);
  const read = files.flatMap(({ file, value }) =>
    value.resources.map((written, index) => {
      const spot: FileSpot = { file, path: ['resources', index] };
      return isNew(written.resource, placeOf(inside(spot, 'resource'))) ? readEntry(spot, written, world) : {};
    }),
  );
  return {
    ...settle([read.flatMap(({ piece }) => piece ?? [])], world.today),
    absent: read.flatMap(({ absent }) => absent ?? []),
    addresses: read.flatMap(({ address }) => address ?? []),
  };
};
