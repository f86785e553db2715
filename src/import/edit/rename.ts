/** Another name for an OU, group, SCP or RCP, and for every word of the files that means it. */
import { isSettingsKind } from '../../model/resource.ts';
import type { ControlKind } from '../../model/resource.ts';
import { controlFile } from './policies.ts';
import { decodeName, parentPath } from '../../model/resource.ts';
import type { FileKind } from '../../desired/check-form.ts';
import { findOu } from '../../desired/organization.ts';
import type { DeclaredOrganization } from '../../desired/declared-organization.ts';
import { removed, renamedKey, replaced, valueAt } from './range.ts';
import type { Path } from '../../desired/yaml-file.ts';
import { organizationIn, refusedEdit, textIn, typedIn, withFile } from './repo.ts';
import type { Edited, Repo } from './repo.ts';

/** A text or a key of a map, by where it stands. */
type FileWord = { readonly kind: FileKind; readonly path: Path; readonly text: string };
type FoundWord = FileWord & { readonly is: 'key' | 'value' };
/** The new word; nothing for what means something else. */
type WordMeaning = (word: FileWord) => string | undefined;

const wordsIn = (kind: FileKind, value: unknown, path: Path): readonly FoundWord[] => {
  if (typeof value === 'string') return [{ kind, path, text: value, is: 'value' }];
  if (Array.isArray(value)) return value.flatMap((one: unknown, index) => wordsIn(kind, one, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [
    ...wordsIn(kind, one, [...path, key]),
    { kind, path: [...path, key], text: key, is: 'key' as const },
  ]);
};

/** Inner words come before the keys above them, so that the path of each still leads to it. */
const reworded = (repo: Repo, meaning: WordMeaning): Repo =>
  [...repo.entries].reduce((next, [path, { typed }]) => {
    if (typed === undefined) return next;
    const text = wordsIn(typed.kind, typed.value, []).reduce(
      (edited, word) => {
        const wanted = meaning(word);
        if (wanted === undefined) return edited;
        return word.is === 'key'
          ? renamedKey(edited, word.path, wanted)
          : replaced(edited, word.path, { value: wanted, spelling: 'yaml' });
      },
      textIn(next, path),
    );
    return withFile(next, path, text);
  }, repo);

/** A former name that is the present one again is no former name. */
const withoutFormer = (text: string, at: Path, name: string): string => {
  const list = valueAt(text, [...at, 'previously']);
  const index = Array.isArray(list) ? list.indexOf(name) : -1;
  return index < 0 ? text : removed(text, [...at, 'previously', index]);
};

const word = (path: string): string => {
  const names = path.split('/').map(decodeName);
  return names.some((name) => /[/%]/.test(name)) ? path : names.join('/');
};

type AccountMove = { readonly from: string; readonly to: string; readonly organization: DeclaredOrganization };

/** A stage of a rollout, `rollout.NAME.0.ou`, names its OU as a value; other bindings are keys of `ous`. */
const isKeyed = ({ kind, path }: FileWord): boolean =>
  typeof path.at(-1) === 'number' || (kind === 'bindings' && path[0] !== 'rollout');

/** An OU stands under `ous` and `except`, in bindings as a key of `ous` or in a stage, and in an approval under `ou`. */
const meansOu =
  ({ from, to, organization }: AccountMove): WordMeaning =>
  (found) => {
    const { kind, path, text } = found;
    if (kind === 'organization' || (kind === 'bindings' && path[0] === 'rollout' && path.length < 4)) return undefined;
    const holder = isKeyed(found) ? path.at(-2) : path.at(-1);
    if (holder !== 'ous' && holder !== 'except' && holder !== 'ou') return undefined;
    if (holder === 'except' && organization.accounts.has(text)) return undefined;
    const ou = findOu(text, organization);
    if (ou === undefined || !(ou === from || ou.startsWith(`${from}/`))) return undefined;
    return word(`${to}${ou.slice(from.length)}`);
  };

/** The OU under another name; `name` is not encoded. */
export const withOuName = (
  repo: Repo,
  path: string,
  { name, key }: { readonly name: string; readonly key: string },
): Edited => {
  const organization = organizationIn(repo);
  const file = typedIn(repo, 'organization')[0]?.file.path;
  if (organization === undefined || file === undefined) return refusedEdit('no file declares it');
  const parent = parentPath(path);
  const to = parent === '' ? key : `${parent}/${key}`;
  const words = reworded(repo, meansOu({ from: path, to, organization }));
  const at: Path = path.split('/').flatMap((segment) => ['ous', decodeName(segment)]);
  const text = renamedKey(withoutFormer(textIn(words, file), at, name), at, name);
  return withFile(words, file, text);
};

type RenamedThing = { readonly kind: 'group' | ControlKind; readonly name: string };

const meansPolicy =
  ({ kind: policy, name }: RenamedThing, to: string): WordMeaning =>
  ({ kind, path, text }) => {
    if (kind === 'settings' && path[0] === 'adopt' && text === `${policy}/${name}`) return `${policy}/${to}`;
    const isBound = typeof path.at(-1) === 'number' || (path[0] === 'rollout' && path.length === 2);
    return kind === 'bindings' && isBound && text === name ? to : undefined;
  };

const meansGroup =
  ({ name }: RenamedThing, to: string): WordMeaning =>
  ({ kind, path, text }) => {
    const isReference = kind === 'tests' || (kind === 'settings' && path[0] === 'breakGlass');
    return isReference && path.at(-1) === 'group' && text === name ? to : undefined;
  };

/** The group or control policy under another name. */
export const withName = (repo: Repo, thing: RenamedThing, to: string): Edited => {
  const { kind, name } = thing;
  const typed =
    kind === 'group'
      ? typedIn(repo, 'group').find(({ value }) => value.group === name)
      : controlFile(repo, { kind, name });
  if (typed === undefined) return refusedEdit('no file declares it');
  const { path } = typed.file;
  const own = withoutFormer(textIn(repo, path), [], to);
  const key = isSettingsKind(kind) ? 'name' : kind;
  const renamed = withFile(repo, path, replaced(own, [key], { value: to, spelling: 'yaml' }));
  return reworded(renamed, kind === 'group' ? meansGroup(thing, to) : meansPolicy(thing, to));
};
