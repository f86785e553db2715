/** Action patterns: `service:Name`, both without regard to case (IAM User Guide, "Action"). */

import type { Pattern } from './match.ts';
import { matches, parsePattern } from './match.ts';

export type IamAction = { readonly service: string; readonly name: string };
export type ActionPattern = { readonly service: Pattern; readonly name: Pattern } | 'every' | 'none';

export function parseAction(text: string): IamAction {
  const [service, name] = halves(text.toLowerCase());
  return { service, name };
}

/** A pattern without a service prefix, other than a star, is refused by IAM and matches nothing. */
export function parseActionPattern(text: string): ActionPattern {
  if (text === '*') return 'every';
  const [service, name] = halves(text.toLowerCase());
  return service === '' ? 'none' : { service: parsePattern(service), name: parsePattern(name) };
}

export function matchesAction(pattern: ActionPattern, action: IamAction): boolean {
  if (typeof pattern === 'string') return pattern === 'every';
  return matches(pattern.service, action.service) && matches(pattern.name, action.name);
}

function halves(text: string): readonly [string, string] {
  const colon = text.indexOf(':');
  return colon < 0 ? ['', text] : [text.slice(0, colon), text.slice(colon + 1)];
}
