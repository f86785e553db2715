/** On which resources each action works: a compact file of the same dated action data as the action catalogue. */
import { readFileSync } from 'node:fs';
import type { IamAction } from './actions.ts';

/** ARNs with `${Account}` and the like in them. Both are empty for an action that works on no resource. */
export type ActionTargets = {
  /** A request names one of each of these. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
};

/** The file: service -> the ARNs of its types, and the names of the actions by the numbers of theirs. */
type ResourceFile = {
  readonly version: string;
  readonly services: Readonly<
    Record<string, { readonly types: readonly string[]; readonly actions: Readonly<Record<string, string>> }>
  >;
};

type TargetShelf = ReadonlyMap<string, ActionTargets>;
const none: ActionTargets = { required: [], optional: [] };

let file: ResourceFile | undefined;
const shelves = new Map<string, TargetShelf>();

const unfold = (service: string): TargetShelf => {
  file ??= JSON.parse(readFileSync(new URL('./action-resources.json', import.meta.url), 'utf8')) as ResourceFile;
  const { types = [], actions = {} } = Object.hasOwn(file.services, service) ? (file.services[service] ?? {}) : {};
  return new Map(
    Object.entries(actions).flatMap(([numbers, names]) => {
      const list = numbers.split(' ').map((text) => ({ arn: types[Number.parseInt(text, 10)] ?? '', text }));
      const pick = (required: string): readonly string[] =>
        list.flatMap(({ arn, text }) => (text.endsWith('!') === (required === 'required') ? arn.split(',') : []));
      const targets = { required: pick('required'), optional: pick('optional') };
      return names.split(' ').map((name) => [name.toLowerCase(), targets] as const);
    }),
  );
};

/** Loaded per service, for whoever asks about resources that are not a star. */
export const actionTargetsOf = ({ service, name }: IamAction): ActionTargets => {
  const shelf = shelves.get(service.toLowerCase()) ?? unfold(service.toLowerCase());
  shelves.set(service.toLowerCase(), shelf);
  return shelf.get(name.toLowerCase()) ?? none;
};
