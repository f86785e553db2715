/** GitHub's answers, read field by field: whatever is missing or of another type is empty. */
import type { GitHubUser } from '../model/github.ts';

export type Fields = Readonly<Record<string, unknown>>;
export type Parameters = Readonly<Record<string, unknown>>;
export type Call = (
  route: string,
  parameters?: Parameters,
) => Promise<{ readonly status: number; readonly data: unknown }>;

export const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
export const rows = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fields) : []);
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const numeric = (value: unknown): number => (typeof value === 'number' ? value : 0);
export const optionalText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export const personOf = (value: unknown): GitHubUser | undefined => {
  const { login, id, type } = fields(value);
  if (typeof login !== 'string') return undefined;
  return { login, id: numeric(id), bot: type !== 'User' || login.endsWith('[bot]') };
};
