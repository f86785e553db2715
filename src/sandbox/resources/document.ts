/**
 * What the services check of a resource policy before they keep it: its grammar, its actions, whose resources it speaks of, and
 * that the users and roles exist whom it names.
 */
import { AwsError } from '../core.ts';
import { hasReadableDates } from '../iam/grammar/dates.ts';
import type { PolicyStatement } from '../iam/grammar/syntax.ts';
import { parsePolicy, textsOf } from '../iam/grammar/syntax.ts';
import { principalIdsIn, shownPrincipals } from '../iam/principals.ts';
import { isLike } from '../sts/glob.ts';
import type { SandboxWorld } from '../world.ts';
import type { StoredResourcePolicy } from './state.ts';

/** What is wrong with a document, in the order in which it is looked for. */
type DocumentFault = 'size' | 'syntax' | 'principal-missing' | 'principal' | 'action' | 'resource';

export type PolicyRules = {
  /** Characters at most. */
  readonly size: number;
  /** Whether white space counts. */
  readonly whitespace: 'counts' | 'free';
  /** Prefix of the actions, in lower case. */
  readonly vendor: string;
  /** The actions that may stand there; absent: any of the vendor's. */
  readonly actions?: readonly string[];
  /** `any`: whatever it is, or none at all; `none`: there may be none. */
  readonly resource: 'any' | 'none' | ((resource: string) => boolean);
  readonly refusal: (fault: DocumentFault, detail: string) => AwsError;
};

const sizeOf = (text: string, { whitespace }: PolicyRules): number =>
  whitespace === 'counts' ? text.length : JSON.stringify(JSON.parse(text)).length;

const statementsOf = (text: string, { refusal }: PolicyRules): readonly PolicyStatement[] => {
  try {
    const { statements } = parsePolicy(text);
    if (statements.every((one) => ['Allow', 'Deny'].includes(String(one['Effect'])) && hasReadableDates(one)))
      return statements;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
  }
  throw refusal('syntax', '');
};

const isAction = (action: string, { vendor, actions }: PolicyRules): boolean => {
  const [prefix, name = ''] = action.toLowerCase().split(':');
  if (action === '*') return actions === undefined;
  if (prefix !== vendor || name === '') return false;
  return actions === undefined || actions.some((known) => known.toLowerCase() === name);
};

const areActions = (statement: PolicyStatement, rules: PolicyRules): boolean => {
  const named = [...textsOf(statement['Action']), ...textsOf(statement['NotAction'])];
  return named.length > 0 && named.every((action) => isAction(action, rules));
};

const areResources = (statement: PolicyStatement, { resource }: PolicyRules): boolean => {
  const named = [...textsOf(statement['Resource']), ...textsOf(statement['NotResource'])];
  if (resource === 'any') return true;
  return resource === 'none' ? named.length === 0 : named.length > 0 && named.every(resource);
};

const hasPrincipal = (statement: PolicyStatement): boolean =>
  statement['Principal'] !== undefined || statement['NotPrincipal'] !== undefined;

const faultIn = (statements: readonly PolicyStatement[], rules: PolicyRules): DocumentFault | undefined => {
  if (!statements.every(hasPrincipal)) return 'principal-missing';
  if (!statements.every((one) => areActions(one, rules))) return 'action';
  return statements.every((one) => areResources(one, rules)) ? undefined : 'resource';
};

type PolicySaving = { readonly rules: PolicyRules; readonly now: number };

/** Throws what the service answers to a document that it does not take. */
export const checkedPolicy = (
  world: SandboxWorld,
  text: string,
  { rules, now }: PolicySaving,
): StoredResourcePolicy => {
  const statements = statementsOf(text, rules);
  if (sizeOf(text, rules) > rules.size) throw rules.refusal('size', '');
  const fault = faultIn(statements, rules);
  if (fault !== undefined) throw rules.refusal(fault, '');
  try {
    return { text, principals: principalIdsIn(world, statements, { now }) };
  } catch (error) {
    if (error instanceof AwsError) throw rules.refusal('principal', error.message);
    throw error;
  }
};

/** As the service answers it: those who are gone by their unique ids. */
export const shownPolicy = (world: SandboxWorld, { text, principals }: StoredResourcePolicy): string =>
  shownPrincipals(world, text, principals);

/** Whether the text is a pattern of this ARN, or of what lies in it. */
export const speaksOfArn = (pattern: string, arn: string): boolean =>
  pattern === '*' || isLike(arn, pattern) || pattern === arn || pattern.startsWith(`${arn}/`);
