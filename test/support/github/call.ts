/** One call and its answer, and what the caller must be allowed to do. */
import type { Fields, Json } from './contract.ts';
import { notFound } from './refusals.ts';
import type { Actor, GitHub, Repository, Role } from './state.ts';

export type Call = {
  readonly github: GitHub;
  readonly actor: Actor;
  /** The repository that the path names; a handler of a path without one must not read it. */
  readonly repository: Repository;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Fields;
};

export type Listed = {
  readonly items: readonly unknown[];
  readonly view: (item: never) => Fields | Promise<Fields>;
  /** The key under which GitHub wraps this list, with `total_count`. */
  readonly key?: string;
  readonly extra?: Fields;
};

export type Reply = {
  readonly status: number;
  readonly body?: Json;
  readonly list?: Listed;
  readonly headers?: Readonly<Record<string, string>>;
};

/** The permission of an app's token and the role of a person; `app` means that only apps may. */
export type Need = {
  readonly permission: string;
  readonly level: 'read' | 'write';
  readonly role: Role | 'app';
};

export type Handler = { readonly need: Need; readonly answer: (call: Call) => Reply | Promise<Reply> };
export type Handlers = Readonly<Record<string, Handler>>;

export const reading = (permission: string, role: Role = 'read'): Need => ({ permission, level: 'read', role });
export const writing = (permission: string, role: Need['role'] = 'write'): Need => ({
  permission,
  level: 'write',
  role,
});

export const ok = (body: Json): Reply => ({ status: 200, body });
export const created = (body: Json): Reply => ({ status: 201, body });
export const nothing: Reply = { status: 204 };

export const listed = <T>(
  items: readonly T[],
  view: (item: T) => Fields | Promise<Fields>,
  wrap: { readonly key?: string; readonly extra?: Fields } = {},
): Reply => ({ status: 200, list: { items, view, ...wrap } });

/** The record with the number that the path names, or 404. */
export const findBy = <T extends { readonly id: number }>(records: readonly T[], id: string | undefined): T => {
  const found = records.find((record) => String(record.id) === id);
  if (found === undefined) throw notFound();
  return found;
};

const rank: readonly Role[] = ['read', 'triage', 'write', 'maintain', 'admin'];

export const roleOf = (repository: Repository, login: string): Role | undefined =>
  repository.roles.get(login) ?? (repository.setup.visibility === 'public' ? 'read' : undefined);

export const hasRole = (repository: Repository, login: string, role: Role): boolean => {
  const held = roleOf(repository, login);
  return held !== undefined && rank.indexOf(held) >= rank.indexOf(role);
};

export const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
export const textOrNull = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);
export const textsOf = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.map((one: Json) => (typeof one === 'string' ? one : text((one as Fields)['name']))) : [];
