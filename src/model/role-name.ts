/** A role as people name it. */
import type { Role } from './resource.ts';

type RoleName = { readonly account: string; readonly path?: string; readonly name: string };

/** `ACCOUNT:NAME`, the name with or without its path: role names are unique in an account (IAM, CreateRole). */
export const readRoleName = (text: string): RoleName | undefined => {
  const [, account, path, name] = /^(.+):(?:(.*)\/)?([^/:]+)$/s.exec(text) ?? [];
  if (account === undefined || name === undefined) return undefined;
  return { account, name, ...(path === undefined ? {} : { path: `/${path.replace(/^\/+/, '')}/`.replace('//', '/') }) };
};

/** Whether the role, one of that account, is the one that is named. */
export const isRole = (role: Role, { name, path }: RoleName): boolean =>
  role.name === name && (path === undefined || role.path === path);
