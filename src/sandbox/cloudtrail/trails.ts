/** The trails of an account. */
import type { SandboxCall, CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { AwsError } from '../core.ts';
import type { InputMembers } from '../members.ts';
import { faultOf, optionalTextMember, textMember } from '../members.ts';
import { takePage } from '../pages.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';
import type { Trail } from './state.ts';

/** The account's own, and those of the organization, which the management account keeps. */
const trailsOf = (world: SandboxWorld, account: string): readonly Trail[] => {
  const ofOrganization = (world.cloudTrail.trails[world.organizations.management] ?? []).filter(
    ({ IsOrganizationTrail }) => IsOrganizationTrail,
  );
  return [...new Set([...(world.cloudTrail.trails[account] ?? []), ...ofOrganization])];
};

const showsIn = (trail: Trail, region: string): boolean => trail.IsMultiRegionTrail || trail.HomeRegion === region;

const trailOutput = ({
  isLogging: _logging,
  stoppedAt: _stopped,
  startedAt: _started,
  ...trail
}: Trail): CallOutput => ({
  ...trail,
  HasCustomEventSelectors: false,
  HasInsightSelectors: false,
});

const describeTrails: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const named: unknown[] = Array.isArray(input['trailNameList']) ? (input['trailNameList'] as unknown[]) : [];
  const here = trailsOf(world, call.account).filter((trail) => showsIn(trail, call.region));
  const wanted = here.filter(
    ({ Name, TrailARN }) => named.length === 0 || named.some((one) => one === Name || one === TrailARN),
  );
  const shadows = input['includeShadowTrails'] !== false;
  return {
    trailList: wanted.filter(({ HomeRegion }) => shadows || HomeRegion === call.region).map(trailOutput),
  };
};

const statusMembers: InputMembers = { Name: { kind: 'string', required: true, min: 1, max: 512 } };

const trailNamed = (world: SandboxWorld, input: CallInput, call: SandboxCall): Trail => {
  if (faultOf(input, statusMembers)) throw new AwsError('InvalidTrailNameException', 'The trail name is invalid.');
  const name = textMember(input, 'Name');
  const trail = trailsOf(world, call.account).find(
    ({ Name, TrailARN, HomeRegion }) => TrailARN === name || (Name === name && HomeRegion === call.region),
  );
  if (trail) return trail;
  throw new AwsError('TrailNotFoundException', `Unknown trail: ${name} for the user: ${call.account}`, { status: 404 });
};

/** A trail of the organization belongs to the management account. */
const trailToChange = (world: SandboxWorld, input: CallInput, call: SandboxCall): Trail => {
  const trail = trailNamed(world, input, call);
  if (world.cloudTrail.trails[call.account]?.includes(trail)) return trail;
  throw new AwsError('InsufficientDependencyServiceAccessPermissionException', 'The trail is of another account.');
};

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

const getTrailStatus: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { isLogging, stoppedAt, startedAt, CloudWatchLogsLogGroupArn } = trailNamed(world, input, call);
  return {
    IsLogging: isLogging,
    ...(isLogging ? { LatestDeliveryTime: seconds(call.now) } : {}),
    ...(isLogging && CloudWatchLogsLogGroupArn !== undefined
      ? { LatestCloudWatchLogsDeliveryTime: seconds(call.now - world.settings.trailDelayMs) }
      : {}),
    ...(startedAt === undefined ? {} : { StartLoggingTime: seconds(startedAt) }),
    ...(stoppedAt === undefined ? {} : { StopLoggingTime: seconds(stoppedAt) }),
  };
};

