/**
 * Compiles src/ to dist/, as it ships: one file for each command and one for what several share, so that a command loads
 * its own. Dependencies are inside, but for those that package.json lists as `dependencies`; LICENSES.txt holds their terms.
 */
import { execFile } from 'node:child_process';
import { chmod, copyFile, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';

const dist = 'dist';
const mayShip = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'BlueOak-1.0.0'];
const manifest = JSON.parse(await readFile('package.json', 'utf8'));
const outside = new Set(Object.keys(manifest.dependencies));

/** Read by the module beside which they lie: all of dist/ lies in one folder. */
const data = [
  'src/desired/schemas.json',
  ...(await readdir('src/evaluate'))
    .filter((name) => /\.(json|gz)$/.test(name))
    .map((name) => join('src/evaluate', name)),
];

const packageName = (id) => /^(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? id;

const bundle = await rolldown({
  input: 'src/cli.ts',
  platform: 'node',
  external: (id) => outside.has(packageName(id)),
  transform: { target: 'node20.19' },
  resolve: { mainFields: ['module', 'main'] },
});
await rm(dist, { recursive: true, force: true });
const { output } = await bundle.write({
  dir: dist,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
});
await bundle.close();
/** What the report's page runs: one script that lies in the page, beside its style. */
const page = await rolldown({ input: 'src/report/page/main.ts', platform: 'browser', transform: { target: 'es2023' } });
const script = await page.write({ file: join(dist, 'report-page.js'), format: 'iife' });
await page.close();
if (/<\/script|<!--/i.test(script.output[0].code)) throw new Error('the script would end the element that it lies in');
await copyFile('src/report/page/page.css', join(dist, 'report-page.css'));

for (const file of data) await copyFile(file, join(dist, basename(file)));
/** The action of the tool is pinned at it by `init`; outside a checkout nobody knows it. */
const { stdout: commit } = await promisify(execFile)('git', ['rev-parse', 'HEAD']).catch(() => ({ stdout: '' }));
if (commit !== '') await writeFile(join(dist, 'commit.txt'), commit);
await chmod(join(dist, 'cli.js'), 0o755);

const inside = output.flatMap(({ moduleIds = [] }) => moduleIds);
const folderOf = (id) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0];
const folders = [...new Set(inside.map(folderOf))].filter((folder) => folder !== undefined).sort();

const licenceOf = async (folder) => {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  if (!mayShip.includes(license)) throw new Error(`${name} may not be shipped: ${license}`);
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? license : (await readFile(join(folder, file), 'utf8')).trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
};
/** CycloneDX, for scanners: a bundle hides what is in it. */
const componentOf = async (folder) => {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return { type: 'library', name, version, purl, licenses: [{ license: { id: license } }] };
};
const outsideFolders = [...outside].map((name) => join('node_modules', name));
const sbom = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: { component: { type: 'application', name: manifest.name, version: manifest.version } },
  components: await Promise.all([...folders, ...outsideFolders].map(componentOf)),
};
await writeFile(join(dist, 'sbom.cdx.json'), `${JSON.stringify(sbom, null, 2)}\n`);
const licences = await Promise.all(folders.map(licenceOf));
await writeFile(join(dist, 'LICENSES.txt'), licences.join(`\n${'-'.repeat(80)}\n\n`));
