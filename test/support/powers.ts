/** What people can do, by decision: the measure of the exposure law, independent of the reachable actions that plans use. */
import { decide } from '../../src/evaluate/decide.ts';
import { setActor } from '../../src/evaluate/actors.ts';
import { createWorld } from '../../src/evaluate/policies-of.ts';
import type { Knowledge } from '../../src/plan/access/side.ts';
import type { Assignment, State } from '../../src/model/resource.ts';
import { resourcesOf } from '../../src/model/resource.ts';
import { MANAGEMENT, ORGANIZATION, allow, document } from './build.ts';

const documents = new Map([
  ['arn:aws:iam::aws:policy/AdministratorAccess', document(allow('*'))],
  ['arn:aws:iam::aws:policy/ReadOnlyAccess', document(allow('s3:GetObject', 'iam:GetUser'))],
  ['arn:aws:iam::aws:policy/PowerUserAccess', document(allow('s3:*', 'ec2:*'))],
  ['arn:aws:iam::aws:policy/IAMFullAccess', document(allow('iam:*'))],
  ['arn:aws:iam::aws:policy/IAMReadOnlyAccess', document(allow('iam:GetUser'))],
  ['arn:aws:iam::aws:policy/AmazonEC2FullAccess', document(allow('ec2:*'))],
  ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess', document(allow('s3:GetObject'))],
]);
const sampled = ['s3:GetObject', 's3:PutObject', 'ec2:RunInstances', 'iam:GetUser', 'iam:CreateUser'] as const;

const regions = ['eu-west-1', 'us-east-1'] as const;

/** Of the few actions and policies that small organizations are made of. */
export const smallKnowledge: Knowledge = {
  actions: {
    version: 'test',
    actions: sampled.map((text) => {
      const [service = '', name = ''] = text.split(':');
      return { service, name, level: 'Write' as const };
    }),
  },
  policies: {
    date: '2026-11-23',
    names: () => [],
    arnOf: () => undefined,
    has: (arn) => documents.has(arn),
    document: (arn) => documents.get(arn),
  },
};

/** `user account action region`, for everybody, everywhere, or through some assignments alone. */
export const powersIn = (state: State, through: (one: Assignment) => boolean = () => true): ReadonlySet<string> => {
  const world = createWorld({
    state,
    catalogue: smallKnowledge.policies,
    origins: {},
    region: 'eu-west-1',
    organization: ORGANIZATION,
    managementAccount: MANAGEMENT,
  });
  const known = new Map<string, readonly string[]>();
  const can = (permissionSet: string, name: string): readonly string[] => {
    const account = world.accounts.get(name);
    const actor = account && setActor(world, permissionSet, account);
    if (actor === undefined) return [];
    return sampled.flatMap((action) =>
      regions
        .filter((region) => {
          const request = { action, resource: '*', principal: actor.arn, context: { 'aws:RequestedRegion': region } };
          return decide(request, actor.policies).decision === 'allowed';
        })
        .map((region) => `${action} ${region}`),
    );
  };
  const members = resourcesOf(state, 'membership');
  const all = resourcesOf(state, 'assignment')
    .filter(through)
    .flatMap(({ principal, permissionSet, account }) => {
      const powers = known.get(`${permissionSet}@${account}`) ?? can(permissionSet, account);
      known.set(`${permissionSet}@${account}`, powers);
      const people =
        principal.type === 'user'
          ? [principal.name]
          : members.filter(({ group }) => group === principal.name).map(({ user }) => user);
      return people.flatMap((who) => powers.map((action) => `${who} ${account} ${action}`));
    });
  return new Set(all);
};
