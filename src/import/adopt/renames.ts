/** A name that AWS has kept, or was given back, becomes the name of the files again. */
import { withName, withOuName } from '../edit/rename.ts';
import type { Repo } from '../edit/repo.ts';
import type { Group, Key, Ou, Resource, State } from '../../model/resource.ts';
import type { ControlPolicy } from '../../model/resource.ts';
import { encodeName, isControlPolicy } from '../../model/resource.ts';
import type { AdoptionSides } from '../adoption.ts';
import { orThrow } from './editing.ts';

type Renamable = Ou | Group | ControlPolicy;
/** `said` under the name of the files, `live` under that of AWS; one key. */
type ResourceRename = { readonly key: Key; readonly said: Renamable; readonly live: Renamable };

const isRenamable = (resource: Resource | undefined): resource is Renamable =>
  isControlPolicy(resource) || resource?.kind === 'ou' || resource?.kind === 'group';

const depth = ({ key }: ResourceRename): number => key.split('/').length;

/** Of the keys, with live under present names; the innermost OU first. */
export const renamesIn = (keys: readonly Key[], { said, live }: AdoptionSides): readonly ResourceRename[] =>
  keys
    .flatMap((key) => {
      const [one, other] = [said[key], live[key]];
      if (!isRenamable(one) || !isRenamable(other) || one.name === other.name) return [];
      return [{ key, said: one, live: other }];
    })
    .sort((a, b) => depth(b) - depth(a));

/** The state as if nothing had another name. */
export const underNames = (state: State, renames: readonly ResourceRename[]): State => ({
  ...state,
  ...Object.fromEntries(renames.map(({ key, said, live }) => [key, { ...live, name: said.name }])),
});

const withOne = (repo: Repo, { said, live }: ResourceRename) =>
  said.kind === 'ou'
    ? withOuName(repo, said.path, { name: live.name, key: encodeName(live.name) })
    : withName(repo, said, live.name);

export const renamed = (repo: Repo, renames: readonly ResourceRename[]): Repo =>
  renames.reduce((next, rename) => orThrow(withOne(next, rename), rename.key), repo);
