/** Reads a resource again after writing it, to find what somebody else wrote at the same time. */
import type { Resource } from '../model/resource.ts';
import type { Clock } from './clock.ts';
import { isArrived } from './moved.ts';
import type { StateCourse } from './moved.ts';

export type ReadConfirmation = {
  readonly clock: Clock;
  readonly read: () => Promise<Resource | undefined>;
  readonly course: StateCourse;
  /** Milliseconds between looks: how long a read may lag behind a write is documented nowhere. */
  readonly looks: readonly number[];
};

/** Throws when AWS shows a state that is not part of the change, or still shows the old state after the last look. */
export const confirm = async ({ clock, read, course, looks }: ReadConfirmation): Promise<void> => {
  for (const wait of [...looks, undefined]) {
    if (isArrived(await read(), course)) return;
    if (wait === undefined) throw new Error('AWS accepted the edits and still shows what was there before');
    await clock.sleep(wait);
  }
};
