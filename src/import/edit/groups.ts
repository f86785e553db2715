/** Groups and their members, edited in the group's file. */
import type { Group, Membership } from '../../model/resource.ts';
import { isActive } from '../../desired/dates.ts';
import type { Typed } from '../../desired/check-form.ts';
import { inserted, removed } from './range.ts';
import { withField } from './reconcile.ts';
import { refusedEdit, textIn, typedIn, withFile } from './repo.ts';
import type { Edited, Repo } from './repo.ts';
import { keysBefore, keysOf } from '../write/key-order.ts';
import { withWord } from './targets.ts';

const fileOf = (repo: Repo, name: string): Typed<'group'> | undefined =>
  typedIn(repo, 'group').find(({ value }) => value.group === name);

/** The group as AWS has it: its description and where it comes from. Its members are edits of their own. */
export const withGroup = (repo: Repo, { name, description, source }: Group): Edited => {
  const file = fileOf(repo, name);
  if (file === undefined) return refusedEdit(`no file speaks of group ${name}`);
  const { path } = file.file;
  const [text, keys] = [textIn(repo, path), keysOf('group')];
  const present = file.value.state === 'absent' ? removed(text, ['state']) : text;
  const described =
    source === 'external'
      ? present
      : withField(present, { key: 'description', value: description, after: keysBefore(keys, 'description') }, 'yaml');
  if (source === (file.value.source ?? 'identity-center')) return withFile(repo, path, described);
  const sourced = withField(described, { key: 'source', value: source, after: keysBefore(keys, 'source') }, 'yaml');
  return withFile(repo, path, source === 'external' ? removed(sourced, ['members']) : sourced);
};

/** Removes the group's file, with everything in it. */
export const withoutGroup = (repo: Repo, name: string): Edited => {
  const file = fileOf(repo, name);
  return file === undefined ? repo : withFile(repo, file.file.path, undefined);
};

export type MemberEdit = Pick<Membership, 'group' | 'user'> & { readonly today: string };

const unmanaged = (group: string) =>
  refusedEdit(`the members of ${group} are not managed: add "members" with all of them to its file first`);

export const withMember = (repo: Repo, { group, user, today }: MemberEdit): Edited => {
  const file = fileOf(repo, group);
  if (file?.value.members === undefined) return unmanaged(group);
  const isThere = file.value.members.some((one) =>
    typeof one === 'string' ? one === user : one.user === user && isActive(one, today),
  );
  if (isThere) return repo;
  const { path } = file.file;
  const [text, count] = [textIn(repo, path), file.value.members.length];
  const isPlain = file.value.members.every((one) => typeof one === 'string');
  const next = isPlain
    ? withWord(text, ['members'], { word: user, after: [] })
    : inserted(text, ['members'], { index: count, value: user, spelling: 'yaml' });
  return withFile(repo, path, next);
};

export const withoutMember = (repo: Repo, { group, user, today }: MemberEdit): Edited => {
  const file = fileOf(repo, group);
  if (file?.value.members === undefined) return unmanaged(group);
  const index = file.value.members.findIndex((one) =>
    typeof one === 'string' ? one === user : one.user === user && isActive(one, today),
  );
  if (index < 0) return repo;
  const { path } = file.file;
  const text = textIn(repo, path);
  // Without the key the members would not be managed any more; an empty list says that there are none.
  const last = file.value.members.length === 1;
  const next = last
    ? withField(text, { key: 'members', value: [], after: keysBefore(keysOf('group'), 'members') }, 'yaml')
    : removed(text, ['members', index]);
  return withoutMember(withFile(repo, path, next), { group, user, today });
};
