/**
 * Names are data: a repository whose names JavaScript's own objects know gets, from every command, the answers that a
 * repository with ordinary names gets.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runHere } from '../support/run.ts';

/** Each beside one as long that no object knows. */
const known = [
  ['constructor', 'constructox'],
  ['__proto__', '__prxto__'],
  ['toString', 'toStrinx'],
  ['hasOwnProperty', 'hasOwnPropertx'],
] as const;
const ordinary = 'zzordinaryzz';

const filesFor = (name: string): Readonly<Record<string, string>> => ({
  'access/organization.yaml': `management: { name: Management, id: "111111111111" }
ous:
  ${name}:
    accounts:
      ${name}: { id: "222222222222", tags: { ${name}: ${name} } }
      Other: { id: "444444444444", tags: { env: prod } }
`,
  'access/settings.yaml': 'organization: o-securecart0\nregion: eu-west-1\nowner: example/aws-access\n',
  [`permission-sets/${name}.yaml`]: `permissionSet: ${name}
tags: { ${name}: ${name} }
customerManagedPolicies: [{ name: ${name}, path: /${name}/ }]
inlinePolicy:
  Version: "2012-10-17"
  Statement:
    - Sid: ${name.replace(/_/g, '')}
      Effect: Allow
      Action: s3:GetObject
      Resource: "arn:aws:s3:::b/\${aws:PrincipalTag/${name}}"
      Condition: { StringEquals: { aws:ResourceTag/${name}: "\${aws:PrincipalTag/${name}}" } }
`,
  [`access/groups/${name}.yaml`]: `group: ${name}
source: external
assignments:
  - { permissionSet: ${name}, ous: [Root], tags: { ${name}: ${name} } }
  - { permissionSet: ${name}, ous: [${name}], except: [Other] }
`,
  [`access/users/${name}.yaml`]: `user: ${name}
assignments: [{ permissionSet: ${name}, accounts: [${name}] }]
`,
  [`access/roles/${name}.yaml`]: `role: ${name}
path: /${name}/
accounts: [${name}]
tags: { ${name}: ${name} }
trust: [{ permissionSet: ${name}, account: ${name} }]
inlinePolicies:
  ${name}: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "sqs:SendMessage", Resource: "*" }] }
`,
  [`access/policies/${name}.yaml`]: `policy: ${name}
path: /${name}/
accounts: [${name}, Other]
document: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "kms:Decrypt", Resource: "*" }] }
`,
  [`scps/${name}.yaml`]: `scp: ${name}
description: ${name}
policy: { Version: "2012-10-17", Statement: [{ Effect: Deny, Action: "iam:CreateUser", Resource: "*" }] }
`,
  'scps/bindings.yaml': `ous: { ${name}: [${name}] }\naccounts: { ${name}: [${name}] }\n`,
  [`access/tests/${name}.yaml`]: `- test: ${name}
  as: { group: ${name} }
  in: { ous: [Root], tags: { ${name}: ${name} } }
  denied: [iam:CreateUser]
- test: with ${name}
  as: { role: "${name}:${name}" }
  in: { accounts: [${name}] }
  allowed: [{ action: sqs:SendMessage, context: { ${name}: ${name}, "aws:PrincipalTag/${name}": ${name} } }]
`,
});

const commandsFor = (name: string): readonly (readonly string[])[] => [
  ['validate'],
  ['validate', '--json'],
  ['test'],
  ['test', '--json'],
  ['why', name, 's3:GetObject', name, '--context', `${name}=${name}`],
  ['why', `user:${name}`, 's3:GetObject', name, '--context', `aws:PrincipalTag/${name}=x`],
  ['why', `role:${name}:${name}`, 'sqs:SendMessage', name, '--json'],
  ['why', `permission-set:${name}`, 'kms:Decrypt', name, '--resource-account', name],
  ['why', name, `s3:${name.replace(/_/g, '')}`, name],
  ['who-can', 'sqs:SendMessage', name],
  ['who-can', `${name.replace(/_/g, '')}:Get`, name],
  ['plan', '--sandbox'],
  ['drift', '--sandbox'],
  ['plan', '--sandbox', '--format', 'markdown'],
  ['adopt', `permission-set/${name}`, '--sandbox'],
  ['import', '--into', 'imported', '--only', `permission-set/${name}`, '--owner', 'other/access', '--sandbox'],
];

const said = async (name: string): Promise<readonly string[]> => {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-names-'));
  try {
    for (const [path, text] of Object.entries(filesFor(name))) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    const answers: string[] = [];
    for (const words of commandsFor(name)) {
      const where = words.map((word) => (word === 'imported' ? join(dir, word) : word));
      const { exit, out, err } = await runHere({ words: [...where, '--dir', dir, '--now', '2026-11-29T00:00:00Z'] });
      answers.push(`$ ${words.join(' ')}\n${exit}\n${out}${err}`.replaceAll(dir, 'DIR'));
    }
    return answers;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};

/** Names sort differently and break lines elsewhere, and what is hashed differs: the words are the same, in whatever order. */
const words = (text: string, name: string): readonly string[] =>
  text
    .replaceAll(name, ordinary)
    .replace(new RegExp(name.replace(/_/g, ''), 'gi'), ordinary)
    .replace(/Did you mean [^?]*\?/g, '')
    .replace(/\b[0-9a-f]{12,}\b/g, 'HASH')
    .split(/[\s│─╭╮╰╯|,]+/)
    .filter((word) => !/^[-─]*$/.test(word))
    .sort();

describe('names that objects of JavaScript know', () => {
  it.each(known)('%s changes no answer of any command', async (name, plain) => {
    const [answers, expected] = [await said(name), await said(plain)];
    answers.forEach((answer, index) => {
      expect(answer).not.toMatch(/Cannot read|is not a function|is not iterable|add --verbose/);
      expect(words(answer, name)).toEqual(words(expected[index] ?? '', plain));
    });
  });
});
