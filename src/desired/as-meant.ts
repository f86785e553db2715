/** A file as its writer meant it, so that one misspelled word does not hide what else is wrong. */
import type { SchemaMistake } from './schema/schema-errors.ts';
import type { Path, YamlFile } from './yaml-file.ts';

type DataMap = Readonly<Record<string, unknown>>;
const isDataMap = (value: unknown): value is DataMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A copy of the value in which what is at the path is edited. */
const editedAt = (value: unknown, [head, ...rest]: Path, edit: (found: unknown) => unknown): unknown => {
  if (head === undefined) return edit(value);
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === head ? editedAt(item, rest, edit) : item));
  if (!isDataMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === String(head) ? editedAt(item, rest, edit) : item]),
  );
};

/** A key that nearly is another one, in the map at a path. */
type KeyRename = { readonly map: Path; readonly from: string; readonly to: string };

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((node, part) => (node as DataMap | undefined)?.[part], value);

/** A name that is taken, by a key of the map or by another rename, is given to nobody. */
const renamesIn = (value: unknown, mistakes: readonly SchemaMistake[]): readonly KeyRename[] => {
  const given = new Set<string>();
  return mistakes.flatMap(({ rule, path, meant }) => {
    const map = path.slice(0, -1);
    const found = valueAt(value, map);
    if (rule !== 'unknown-key' || meant === undefined || !isDataMap(found) || Object.hasOwn(found, meant)) return [];
    const id = JSON.stringify([map, meant]);
    if (given.has(id)) return [];
    given.add(id);
    return [{ map, from: String(path.at(-1)), to: meant }];
  });
};

const withKey = (from: string, to: string | undefined) => (map: unknown) =>
  isDataMap(map)
    ? Object.fromEntries(
        Object.entries(map).flatMap(([name, item]) => {
          if (name !== from) return [[name, item]];
          return to === undefined ? [] : [[to, item]];
        }),
      )
    : map;

const idOf = (path: Path): string => JSON.stringify(path);

/** With known keys for nearly known ones and without other unknown ones; places stay those of what is written. */
export const asMeant = (file: YamlFile, mistakes: readonly SchemaMistake[]): YamlFile => {
  const renames = renamesIn(file.value, mistakes);
  const known = new Map(renames.map(({ map, from, to }) => [idOf([...map, from]), to]));
  const from = new Map(renames.map(({ map, from: name, to }) => [idOf([...map, to]), name]));
  const value = mistakes.reduce<unknown>((rest, mistake) => {
    const { rule, path, value: near } = mistake;
    if (rule === 'unknown-key')
      return editedAt(rest, path.slice(0, -1), withKey(String(path.at(-1)), known.get(idOf(path))));
    return near === undefined ? rest : editedAt(rest, path, () => near);
  }, file.value);
  const written = (path: Path): Path => path.map((part, index) => from.get(idOf(path.slice(0, index + 1))) ?? part);
  return {
    path: file.path,
    value,
    at: (path) => file.at(written(path)),
    keyAt: (path) => file.keyAt(written(path)),
    sourceOf: (path) => file.sourceOf(written(path)),
  };
};
