/** One misspelled word hides nothing else that is wrong. */
import { expect, it } from 'vitest';
import { lintFiles } from '../../src/desired/lint-files.ts';
import { understand } from '../../src/desired/understand.ts';
import { validate } from '../support/understood.ts';
import { context, lineOf, repository } from './repository.ts';

const set = (...lines: readonly string[]): Readonly<Record<string, string>> => ({
  'permission-sets/read.yaml': ['permissionSet: Read', ...lines, ''].join('\n'),
});
const policy = (...statement: readonly string[]) =>
  set('inlinePolicy:', '  Version: "2012-10-17"', '  Statement:', ...statement.map((line) => `    ${line}`));
const at = (line: number, column: number): string => `permission-sets/read.yaml:${line}:${column} `;

/** With the lint of the policies, and without what is said of other files. */
const saidHere = async (changes: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const files = repository(changes);
  const { problems } = await lintFiles(files, understand(files, context), context.catalogue);
  return [...validate(files, context), ...problems]
    .toSorted((one, other) => one.line - other.line || one.column - other.column)
    .map(lineOf)
    .filter((line) => line.startsWith('permission-sets/read.yaml'));
};

it('judges the actions of a policy beside a misspelled effect', async () => {
  expect(
    await saidHere(policy('- Effect: allow', '  Action: [ecs:StopTsk, ecs.UpdateService]', '  Resource: "*"')),
  ).toEqual([
    `${at(5, 15)}not-a-policy Effect must be Allow or Deny, not "allow". Did you mean Allow?`,
    expect.stringMatching(/read\.yaml:6:16 \S+ .*"ecs:StopTsk".*ecs:StopTask/),
    expect.stringMatching(/read\.yaml:6:29 \S+ "ecs\.UpdateService" is not an action/),
  ]);
});

it('judges them under a misspelled key, where they stand', async () => {
  expect(await saidHere(policy('- Effect: Allow', '  Resource: "*"', '  Actions: [ecs:StopTsk]'))).toEqual([
    `${at(7, 7)}not-a-policy unknown key "Actions". Did you mean Action?`,
    expect.stringMatching(/read\.yaml:7:17 \S+ .*"ecs:StopTsk".*ecs:StopTask/),
  ]);
});

it('goes on below a misspelled key, and says nothing twice', async () => {
  expect(
    await saidHere(
      set(
        'inlinePolcy:',
        '  Version: "2012-10-17"',
        '  Statment: { Effect: Allow, Action: ecs:StopTsk, Resource: "*" }',
        'sessionDuration: 99h',
      ),
    ),
  ).toEqual([
    `${at(2, 1)}unknown-key unknown key "inlinePolcy". Did you mean inlinePolicy?`,
    expect.stringMatching(/read\.yaml:4:3 not-a-policy unknown key "Statment"\. Did you mean Statement\?/),
    expect.stringMatching(/read\.yaml:4:38 unknown-action "ecs:StopTsk"/),
    expect.stringMatching(/read\.yaml:5:18 bad-duration /),
  ]);
});

it('gives no name that is taken, and passes over what is nearly nothing', async () => {
  expect(
    await saidHere(
      policy('- Effect: Allow', '  Action: ecs:StopTsk', '  Actions: ecs:Q', '  Resource: "*"', '  zzz: 1'),
    ),
  ).toEqual([
    expect.stringMatching(/6:15 .*"ecs:StopTsk"/),
    `${at(7, 7)}not-a-policy unknown key "Actions". Did you mean Action?`,
    expect.stringMatching(/9:7 not-a-policy unknown key "zzz"/),
  ]);
});
