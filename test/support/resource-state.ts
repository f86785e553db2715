/** The policies of resources that the sandbox holds, in the model's words. */
import type { PolicyDocument } from '../../src/model/policy.ts';
import type { ResourcePolicy } from '../../src/model/resource.ts';
import type { SandboxWorld } from '../../src/sandbox/world.ts';

/** `label`: of an account's id. */
export const resourcePolicies = (world: SandboxWorld, label: (id: string) => string): readonly ResourcePolicy[] =>
  Object.entries(world.resources).flatMap(([id, { held }]) =>
    Object.values(held).flatMap(({ arn, region, policy }): readonly ResourcePolicy[] => {
      if (policy === undefined) return [];
      const document = JSON.parse(policy.text) as PolicyDocument;
      return [{ kind: 'resource-policy', resource: arn, account: label(id), region, document }];
    }),
  );
