/** Writes down every call that wrote something, or was refused when it tried to. */
import type { AwsError, SandboxCall, CallInput, CallOutput } from '../core.ts';
import { nextUuid } from '../core.ts';
import type { TrailEvent } from './state.ts';
import type { SandboxWorld } from '../world.ts';

/** "Viewing events with CloudTrail event history": the past 90 days. */
export const keptFor = 90 * 24 * 3_600_000;
/** The sandbox's own bound, so that its file stays small. */
const keptEvents = 4000;
const longestText = 1024;

const globalServices = ['organizations', 'iam'];

/** Global services write their events in us-east-1 ("Global service events"). */
const regionOf = (world: SandboxWorld, { service, region }: SandboxCall): string => {
  if (globalServices.includes(service)) return 'us-east-1';
  return service === 'sso-admin' || service === 'identitystore' ? world.sso.region : region;
};

const sources: Readonly<Record<string, string>> = { 'sso-admin': 'sso', accessanalyzer: 'access-analyzer' };

/** An AWS service's name in events. */
const sourceOf = (service: string): string =>
  `${Object.hasOwn(sources, service) ? String(sources[service]) : service}.amazonaws.com`;

const lowered = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

const secret = /^(password|secretAccessKey|sessionToken|secretString|secretBinary|zipFile)$/i;

/** As CloudTrail spells it, with long texts cut and secrets left out. */
const spelled = (value: unknown): unknown => {
  if (typeof value === 'string') return value.length > longestText ? `${value.slice(0, longestText)}…` : value;
  if (Array.isArray(value)) return value.map(spelled);
  if (typeof value !== 'object' || value === null) return value ?? null;
  const members = Object.entries(value).filter(([name, member]) => member !== undefined && !secret.test(name));
  return Object.fromEntries(members.map(([name, member]) => [lowered(name), spelled(member)]));
};

/** S3 writes `bucketName` where its API says `Bucket` (S3 User Guide, "CloudTrail log file entries"). */
const ofBucket = ({ Bucket, ...input }: CallInput): CallInput =>
  Bucket === undefined ? input : { BucketName: Bucket, ...input };

/** Calls that are no change to anything that is reconciled or audited. */
const isNoted = ({ service }: SandboxCall): boolean => !['sts', 'accessanalyzer', 'logs'].includes(service);

type RecordedAnswer = { readonly input: CallInput; readonly output?: CallOutput; readonly error?: AwsError };

const eventOf = (world: SandboxWorld, call: SandboxCall, { input, output, error }: RecordedAnswer): TrailEvent => {
  const { caller, now, source } = call;
  return {
    id: nextUuid(world.cloudTrail.ids),
    at: now,
    account: call.account,
    region: regionOf(world, call),
    source: sourceOf(call.service),
    name: call.operation,
    principalArn: caller.principalArn,
    userId: caller.userId,
    accessKeyId: call.accessKeyId,
    ip: source.ip,
    agent: source.agent,
    request: spelled(call.service === 's3' ? ofBucket(input) : input),
    response: output === undefined ? null : spelled(output),
    ...(caller.roleArn === undefined ? {} : { roleArn: caller.roleArn }),
    ...(caller.console === undefined ? {} : { console: caller.console }),
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
  };
};

export const record = (world: SandboxWorld, call: SandboxCall, answered: RecordedAnswer): void => {
  if (!isNoted(call)) return;
  const { events } = world.cloudTrail;
  events.push(eventOf(world, call, answered));
  const old = events.findIndex(({ at }) => at > call.now - keptFor);
  const tooMany = events.length > keptEvents ? events.length - keptEvents * 0.9 : 0;
  const drop = Math.max(old, tooMany);
  if (drop > 0) events.splice(0, Math.ceil(drop));
};
