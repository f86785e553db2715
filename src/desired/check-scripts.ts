/** Names in two scripts, where they are declared. */
import { ofKind } from './documents.ts';
import type { Documents } from './documents.ts';
import type { Report } from './rules.ts';
import type { OuEntry } from './schema.ts';
import { mixtureIn } from './scripts.ts';
import { listed, quoted } from './text.ts';
import { inside, placeOf } from './world.ts';
import type { Spot } from './world.ts';

const checkName = (spot: Spot, name: string, { report, on }: { report: Report; on: 'key' | 'value' }): void => {
  const { scripts, letters } = mixtureIn(name);
  if (letters.length === 0) return;
  const at = on === 'key' ? spot.file.keyAt(spot.path) : placeOf(spot);
  const message = `${quoted(name)} is written in ${listed(scripts)} letters: ${listed(letters)}`;
  report({ at, rule: 'mixed-scripts', message, hint: 'Write it in one script, so that it is what it looks like.' });
};

const checkTree = (spot: Spot, { accounts = {}, ous = {} }: OuEntry, report: Report): void => {
  for (const name of Object.keys(accounts)) checkName(inside(spot, 'accounts', name), name, { report, on: 'key' });
  for (const [name, ou] of Object.entries(ous)) {
    const here = inside(spot, 'ous', name);
    checkName(here, name, { report, on: 'key' });
    checkTree(here, ou, report);
  }
};

/** Names of permission sets, roles and customer policies are ASCII anyway. */
export const checkScripts = (documents: Documents, report: Report): void => {
  const check = (spot: Spot, name: string | undefined): void => {
    if (name !== undefined) checkName(spot, name, { report, on: 'value' });
  };
  for (const { file, value } of ofKind(documents, 'group')) {
    check({ file, path: ['group'] }, value.group);
    for (const [index, member] of (value.members ?? []).entries())
      check({ file, path: ['members', index] }, typeof member === 'string' ? member : member.user);
  }
  for (const { file, value } of ofKind(documents, 'user')) check({ file, path: ['user'] }, value.user);
  for (const { file, value } of ofKind(documents, 'scp')) {
    check({ file, path: ['scp'] }, value.scp);
    check({ file, path: ['rcp'] }, value.rcp);
  }
  for (const { file, value } of ofKind(documents, 'organization')) {
    check({ file, path: ['management', 'name'] }, value.management.name);
    checkTree({ file, path: [] }, value, report);
  }
};
