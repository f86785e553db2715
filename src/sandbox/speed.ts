/**
 * A hurry of the imitated AWS: its waits are shorter and its rates higher, by one factor. Its clock is never the one that
 * hurries: what it writes down happened when the clock on the wall said so, and is past for whoever reads it next.
 */
import type { SandboxSettings, SandboxWorld } from './world.ts';

const hurried = (settings: SandboxSettings, speed: number): SandboxSettings => ({
  ...settings,
  latencyMs: {
    assignment: settings.latencyMs.assignment / speed,
    provisioning: settings.latencyMs.provisioning / speed,
    policyType: settings.latencyMs.policyType / speed,
    account: (settings.latencyMs.account ?? 0) / speed,
  },
  readAfterWriteDelayMs: settings.readAfterWriteDelayMs / speed,
  principalDelayMs: settings.principalDelayMs / speed,
  credentialReportMs: settings.credentialReportMs / speed,
  trailDelayMs: settings.trailDelayMs / speed,
});

/** The same parts, so that what is done to it is done to the world; settings that are changed later count. */
export const inHurry = (world: SandboxWorld, speed: number): SandboxWorld => ({
  ...world,
  get settings() {
    return hurried(world.settings, speed);
  },
});
