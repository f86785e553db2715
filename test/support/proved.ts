/** Plans of small organizations with their proof, and what it says of them. */
import type { Catalogue } from '../../src/model/catalogue.ts';
import type { Change, Phase, Plan } from '../../src/model/plan.ts';
import type { Resource } from '../../src/model/resource.ts';
import { plan } from '../../src/plan/plan.ts';
import { NOW, account, desired, group, live, ou } from './build.ts';
import { withProof } from './stages.ts';

const policies: Catalogue = {
  date: '2026-11-23',
  names: () => [],
  arnOf: () => undefined,
  has: () => false,
  document: () => undefined,
};

const actions = ['s3:GetObject', 's3:PutObject', 'ec2:RunInstances', 'iam:CreateUser'].map((text) => {
  const [service = '', name = ''] = text.split(':');
  return { service, name, level: 'Write' as const };
});
const knowledge = { actions: { version: 'test', actions }, policies };

const base = [account('Dev', '222222222222', 'Work'), ou('Work'), group('Team'), group('Other')];
export type Sides = { readonly found: readonly Resource[]; readonly wanted: readonly Resource[] };
export type Bend = (change: Change) => Change;
export const asItIs: Bend = (change) => change;

export type Arrange = (changes: readonly Change[]) => readonly Change[];
type Parts = Parameters<typeof desired>[1];

export const provedAs = ({ found, wanted }: Sides, arrange: Arrange, parts: Parts = {}): Plan => {
  const want = desired([...base, ...wanted], { memberGroups: ['Team', 'Other'], ...parts });
  const have = live([...base, ...found]);
  const planned = plan(want, have, NOW);
  return withProof({ ...planned, changes: arrange(planned.changes) }, { desired: want, live: have, knowledge });
};

export const proved = (sides: Sides, bend: Bend = asItIs, parts: Parts = {}): Plan =>
  provedAs(sides, (changes) => changes.map(bend), parts);

/** As a planner without judgment would do it: everything at once. */
export const atOnce =
  (phase: Phase): Bend =>
  (change) => ({ ...change, phase, dependsOn: [] });

export const exposures = ({ guards }: Plan): readonly string[] =>
  guards.flatMap(({ id, ok, message }) => (id === 'exposure' && !ok ? [message] : []));
export const waits = ({ changes }: Plan): readonly string[] => {
  const keys = new Map(changes.map(({ id, key }) => [id, key]));
  return changes.flatMap(({ action, key, dependsOn }) =>
    dependsOn.map((id) => `${action} ${key} < ${keys.get(id) ?? ''}`),
  );
};
