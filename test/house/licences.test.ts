import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

type LockedPackage = { readonly license?: string; readonly dev?: boolean; readonly resolved?: string };

const root = join(import.meta.dirname, '../..');
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Readonly<
  Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>
>;
const locked = Object.entries(lock.packages).filter(([path]) => path !== '');

const permissive = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'BlueOak-1.0.0', 'CC0-1.0'];
/** File-level copyleft, and data that asks to be named: acceptable for tools that only build and never ship. */
const permissiveToBuildWith = [...permissive, 'MPL-2.0', 'CC-BY-4.0'];

it('depends on permissive licences only', () => {
  expect(locked.length).toBeGreaterThan(50);
  const refused = locked.filter(
    ([, { license, dev }]) => !(dev ? permissiveToBuildWith : permissive).includes(license ?? 'none'),
  );
  expect(refused.map(([path, { license }]) => `${path}: ${license ?? 'none'}`)).toEqual([]);
});

it('locks exact versions without download addresses', () => {
  const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
  );
  expect(ranges).toEqual([]);
  expect(locked.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
});
