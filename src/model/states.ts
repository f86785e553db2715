/** States as they are made, with what is of which kind: to walk through a large one takes longer than to make it. */

type KindedThing = { readonly kind: string };
type StateOf<R> = Readonly<Record<string, R>>;
type KindLists<R> = ReadonlyMap<string, readonly R[]>;

const kindsKnown = new WeakMap<StateOf<KindedThing>, KindLists<KindedThing>>();

const listed = <R extends KindedThing>(lists: Map<string, R[]>, resource: R): void => {
  const list = lists.get(resource.kind);
  if (list === undefined) lists.set(resource.kind, [resource]);
  else list.push(resource);
};

type StateMaker<R> = { readonly add: (key: string, resource: R) => void; readonly state: () => StateOf<R> };

export const stateMaker = <R extends KindedThing>(): StateMaker<R> => {
  const state: Record<string, R> = {};
  const lists = new Map<string, R[]>();
  let isEachOnce = true;
  return {
    add: (key, resource) => {
      if (state[key] !== undefined) isEachOnce = false;
      state[key] = resource;
      listed(lists, resource);
    },
    state: () => {
      if (isEachOnce) kindsKnown.set(state, lists);
      return state;
    },
  };
};

/** By kind, in the order of the state. By the keys: to list the values of a large state takes three times as long. */
export const kindsIn = (state: StateOf<KindedThing>): KindLists<KindedThing> => {
  const known = kindsKnown.get(state);
  if (known !== undefined) return known;
  const lists = new Map<string, KindedThing[]>();
  for (const key of Object.keys(state)) if (state[key] !== undefined) listed(lists, state[key]);
  kindsKnown.set(state, lists);
  return lists;
};
