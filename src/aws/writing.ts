/** What every writer is given. */
import { concurrency } from '../model/quotas.ts';
import type { Connection } from './connection.ts';
import type { Ids } from './ids.ts';
import { createLanes, createSlots } from './lanes.ts';
import type { Claim, Lanes, Slots } from './lanes.ts';
import { createPollers } from './pollers.ts';
import type { Pollers } from './pollers.ts';

export type Writing = {
  readonly connection: Connection;
  readonly ids: Ids;
  readonly lanes: Lanes;
  readonly assignmentSlots: Slots;
  readonly provisionSlots: Slots;
  readonly pollers: Pollers;
};

export const createWriting = (connection: Connection, ids: Ids): Writing => ({
  connection,
  ids,
  lanes: createLanes(),
  assignmentSlots: createSlots(concurrency.outstandingAssignments),
  provisionSlots: createSlots(concurrency.outstandingProvisions),
  pollers: createPollers(connection, ids.instanceArn),
});

/** Organizations answers writes that overlap with ConcurrentModificationException. */
export const organizationLane: readonly Claim[] = [{ lane: 'organizations', token: 'write' }];
