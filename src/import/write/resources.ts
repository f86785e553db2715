/** Policies of resources as files of access/resources/. */
import { resourceOfArn } from '../../kinds/resource-policies.ts';
import type { ResourcePolicy } from '../../model/resource.ts';
import { policyYaml } from './policies.ts';
import { entry, textOf } from './text.ts';
import type { Yaml } from './text.ts';
import { schemaLine } from './things.ts';
import type { PolicyNames } from './things.ts';

/** Account and Region only where the ARN does not say them. */
const resourceYaml = ({ resource, account, region, document }: ResourcePolicy, names: PolicyNames): Yaml => {
  const named = resourceOfArn(resource);
  return {
    resource,
    ...(named?.accountId === '' ? { account } : {}),
    ...(named?.region === '' ? { region } : {}),
    policy: policyYaml(document, names.accounts),
  };
};

/** Without the six characters that AWS appends to a secret's name. */
export const nameOfResource = (arn: string): string => {
  const name = arn.split(/[:/]/).at(-1) ?? 'resource';
  return arn.startsWith('arn:aws:secretsmanager:') ? name.replace(/-[A-Za-z0-9]{6}$/, '') : name;
};

export const resourceFileText = (policies: readonly ResourcePolicy[], names: PolicyNames): string =>
  textOf([
    schemaLine('resources', 2),
    ...entry(
      'resources',
      policies.map((one) => resourceYaml(one, names)),
      0,
    ),
  ]);
