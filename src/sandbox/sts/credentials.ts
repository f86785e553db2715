/** Temporary credentials: made, remembered until a day after they end, and shown. */
import type { CallOutput, CallerSession } from '../core.ts';
import { nextId, secondsIso } from '../core.ts';
import { uniqueId } from '../iam/state.ts';
import type { SandboxWorld } from '../world.ts';

const dayMs = 24 * 3_600_000;

const forgetExpired = (world: SandboxWorld, now: number): void => {
  for (const [key, { expiresAt }] of Object.entries(world.sessions))
    if (expiresAt !== undefined && expiresAt + dayMs < now) Reflect.deleteProperty(world.sessions, key);
};

/** Opens the session and answers its credentials. */
export const openSession = (
  world: SandboxWorld,
  session: CallerSession & { readonly expiresAt: number },
  now: number,
): CallOutput => {
  const AccessKeyId = uniqueId(world.ids, 'ASIA');
  forgetExpired(world, now);
  world.sessions[AccessKeyId] = session;
  return {
    AccessKeyId,
    SecretAccessKey: nextId(world.ids, 40),
    SessionToken: nextId(world.ids, 64),
    Expiration: secondsIso(session.expiresAt),
  };
};
