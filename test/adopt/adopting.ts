/** Adoptions in memory: a small repository, and an AWS that has something else in a few places. */
import { adoptedFiles } from '../../src/import/adopt/files.ts';
import { resolve } from '../support/understood.ts';
import type { Key, Resource, State } from '../../src/model/resource.ts';
import { keyOf } from '../../src/model/resource.ts';
import { context, repository } from '../desired/repository.ts';

export type Edit = { readonly without?: readonly Key[]; readonly and?: readonly Resource[] };
export type Texts = Readonly<Record<string, string>>;

export const stateIn = (files: Texts): State => resolve(repository(files), context).state;

const liveOf = (said: State, { without = [], and = [] }: Edit): State => {
  const kept = Object.entries(said).filter(([key]) => !without.includes(key));
  return Object.fromEntries([...kept, ...and.map((one) => [keyOf(one), one] as const)]);
};

/** The files that change, by path; undefined for one that goes. */
export const adopt = (
  keys: readonly Key[],
  edit: Edit | State,
  files: Texts,
): Readonly<Record<string, string | undefined>> => {
  const isState = !('without' in edit) && !('and' in edit);
  const live = isState ? (edit as State) : liveOf(stateIn(files), edit);
  const made = adoptedFiles({ files: repository(files), keys, live, now: context.now, fold: 'no-fold' });
  return Object.fromEntries(made.files.map(({ path, text }) => [path, text]));
};

/** Why it is refused, or 'adopted'. */
export const refusal = (...asked: Parameters<typeof adopt>): string => {
  try {
    adopt(...asked);
    return 'adopted';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
};
