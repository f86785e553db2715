/** Policy variables, their defaults and the escapes ${*}, ${?} and ${$} (IAM User Guide, "Variables and tags"). */

import type { Pattern } from './match.ts';
import { anyText, literalCodes, patternOf, wildcardCodes } from './match.ts';
import type { Truth, UnknownTruth } from './truth.ts';
import { unknown } from './truth.ts';

/** What a request holds under a condition key: its values, nothing, or something that nobody knows. */
export type ContextValues = readonly string[] | undefined | UnknownTruth;
export type ContextLookup = (key: string) => ContextValues;

export type Syntax = {
  /** Only the policy language of 2012-10-17 has variables; before, `${aws:username}` is plain text. */
  readonly variables: 'read' | 'plain';
  readonly wildcards: 'read' | 'plain';
  readonly letters: 'exact' | 'lower';
};

export function isUnknown(values: ContextValues): values is UnknownTruth {
  return values !== undefined && !Array.isArray(values);
}

type Variable = { readonly key: string; readonly fallback: string | undefined };
type TemplatePart = readonly number[] | Variable;

/** A text of a policy, ready to be matched. `fixed` is set when no variable is in it. */
export type Template = {
  readonly fixed: Pattern | undefined;
  readonly parts: readonly TemplatePart[];
  readonly syntax: Syntax;
};

export function compileTemplate(text: string, syntax: Syntax): Template {
  const parts = syntax.variables === 'read' ? partsOf(text, syntax) : [codesOf(text, syntax)];
  const fixed = parts.every((part) => !isVariable(part))
    ? patternOf(parts.flatMap((part) => codesIn(part)))
    : undefined;
  return { fixed, parts, syntax };
}

/**
 * A variable without a value and without a default matches nothing. A variable that is unknown stands first for any
 * text: where even that fails to match, the answer is no, whatever the value.
 */
export function matchTemplate(template: Template, lookup: ContextLookup, test: (pattern: Pattern) => boolean): Truth {
  if (template.fixed) return test(template.fixed);
  const codes: number[] = [];
  const keys: string[] = [];
  for (const part of template.parts) {
    const value = isVariable(part) ? resolve(part, lookup) : undefined;
    if (!isVariable(part)) codes.push(...part);
    else if (value === undefined) return false;
    else if (typeof value === 'string') codes.push(...literalCodes(fold(value, template.syntax)));
    else {
      keys.push(...value.keys);
      codes.push(...anyText);
    }
  }
  return test(patternOf(codes)) && (keys.length === 0 || unknown(...new Set(keys)));
}

/** Variables are for keys with a single value; one with several cannot be put into a text. */
function resolve(variable: Variable, lookup: ContextLookup): string | undefined | UnknownTruth {
  const values = lookup(variable.key);
  if (values === undefined) return variable.fallback;
  if (isUnknown(values)) return values;
  return values.length === 0 ? variable.fallback : values.length === 1 ? values[0] : undefined;
}

function partsOf(text: string, syntax: Syntax): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let rest = text;
  for (;;) {
    const open = rest.indexOf('${');
    const close = open < 0 ? -1 : rest.indexOf('}', open);
    if (close < 0) return [...parts, codesOf(rest, syntax)];
    parts.push(codesOf(rest.slice(0, open), syntax), variableOf(rest.slice(open + 2, close)));
    rest = rest.slice(close + 1);
  }
}

function variableOf(inside: string): TemplatePart {
  if (inside === '*' || inside === '?' || inside === '$') return literalCodes(inside);
  const comma = inside.indexOf(',');
  if (comma < 0) return { key: inside.trim().toLowerCase(), fallback: undefined };
  const quoted = inside.slice(comma + 1).trim();
  const fallback =
    quoted.length > 1 && quoted.startsWith("'") && quoted.endsWith("'") ? quoted.slice(1, -1) : undefined;
  return { key: inside.slice(0, comma).trim().toLowerCase(), fallback };
}

function codesOf(text: string, syntax: Syntax): readonly number[] {
  const folded = fold(text, syntax);
  return syntax.wildcards === 'read' ? wildcardCodes(folded) : literalCodes(folded);
}

function fold(text: string, syntax: Syntax): string {
  return syntax.letters === 'lower' ? text.toLowerCase() : text;
}

function isVariable(part: TemplatePart): part is Variable {
  return !Array.isArray(part);
}

function codesIn(part: TemplatePart): readonly number[] {
  return isVariable(part) ? [] : part;
}
