/** The JSON Schemas for editors, completed with the names of one repository. */
import type { ControlKind } from '../model/resource.ts';
import type { Desired } from '../model/desired.ts';
import { controlKinds, resourcesOf } from '../model/resource.ts';
import { baseSchemas } from './check-form.ts';
import type { JsonSchema } from './schema/conforms.ts';

type RequiredNames = Readonly<Record<string, readonly string[]>>;

const namesOf = (desired: Desired | undefined): RequiredNames => {
  if (desired === undefined) return {};
  const { state } = desired;
  const named = (kind: 'group' | 'permission-set' | 'role' | ControlKind): readonly string[] =>
    resourcesOf(state, kind).map(({ name }) => name);
  const account = Object.values(desired.accounts);
  const ou = ['Root', ...resourcesOf(state, 'ou').map(({ path }) => path)];
  return {
    account,
    ou,
    target: [...account, ...ou],
    group: named('group'),
    permissionSet: named('permission-set'),
    role: [...new Set(named('role'))],
    controlPolicy: controlKinds.flatMap(named),
  };
};

/**
 * An editor offers the names and still takes any other: a new file may be named before the schemas are written again, and
 * `validate` is what judges.
 */
const withNames = (node: JsonSchema, names: readonly string[]): JsonSchema => {
  if (node['type'] === 'object') {
    const inner = node['additionalProperties'];
    return { ...node, properties: Object.fromEntries(names.map((name) => [name, inner])) };
  }
  const { type, minLength, pattern, ...rest } = node;
  return { ...rest, anyOf: [{ enum: names }, { type, minLength, pattern }] };
};

const complete = (value: unknown, names: RequiredNames): unknown => {
  if (Array.isArray(value)) return value.map((item) => complete(item, names));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !key.startsWith('x-'));
  const node = Object.fromEntries(entries.map(([key, inner]) => [key, complete(inner, names)]));
  const own = names[String((value as JsonSchema)['x-names'])] ?? [];
  return own.length === 0 ? node : withNames(node, own);
};

/** One schema per kind of file, by kind: organization, settings, group, user, permission-set, scp, bindings, and so on. */
export const schemas = (desired?: Desired): Readonly<Record<string, JsonSchema>> => {
  const names = namesOf(desired);
  return Object.fromEntries(
    Object.entries(baseSchemas()).map(([kind, schema]) => [
      kind,
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        title: `Gatehouse: ${kind}`,
        ...(complete(schema, names) as JsonSchema),
      },
    ]),
  );
};
