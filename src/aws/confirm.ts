/** What was written is read again: what somebody else wrote at the same time is found here. */
import type { Resource } from '../model/resource.ts';
import type { Clock } from './clock.ts';
import { isArrived } from './moved.ts';
import type { Course } from './moved.ts';

export type Confirmation = {
  readonly clock: Clock;
  readonly read: () => Promise<Resource | undefined>;
  readonly course: Course;
  /** Milliseconds between looks: how long a read may lag behind a write is documented nowhere. */
  readonly looks: readonly number[];
};

/** Throws when a value is none that the change knows, or when the old ones do not go away. */
export const confirm = async ({ clock, read, course, looks }: Confirmation): Promise<void> => {
  for (const wait of [...looks, undefined]) {
    if (isArrived(await read(), course)) return;
    if (wait === undefined) throw new Error('AWS accepted the edits and still shows what was there before');
    await clock.sleep(wait);
  }
};
