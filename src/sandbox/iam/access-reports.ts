/** Which services an entity may use, and through which policies. The sandbox sees no use of a service, so none is told. */
import type { SandboxCall, CallInput, SandboxOperation, CallOutput } from '../core.ts';
import { nextUuid, secondsIso } from '../core.ts';
import { parsePolicy, textsOf } from './grammar/syntax.ts';
import { missingIamEntity, textListMember } from './look.ts';
import type { AttachedSource } from './simulation/sources.ts';
import { policiesAt } from './simulation/sources.ts';
import { iamOf } from './state.ts';
import { own, textMember } from '../members.ts';
import { takePage } from '../pages.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

const vendorsOf = ({ text: document }: AttachedSource): readonly string[] =>
  parsePolicy(document)
    .statements.filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action }) => textsOf(Action).map((action) => action.split(':')[0]?.toLowerCase() ?? ''));

const generate: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const arn = textMember(input, 'Arn');
  if (!arn.includes(':policy/')) policiesAt(world, call, arn);
  const iam = iamOf(world, call.account);
  const JobId = nextUuid(world.ids);
  iam.accessJobs = { ...iam.accessJobs, [JobId]: { arn, startedAt: call.now } };
  return { JobId };
};

const serviceRow = (service: string): CallOutput => ({
  ServiceName: service,
  ServiceNamespace: service,
  TotalAuthenticatedEntities: 0,
});

const details: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const job = own(iamOf(world, call.account).accessJobs ?? {}, textMember(input, 'JobId'));
  if (!job) throw missingIamEntity(`Invalid JobId: ${textMember(input, 'JobId')}`);
  const held = job.arn.includes(':policy/') ? [] : policiesAt(world, call, job.arn);
  const services = [...new Set(held.flatMap(vendorsOf))].filter((vendor) => vendor !== '*').sort();
  const size = Number(textMember(input, 'MaxItems') || '100');
  const page = takePage(services, { token: input['Marker'], size, cap: 1000 });
  return {
    JobStatus: 'COMPLETED',
    JobType: 'SERVICE_LEVEL',
    JobCreationDate: secondsIso(job.startedAt),
    JobCompletionDate: secondsIso(job.startedAt),
    ServicesLastAccessed: (page?.items ?? []).map(serviceRow),
    IsTruncated: page?.nextToken !== undefined,
    ...(page?.nextToken === undefined ? {} : { Marker: page.nextToken }),
  };
};

const grantOf = ({ name, arn, entity, kind }: AttachedSource): CallOutput =>
  arn === undefined
    ? { PolicyName: name, PolicyType: 'INLINE', EntityType: kind.toUpperCase(), EntityName: entity }
    : { PolicyName: name, PolicyType: 'MANAGED', PolicyArn: arn };

const granting = (world: SandboxWorld, input: CallInput, call: SandboxCall): CallOutput => {
  const held = policiesAt(world, call, textMember(input, 'Arn'));
  return {
    PoliciesGrantingServiceAccess: textListMember(input, 'ServiceNamespaces').map((service) => ({
      ServiceNamespace: service,
      Policies: held.filter((one) => vendorsOf(one).some((vendor) => ['*', service].includes(vendor))).map(grantOf),
    })),
    IsTruncated: false,
  };
};

export const accessReportOperations: WorldOperations = {
  GenerateServiceLastAccessedDetails: generate,
  GetServiceLastAccessedDetails: details,
  ListPoliciesGrantingServiceAccess: granting,
};
