/**
 * The known ways from a few permissions to many: whoever has all `actions` of a path can end up with more than was given.
 * Read 2026-11-29. A path of pathfinding.cloud keeps its id there; each of its catalogue has a row.
 */
import { functions, machines } from './escalation/compute.ts';
import { builds, containers } from './escalation/containers.ts';
import { datasets } from './escalation/datasets.ts';
import { identities } from './escalation/identities.ts';
import { identityCenterPaths, organizationPaths } from './escalation/management.ts';
import type { EscalationPath } from './escalation/path.ts';

export { escalationSources } from './escalation/path.ts';
export type { EscalationPath } from './escalation/path.ts';

export const escalationPaths: readonly EscalationPath[] = [
  ...identities,
  ...machines,
  ...functions,
  ...containers,
  ...builds,
  ...datasets,
  ...identityCenterPaths,
  ...organizationPaths,
];
