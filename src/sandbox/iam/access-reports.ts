/** Which services an entity may use, and through which policies. The sandbox sees no use of a service, so none is told. */
import { nextUuid, secondsIso, type Call, type Input, type Operation, type Output } from '../core.ts';
import { parsePolicy, textsOf } from './grammar/syntax.ts';
import { missing, textsIn } from './look.ts';
import { policiesAt, type Held } from './simulation/sources.ts';
import { iamOf } from './state.ts';
import { own, text } from '../members.ts';
import { takePage } from '../pages.ts';
import type { World } from '../world.ts';

type Ops = Readonly<Record<string, Operation<World>>>;

const vendorsOf = ({ text: document }: Held): readonly string[] =>
  parsePolicy(document)
    .statements.filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action }) => textsOf(Action).map((action) => action.split(':')[0]?.toLowerCase() ?? ''));

const generate: Operation<World> = (world, input, call) => {
  const arn = text(input, 'Arn');
  if (!arn.includes(':policy/')) policiesAt(world, call, arn);
  const iam = iamOf(world, call.account);
  const JobId = nextUuid(world.ids);
  iam.accessJobs = { ...iam.accessJobs, [JobId]: { arn, startedAt: call.now } };
  return { JobId };
};

const serviceRow = (service: string): Output => ({
  ServiceName: service,
  ServiceNamespace: service,
  TotalAuthenticatedEntities: 0,
});

const details: Operation<World> = (world, input, call) => {
  const job = own(iamOf(world, call.account).accessJobs ?? {}, text(input, 'JobId'));
  if (!job) throw missing(`Invalid JobId: ${text(input, 'JobId')}`);
  const held = job.arn.includes(':policy/') ? [] : policiesAt(world, call, job.arn);
  const services = [...new Set(held.flatMap(vendorsOf))].filter((vendor) => vendor !== '*').sort();
  const size = Number(text(input, 'MaxItems') || '100');
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

const grantOf = ({ name, arn, entity, kind }: Held): Output =>
  arn === undefined
    ? { PolicyName: name, PolicyType: 'INLINE', EntityType: kind.toUpperCase(), EntityName: entity }
    : { PolicyName: name, PolicyType: 'MANAGED', PolicyArn: arn };

const granting = (world: World, input: Input, call: Call): Output => {
  const held = policiesAt(world, call, text(input, 'Arn'));
  return {
    PoliciesGrantingServiceAccess: textsIn(input, 'ServiceNamespaces').map((service) => ({
      ServiceNamespace: service,
      Policies: held.filter((one) => vendorsOf(one).some((vendor) => ['*', service].includes(vendor))).map(grantOf),
    })),
    IsTruncated: false,
  };
};

export const accessReportOperations: Ops = {
  GenerateServiceLastAccessedDetails: generate,
  GetServiceLastAccessedDetails: details,
  ListPoliciesGrantingServiceAccess: granting,
};
