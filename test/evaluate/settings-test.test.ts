import { describe, expect, it } from 'vitest';
import { runTests } from '../../src/evaluate/access-test.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import { createWorld } from '../../src/evaluate/policies-of.ts';
import type { SettingsTest } from '../../src/evaluate/settings-test.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { SettingsValue } from '../../src/model/settings-document.ts';
import { NOW, account, desired, ou, settingsPolicy } from '../support/build.ts';
import { rulesOf, said } from '../desired/repository.ts';

const path = 's3_attributes.public_access_block_configuration';
const s3Type: Resource = { kind: 'policy-type', type: 'S3_POLICY' };
const block = (name: string, value: SettingsValue) =>
  settingsPolicy('s3-policy', name, { s3_attributes: { public_access_block_configuration: { '@@assign': value } } });
const hung = (name: string, where?: string): Resource => ({
  kind: 'attachment',
  policy: { kind: 's3-policy', name },
  target: where === undefined ? { type: 'root' } : { type: 'ou', path: where },
});

const asked = (wanted: SettingsValue, accounts = ['Prod']): SettingsTest => ({
  name: 'T',
  place: { file: 'access/tests/x.yaml', line: 1 },
  accounts,
  effective: { 's3-policy': { [path]: wanted } },
});

const failures = async (test: SettingsTest, ...resources: readonly Resource[]): Promise<readonly string[]> => {
  const base = [ou('Workloads'), account('Prod', '222222222222', 'Workloads'), account('Dev', '333333333333')];
  const world = createWorld({
    state: desired([...base, ...resources]).state,
    catalogue: loadCatalogue(),
    origins: {},
    region: 'eu-west-1',
    organization: 'o-securecart0',
    managementAccount: 'Management',
  });
  const [result] = await runTests([test], { now: NOW, worldAt: () => world });
  return (result?.failures ?? []).map(({ decision, message }) => `${decision}: ${message}`);
};

describe('a test of settings', () => {
  it('holds where the policies above the account come to what it asks for', async () => {
    expect(await failures(asked('all'), s3Type, block('Block', 'all'), hung('Block'))).toEqual([]);
    expect(await failures(asked(['b', 'a']), s3Type, block('Block', ['a', 'b']), hung('Block'))).toEqual([]);
  });

  it('fails, naming the account, the setting and its value', async () => {
    const weaker = [s3Type, block('Block', 'all'), hung('Block'), block('Open', 'none'), hung('Open', 'Workloads')];
    expect(await failures(asked('all', ['Dev', 'Prod']), ...weaker)).toEqual([
      `denied: S3 policy in Prod: ${path} is none, must be all`,
    ]);
    expect(await failures(asked(['a']), s3Type, block('Block', ['a', 'b']), hung('Block'))).toEqual([
      `denied: S3 policy in Prod: ${path} is [a, b], must be [a]`,
    ]);
  });

  it('fails where nothing hangs, the type is not enabled, or the account is not there', async () => {
    const none = `denied: S3 policy in Prod: ${path} is not set, must be all`;
    expect(await failures(asked('all'), s3Type, block('Block', 'all'))).toEqual([none]);
    expect(await failures(asked('all'), block('Block', 'all'), hung('Block'))).toEqual([none]);
    const gone = await failures(asked('all', ['Gone']), s3Type, block('Block', 'all'), hung('Block'));
    expect(gone).toEqual([none.replace('Prod', 'Gone')]);
  });

  it('depends where two policies of one target disagree', async () => {
    const two = [s3Type, block('A', 'all'), hung('A'), block('B', 'none'), hung('B')];
    expect(await failures(asked('all'), ...two)).toEqual([
      `depends: S3 policy in Prod: ${path} depends on which of the policies on one target was attached first, must be all`,
    ]);
  });
});

describe('the file of a test of settings', () => {
  const file = 'access/tests/x.yaml';
  const saying = (rest: string) => said({ [file]: `- { test: T, in: { accounts: [Dev] }, ${rest} }\n` });

  it('is right with settings alone', () => {
    expect(
      rulesOf({ [file]: `- { test: T, in: { accounts: [Dev] }, effective: { s3-policy: { ${path}: all } } }\n` }),
    ).toEqual([]);
  });

  it('says neither who nor what beside settings, and nothing that its type cannot set', () => {
    expect(saying(`as: { anyone: true }, denied: ["*"], effective: { s3-policy: { ${path}: all } }`)).toEqual([
      `${file}:1:3 conflicting-keys effective asks for settings: as and denied cannot stand beside it`,
    ]);
    expect(saying('effective: { s3-policy: { guardduty.x: all } }')).toEqual([
      `${file}:1:65 wrong-value no S3 policy sets "guardduty.x". Begin with s3_attributes.`,
    ]);
    expect(saying('effective: {}')).toEqual([`${file}:1:50 missing-key effective asks for no setting`]);
    expect(saying(`effective: { s4-policy: { ${path}: all } }`)).toEqual([
      `${file}:1:52 unknown-key unknown key "s4-policy". Did you mean s3-policy?`,
    ]);
    expect(saying('denied: ["*"]')).toEqual([`${file}:1:3 missing-key as is missing. Or effective.`]);
  });
});
