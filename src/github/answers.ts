/** How GitHub is called, and whom its answers name. */
import { fieldsIn, numberIn } from '../model/fields.ts';
import type { GitHubUser } from '../model/github.ts';

export type CallParameters = Readonly<Record<string, unknown>>;
export type GitHubCall = (
  route: string,
  parameters?: CallParameters,
) => Promise<{ readonly status: number; readonly data: unknown }>;

export const personOf = (value: unknown): GitHubUser | undefined => {
  const { login, id, type } = fieldsIn(value);
  if (typeof login !== 'string') return undefined;
  return { login, id: numberIn(id), bot: type !== 'User' || login.endsWith('[bot]') };
};
