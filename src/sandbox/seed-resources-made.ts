/** Resources that teams have made with their own tools, as a repository names them: each with what AWS gives it, and no policy more. */
import { firstKeyPolicy } from './kms/operations.ts';
import { firstTopicPolicy } from './sns/operations.ts';
import { hold } from './resources/state.ts';
import type { PolicyService } from './resources/state.ts';
import type { SandboxWorld } from './world.ts';

/** `account`: its id. */
export type SeededResource = { readonly arn: string; readonly account: string; readonly region: string };

/** Of `secret:NAME-SUFFIX` the name alone, of `key/ID` and `repository/NAME` what follows. */
const nameOf = (service: string, resource: string): string => {
  if (service === 'secretsmanager') return resource.replace(/^secret:/, '').replace(/-[A-Za-z0-9]{6}$/, '');
  return service === 'kms' || service === 'ecr'
    ? resource.slice(resource.indexOf('/') + 1)
    : resource.replace(/^function:/, '');
};

const firstPolicy = (service: string, { arn, account }: SeededResource): string | undefined => {
  if (service === 'sns') return firstTopicPolicy(arn, account);
  return service === 'kms' ? firstKeyPolicy(account) : undefined;
};

export const makeResources = (world: SandboxWorld, resources: readonly SeededResource[], now: number): void => {
  for (const resource of resources) {
    const { arn, account, region } = resource;
    const [, , service = '', , , ...rest] = arn.split(':');
    const text = firstPolicy(service, resource);
    hold(world, account, {
      ...{ service: service as PolicyService, region, name: nameOf(service, rest.join(':')), arn },
      ...{ createdAt: now, attributes: {} },
      ...(text === undefined ? {} : { policy: { text, principals: {} } }),
    });
  }
};
