/** What a rename may take: never what `ignore` names, nor what another owner has tagged (design, "Ownership"). */
import type { BlockReason } from '../../model/held.ts';
import type { Desired } from '../../model/desired.ts';
import type { Key, State } from '../../model/resource.ts';
import { ignores } from './ignore.ts';
import type { FormerResource } from './rekey.ts';
import { formersOf, rekey } from './rekey.ts';

/** What is not declared is renamed by nobody, an external group by somebody else. */
const renamesOf = ({ previously, state }: Desired): Desired['previously'] =>
  Object.fromEntries(
    Object.entries(previously).filter(([key]) => {
      const declared = state[key];
      return declared !== undefined && !(declared.kind === 'group' && declared.source === 'external');
    }),
  );

const ownerOf = ({ resource }: FormerResource): string | undefined =>
  'owner' in resource ? resource.owner : undefined;

/** `state`: as AWS names it, whatever was renamed above it. */
const objectionTo = ({ settings }: Desired, state: State, former: FormerResource): BlockReason | undefined => {
  const [liveKey, found] = Object.entries(state)[former.place] ?? [former.key, former.resource];
  if (ignores(settings, liveKey, found)) return { is: 'former-ignored', former: liveKey };
  const owner = ownerOf(former);
  return owner === undefined || owner === settings.owner
    ? undefined
    : { is: 'former-of-other', former: liveKey, owner };
};

export type PresentNames = {
  readonly state: State;
  /** Under which keys AWS has what is under another one here. */
  readonly liveKeys: ReadonlyMap<Key, Key>;
  /** Present keys for which no rename may take what is there, each with the reason. */
  readonly refused: ReadonlyMap<Key, BlockReason>;
};

/** Live under the names that the files lead to. Of several former names, what is ours comes first. */
export const underNamesOf = (desired: Desired, state: State): PresentNames => {
  const previously = renamesOf(desired);
  const allowed = (former: FormerResource): boolean => objectionTo(desired, state, former) === undefined;
  const choose = (formers: readonly FormerResource[]): FormerResource | undefined => {
    const free = formers.filter(allowed);
    return free.find((one) => ownerOf(one) !== undefined) ?? free[0];
  };
  const renamed = rekey(state, previously, choose);
  const refused = Object.keys(previously).flatMap((key) => {
    const [first] = renamed[key] === undefined ? formersOf(renamed, key, previously[key] ?? []) : [];
    const reason = first === undefined ? undefined : objectionTo(desired, state, first);
    return reason === undefined ? [] : [[key, reason] as const];
  });
  const keys = renamed === state ? [] : Object.keys(renamed);
  const moved = (renamed === state ? [] : Object.keys(state)).flatMap((was, place) => {
    const key = keys[place] ?? was;
    return key === was ? [] : [[key, was] as const];
  });
  return { state: renamed, liveKeys: new Map(moved), refused: new Map(refused) };
};