const createTrail: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const name = textMember(input, 'Name');
  if (!/^[A-Za-z0-9][\w.-]{1,126}[A-Za-z0-9]$/.test(name))
    throw new AwsError('InvalidTrailNameException', 'The trail name is invalid.');
  const bucket = optionalTextMember(input, 'S3BucketName');
  if (bucket === undefined) throw new AwsError('InvalidS3BucketNameException', 'The bucket name is invalid.');
  const logGroup = optionalTextMember(input, 'CloudWatchLogsLogGroupArn');
  const trails = (world.cloudTrail.trails[call.account] ??= []);
  if (trails.some(({ Name }) => Name === name))
    throw new AwsError('TrailAlreadyExistsException', `Trail ${name} already exists for customer: ${call.account}`);
  const trail: Trail = {
    Name: name,
    TrailARN: `arn:aws:cloudtrail:${call.region}:${call.account}:trail/${name}`,
    HomeRegion: call.region,
    S3BucketName: bucket,
    ...(logGroup === undefined ? {} : { CloudWatchLogsLogGroupArn: logGroup }),
    IncludeGlobalServiceEvents: input['IncludeGlobalServiceEvents'] !== false,
    IsMultiRegionTrail: input['IsMultiRegionTrail'] === true,
    IsOrganizationTrail: input['IsOrganizationTrail'] === true,
    LogFileValidationEnabled: input['EnableLogFileValidation'] === true,
    // A trail that CreateTrail makes does not log before StartLogging.
    isLogging: false,
  };
  trails.push(trail);
  return trailOutput(trail);
};

/** Lists are not filtered by Region: they name trails wherever they are. */
const listTrails: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const page = takePage(trailsOf(world, call.account), { token: input['NextToken'], size: undefined, cap: 1000 });
  if (!page) throw new AwsError('InvalidNextTokenException', 'The next token is invalid.');
  return {
    Trails: page.items.map(({ Name, TrailARN, HomeRegion }) => ({ Name, TrailARN, HomeRegion })),
    ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }),
  };
};

const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';

const updateTrail: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const trail = trailToChange(world, input, call);
  if (trail.HomeRegion !== call.region)
    throw new AwsError('InvalidHomeRegionException', `The trail's home Region is ${trail.HomeRegion}.`);
  const flags = {
    IncludeGlobalServiceEvents: input['IncludeGlobalServiceEvents'],
    IsMultiRegionTrail: input['IsMultiRegionTrail'],
    IsOrganizationTrail: input['IsOrganizationTrail'],
    LogFileValidationEnabled: input['EnableLogFileValidation'],
  };
  const S3BucketName = optionalTextMember(input, 'S3BucketName') ?? trail.S3BucketName;
  Object.assign(trail, {
    S3BucketName,
    ...Object.fromEntries(Object.entries(flags).filter(([, flag]) => isFlag(flag))),
  });
  const { HomeRegion: _, HasCustomEventSelectors: _c, HasInsightSelectors: _i, ...output } = trailOutput(trail);
  return output;
};

const deleteTrail: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const gone = trailToChange(world, input, call);
  world.cloudTrail.trails[call.account] = (world.cloudTrail.trails[call.account] ?? []).filter((one) => one !== gone);
  return {};
};

/** A trail nobody has chosen events for logs every management event. */
const eventSelectors: SandboxOperation<SandboxWorld> = (world, input, call) => ({
  TrailARN: trailNamed(world, { Name: input['TrailName'] }, call).TrailARN,
  EventSelectors: [
    { ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] },
  ],
});

const listTags: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const arns: readonly unknown[] = Array.isArray(input['ResourceIdList']) ? input['ResourceIdList'] : [];
  const known = trailsOf(world, call.account).map(({ TrailARN }) => TrailARN);
  if (!arns.every((arn) => known.some((one) => one === arn)))
    throw new AwsError('ResourceNotFoundException', 'The specified resource does not exist.');
  return { ResourceTagList: arns.map((ResourceId) => ({ ResourceId, TagsList: [] })) };
};

export const trailOperations: WorldOperations = {
  DescribeTrails: describeTrails,
  GetTrail: (world, input, call) => ({ Trail: trailOutput(trailNamed(world, input, call)) }),
  GetTrailStatus: getTrailStatus,
  GetEventSelectors: eventSelectors,
  ListTrails: listTrails,
  ListTags: listTags,
  CreateTrail: createTrail,
  UpdateTrail: updateTrail,
  DeleteTrail: deleteTrail,
  StartLogging: (world, input, call) => {
    const trail = trailToChange(world, input, call);
    trail.isLogging = true;
    trail.startedAt = call.now;
    delete trail.stoppedAt;
    return {};
  },
  StopLogging: (world, input, call) => {
    Object.assign(trailToChange(world, input, call), { isLogging: false, stoppedAt: call.now });
    return {};
  },
};
