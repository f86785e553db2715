/** Reads after writes: for a settable time, reads see the state as it was before. */
import type { SandboxWorld } from './world.ts';

type DelayedServices = Pick<SandboxWorld, 'organizations' | 'sso' | 'identityStore' | 'iam' | 'resources'>;
type PastServices = { readonly until: number; readonly services: DelayedServices };

export type Delay = {
  /** Call it before a write. */
  readonly remember: (now: number) => void;
  /** The world that a read sees; its own copy when it is an old one. */
  readonly seen: (now: number) => SandboxWorld;
};

/** The past is kept outside the world: it does not survive a restart, after which every read is fresh. */
export const readDelay = (world: SandboxWorld): Delay => {
  const past: PastServices[] = [];
  return {
    remember: (now) => {
      const until = now + world.settings.readAfterWriteDelayMs;
      if (until <= now) return;
      const { organizations, sso, identityStore, iam, resources } = world;
      past.push({ until, services: structuredClone({ organizations, sso, identityStore, iam, resources }) });
    },
    seen: (now) => {
      while (past[0] && past[0].until <= now) past.shift();
      return past[0] ? { ...world, ids: { ...world.ids }, ...structuredClone(past[0].services) } : world;
    },
  };
};
