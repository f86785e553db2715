/**
 * A Resource or NotResource text as AWS takes it, before any value is filled in: completed where AWS completes it, and
 * nothing where it can match nothing.
 */

import { servicesWithoutTypes } from './aws-lists.ts';

/**
 * `identity`: policies and boundaries of users and roles, in which AWS completes an ARN of fewer than six parts. `plain`: all
 * others. `aws`: a policy that AWS itself wrote, which is never refused, whatever its documentation says of such patterns.
 */
export type ResourceUse = 'identity' | 'plain' | 'aws';

/** Colons and wildcards inside `${…}` belong to the variable. */
const bare = (text: string): string => text.replace(/\$\{[^}]*\}/g, 'v');

/** The same text, each variable kept in one piece. */
const partsOf = (text: string): readonly string[] => {
  const variables = text.match(/\$\{[^}]*\}/g) ?? [];
  let next = 0;
  return text
    .replace(/\$\{[^}]*\}/g, '\0')
    .split(':')
    .map((part) => part.replace(/\0/g, () => variables[next++] ?? ''));
};

const isWild = (text: string): boolean => /[*?]/.test(text);
/** With a star that may run over colons a later part need not be what its place says. */
const isAccount = (text: string): boolean => /^([\d*?]*|aws|v)$/.test(text);

/** A wildcard inside the resource type: `u*`, `functi*`; a lone star stands for every type. */
const wildType = (service: string, resource: string): boolean => {
  const type = resource.split(/[/:]/)[0] ?? '';
  return isWild(type) && !/^\*+$/.test(type) && !servicesWithoutTypes.entries.has(service);
};

/** Where AWS takes no wildcard; undefined where there is none. IAM User Guide, "reference-arns" and "Resource". */
export const misplacedWildcard = (text: string): 'prefix' | 'partition' | 'service' | 'resource type' | undefined => {
  if (text === '*') return undefined;
  const [prefix = '', partition = '', service = '', , account = '', ...rest] = bare(text).split(':');
  if (isWild(prefix)) return 'prefix';
  if (isWild(partition)) return 'partition';
  if (isWild(service)) return 'service';
  const resource = rest.join(':');
  return isAccount(account) && wildType(service, resource) ? 'resource type' : undefined;
};

/** Fewer than six parts. */
export const isIncompleteArn = (text: string): boolean => text.startsWith('arn:') && bare(text).split(':').length < 6;

/** A star at the end of a part reaches over the colons after it by itself. */
const runsOver = (parts: readonly string[]): boolean => parts.slice(2).some((part) => part.endsWith('*'));

const completed = (text: string): readonly string[] => {
  const parts = partsOf(text);
  const whole = [...parts, ...Array<string>(6 - parts.length).fill('*')].join(':');
  return runsOver(parts) ? [text, whole] : [whole];
};

/** What a text matches, as texts without surprises: none, itself, or what AWS makes of it. */
export const resourceTexts = (text: string, use: ResourceUse): readonly string[] => {
  if (use !== 'aws' && misplacedWildcard(text) !== undefined) return [];
  return use !== 'plain' && isIncompleteArn(text) ? completed(text) : [text];
};
