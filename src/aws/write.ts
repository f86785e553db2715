/** One change made to AWS. Each writer may be asked for the same change twice. */
import type { Change } from '../model/plan.ts';
import type { Connection } from './connection.ts';
import type { Ids } from './ids.ts';

export type Writing = { readonly connection: Connection; readonly ids: Ids };

export const createWriting = (parts: Pick<Writing, 'connection' | 'ids'>): Writing => parts;

/** Throws what AWS threw when it refuses. */
export const write = async (_writing: Writing, change: Change): Promise<void> => {
  throw new Error(`${change.action} of ${change.kind} is not built`);
};
