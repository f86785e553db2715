/** What an editor shows by the schemas that `init` writes: asked of yaml-language-server, where YAML_LANGUAGE_SERVER is its script. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { editorOn } from '../support/language-server.ts';
import { gatehouse } from '../support/run.ts';

const server = process.env['YAML_LANGUAGE_SERVER'];
const name = 'completes the names and keys of the repository, explains a key, and marks what validate refuses';
const missing = ' (not asked: set YAML_LANGUAGE_SERVER to the script of yaml-language-server)';

const head =
  '# yaml-language-server: $schema=../../.gatehouse/schemas/group.schema.json\ngroup: SecureCart-Developers\n';

it.skipIf(server === undefined)(`an editor ${name}${server === undefined ? missing : ''}`, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-editor-'));
  try {
    expect((await gatehouse(['init', '--example', '--dir', dir, '--repo', 'acme/aws-access'])).exit).toBe(0);
    const editor = await editorOn(server ?? '', dir);
    const set = `${head}assignments:\n  - permissionSet: Secure\n`;
    const sets = await editor.completions({ path: 'access/groups/a.yaml', text: set, line: 3, character: 26 });
    expect(sets).toEqual(expect.arrayContaining(['SecureCart-ReadOnly', 'PowerUserAccess']));
    const entry = `${head}assignments:\n  - permissionSet: SecureCart-ReadOnly\n    accounts: [Secure]\n    `;
    const place = { path: 'access/groups/b.yaml', text: entry };
    expect(await editor.completions({ ...place, line: 4, character: 21 })).toContain('SecureCart-Production');
    expect(await editor.completions({ ...place, line: 5, character: 4 })).toEqual(
      expect.arrayContaining(['ous', 'except', 'until', 'reason']),
    );
    const wrong = { path: 'access/groups/c.yaml', text: `${head}source: corporate\nassignment: []\n` };
    expect(await editor.mistakes(wrong)).toEqual([
      expect.stringContaining('Valid values: "identity-center", "external"'),
      expect.stringContaining('assignment'),
    ]);
    expect(await editor.hover({ ...wrong, line: 2, character: 2 })).toContain('synced from the corporate directory');
    editor.close();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
