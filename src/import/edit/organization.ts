/** OUs and accounts, edited in access/organization.yaml. */
import { decodeName, parentPath } from '../../model/resource.ts';
import type { Account, Ou } from '../../model/resource.ts';
import { hasKey, removed, sourceAt, valueAt, withKey, withSource } from './range.ts';
import type { Path } from '../../desired/yaml-file.ts';
import { refusedEdit, textIn, typedIn, withFile } from './repo.ts';
import type { Edited, Repo } from './repo.ts';

const pathOfOu = (path: string): Path =>
  path === '' ? [] : path.split('/').flatMap((segment) => ['ous', decodeName(segment)]);

const fileIn = (repo: Repo): string => typedIn(repo, 'organization')[0]?.file.path ?? '';

/** The map at a path, made with its keys where it is not there. */
const ensured = (text: string, path: Path): string => {
  if (path.length === 0 || hasKey(text, path)) return text;
  const above = ensured(text, path.slice(0, -1));
  return hasKey(above, path)
    ? above
    : withKey(above, path.slice(0, -1), { key: String(path.at(-1)), value: {}, spelling: 'yaml' });
};

/** The OU under its parent, which must be there already. */
export const withOu = (repo: Repo, { path, name }: Ou): Edited => {
  const file = fileIn(repo);
  const parent = pathOfOu(parentPath(path));
  const text = ensured(textIn(repo, file), [...parent, 'ous', name]);
  return withFile(repo, file, text);
};

/** Without the OU; one that still has something in it is refused. */
export const withoutOu = (repo: Repo, { path }: Ou): Edited => {
  const file = fileIn(repo);
  const at = pathOfOu(path);
  const text = textIn(repo, file);
  const inside = valueAt(text, at) as { readonly accounts?: object; readonly ous?: object } | null | undefined;
  const count = Object.keys(inside?.accounts ?? {}).length + Object.keys(inside?.ous ?? {}).length;
  if (count > 0) return refusedEdit('something is still declared in it');
  return withFile(repo, file, removed(text, at));
};

const placeOfAccount = (text: string, name: string): Path | undefined => {
  const look = (value: unknown, path: Path): Path | undefined => {
    const { accounts = {}, ous = {} } = (value ?? {}) as { readonly accounts?: object; readonly ous?: object };
    if (Object.hasOwn(accounts, name)) return [...path, 'accounts', name];
    for (const [ou, inner] of Object.entries(ous)) {
      const found = look(inner, [...path, 'ous', ou]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return look(valueAt(text, []), []);
};

const added = (text: string, { name, parent }: Account, source: string): string => {
  const at = [...pathOfOu(parent), 'accounts'];
  return withSource(ensured(text, at), at, { key: name, source });
};

/** The account where AWS has it; an account that is declared elsewhere takes what is said of it along. */
export const withAccount = (repo: Repo, account: Account): Edited => {
  const file = fileIn(repo);
  const text = textIn(repo, file);
  const from = placeOfAccount(text, account.name);
  if (from === undefined) return withFile(repo, file, added(text, account, JSON.stringify(account.id)));
  const source = sourceAt(text, from);
  if (source.includes('\n')) return refusedEdit('what is said of it stands on several lines; move it by hand');
  return withFile(repo, file, added(withoutAccountAt(text, from), account, source));
};

/** An OU keeps its place when its last account leaves it. */
const withoutAccountAt = (text: string, at: Path): string => {
  const ou = at.slice(0, -2);
  const gone = removed(text, at);
  return ou.length === 0 || hasKey(gone, ou) ? gone : ensured(gone, ou);
};

export const withoutAccount = (repo: Repo, { name }: Account): Edited => {
  const file = fileIn(repo);
  const at = placeOfAccount(textIn(repo, file), name);
  if (at === undefined) return refusedEdit('it is the management account, or not declared');
  return withFile(repo, file, withoutAccountAt(textIn(repo, file), at));
};
