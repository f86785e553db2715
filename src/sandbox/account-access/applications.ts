/** The application by which account access manager serves an Identity Center, and its tags. */
import type { CallInput, SandboxOperation } from '../core.ts';
import { AwsError, nextId } from '../core.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';
import {
  accountAccessIn,
  accessPage,
  accessTime,
  applicationNamed,
  applicationsHere,
  deniedAccess,
  invalidAccessInput,
} from './look.ts';
import type { AccessApplication } from './state.ts';

const servicePrincipal = 'account-access.amazonaws.com';

const instanceIn = (input: CallInput): string => {
  const source = input['identitySource'] as { readonly identityCenter?: { readonly instanceArn?: string } } | undefined;
  return source?.identityCenter?.instanceArn ?? '';
};

/** Needs trusted access, and the organization's own instance (IAM User Guide, "Get started with account access manager"). */
const createApplication: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { organizations, sso, settings } = world;
  if (call.account !== organizations.management || call.region !== sso.region) throw deniedAccess(call);
  if (!organizations.serviceAccess.some(({ ServicePrincipal }) => ServicePrincipal === servicePrincipal))
    throw invalidAccessInput(`Trusted access for ${servicePrincipal} is not enabled in the organization.`);
  const instanceArn = instanceIn(input);
  if (instanceArn !== sso.instanceArn) throw invalidAccessInput(`Instance ${instanceArn} does not exist.`);
  const state = accountAccessIn(world);
  const there = state.applications.find((one) => one.instanceArn === instanceArn);
  if (there) return { applicationArn: there.arn };
  const application = accessApplicationOf(world, { instanceArn, now: call.now });
  state.applications = [...state.applications, { ...application, activeAt: call.now + settings.latencyMs.assignment }];
  return { applicationArn: application.arn };
};

/** Active at once. */
export const accessApplicationOf = (
  world: SandboxWorld,
  { instanceArn, now }: { readonly instanceArn: string; readonly now: number },
): AccessApplication => {
  const { ids } = accountAccessIn(world);
  const { management } = world.organizations;
  const instance = instanceArn.slice(instanceArn.lastIndexOf('/') + 1);
  return {
    arn: `arn:aws:account-access:${world.sso.region}:${management}:application/${nextId(ids, 16)}`,
    instanceArn,
    identityCenterArn: `arn:aws:sso::${management}:application/${instance}/apl-${nextId(ids, 16)}`,
    createdAt: now,
    activeAt: now,
    tags: {},
    entitlements: [],
  };
};

const times = ({ createdAt }: AccessApplication) => ({
  createdAt: accessTime(createdAt),
  updatedAt: accessTime(createdAt),
});

const getApplication: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const one = applicationNamed(world, input, { call });
  return {
    identitySource: { identityCenter: { instanceArn: one.instanceArn, applicationArn: one.identityCenterArn } },
    status: one.activeAt > call.now ? 'CREATE_IN_PROGRESS' : 'ACTIVE',
    ...times(one),
    tags: one.tags,
  };
};

const listApplications: SandboxOperation<SandboxWorld> = (world, input, call) =>
  accessPage(
    'applications',
    applicationsHere(world, call).map((one) => ({ applicationArn: one.arn, ...times(one) })),
    input,
  );

/** All its entitlements go with it (IAM User Guide, "Get started with account access manager"). */
const deleteApplication: SandboxOperation<SandboxWorld> = (world, input, call) => {
  if (call.account !== world.organizations.management) throw deniedAccess(call);
  const gone = applicationsHere(world, call).find(({ arn }) => arn === input['applicationArn']);
  const state = accountAccessIn(world);
  state.applications = state.applications.filter((one) => one !== gone);
  return {};
};

const listTags: SandboxOperation<SandboxWorld> = (world, input, call) => ({
  tags: applicationNamed(world, input, { call, member: 'resourceArn' }).tags,
});

const mostTags = 50;

const tagResource: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const one = applicationNamed(world, input, { call, member: 'resourceArn' });
  const tags = { ...one.tags, ...(input['tags'] as Readonly<Record<string, string>>) };
  if (Object.keys(tags).length > mostTags)
    throw new AwsError('ValidationException', `A resource has at most ${mostTags} tags.`);
  one.tags = tags;
  return {};
};

const untagResource: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const one = applicationNamed(world, input, { call, member: 'resourceArn' });
  const gone = (input['tagKeys'] ?? []) as readonly string[];
  one.tags = Object.fromEntries(Object.entries(one.tags).filter(([key]) => !gone.includes(key)));
  return {};
};

export const accessApplicationOperations: WorldOperations = {
  CreateApplication: createApplication,
  GetApplication: getApplication,
  ListApplications: listApplications,
  DeleteApplication: deleteApplication,
  ListTagsForResource: listTags,
  TagResource: tagResource,
  UntagResource: untagResource,
};
