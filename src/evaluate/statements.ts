/** Statements made ready once per document, and matched against a request. */

import type { PolicyDocument, PrincipalElement, Statement } from '../model/policy.ts';
import { listOf } from '../model/policy.ts';
import type { IamAction } from './actions.ts';
import { matchesAction, parseActionPattern } from './actions.ts';
import type { Condition } from './conditions.ts';
import { compileConditions } from './conditions.ts';
import { matchesResource } from './match.ts';
import type { PrincipalNaming } from './principal.ts';
import { principalNaming } from './principal.ts';
import type { CompiledRequest } from './request.ts';
import type { ResourceUse } from './resource-text.ts';
import { resourceTexts } from './resource-text.ts';
import type { Truth } from './truth.ts';
import { and, everyTruth, not, someTruth } from './truth.ts';
import type { ContextLookup, Syntax } from './variables.ts';
import { compileTemplate, matchTemplate } from './variables.ts';

export type CompiledStatement = {
  readonly effect: Statement['Effect'];
  readonly action: (action: IamAction) => boolean;
  readonly resource: (resource: string, lookup: ContextLookup) => Truth;
  readonly conditions: readonly Condition[];
  readonly principal: PrincipalElement | undefined;
  readonly notPrincipal: PrincipalElement | undefined;
};

type Compiled = WeakMap<PolicyDocument, readonly CompiledStatement[]>;
const compiled: Readonly<Record<ResourceUse, Compiled>> = {
  identity: new WeakMap(),
  plain: new WeakMap(),
  aws: new WeakMap(),
};

type StatementReading = { readonly variables: Syntax['variables']; readonly use: ResourceUse };

/** Documents are never mutated, so one is compiled once for each use and remembered while it lives. */
export function compile(document: PolicyDocument, use: ResourceUse): readonly CompiledStatement[] {
  const known = compiled[use].get(document);
  if (known) return known;
  const variables = document.Version === '2012-10-17' ? 'read' : 'plain';
  const statements = listOf(document.Statement).map((statement) => compileStatement(statement, { variables, use }));
  compiled[use].set(document, statements);
  return statements;
}

/** Does the statement speak of this request, whoever asks? */
export function appliesTo(statement: CompiledStatement, asked: CompiledRequest): Truth {
  if (!statement.action(asked.action)) return false;
  const resource = statement.resource(asked.resource, asked.lookup);
  return resource === false
    ? false
    : and(
        resource,
        everyTruth(statement.conditions, (holds) => holds(asked.lookup)),
      );
}

/** How a resource's policy names the asker; without any principal element it names nobody. */
export function namingIn(statement: CompiledStatement, asked: CompiledRequest): PrincipalNaming {
  if (statement.principal) return principalNaming(statement.principal, asked.principal, asked.canonicalUser);
  if (!statement.notPrincipal) return 'none';
  return principalNaming(statement.notPrincipal, asked.principal, asked.canonicalUser) === 'none' ? 'direct' : 'none';
}

function compileStatement(statement: Statement, reading: StatementReading): CompiledStatement {
  return {
    effect: statement.Effect,
    action: compileActions(statement),
    resource: compileResources(statement, reading),
    conditions: compileConditions(statement.Condition, reading.variables),
    principal: statement.Principal,
    notPrincipal: statement.NotPrincipal,
  };
}

function compileActions(statement: Statement): CompiledStatement['action'] {
  const patterns = listOf(statement.Action ?? statement.NotAction ?? []).map(parseActionPattern);
  const listed = (action: IamAction) => patterns.some((pattern) => matchesAction(pattern, action));
  if (statement.Action !== undefined) return listed;
  return statement.NotAction === undefined ? () => false : (action) => !listed(action);
}

/** A role's trust policy has no Resource: it speaks of the role that it is attached to. */
function compileResources(statement: Statement, { variables, use }: StatementReading): CompiledStatement['resource'] {
  const element = statement.Resource ?? statement.NotResource;
  if (element === undefined) return () => true;
  const syntax = { variables, wildcards: 'read', letters: 'exact' } as const;
  const texts = listOf(element).flatMap((text) => resourceTexts(text, use));
  const templates = texts.map((text) => compileTemplate(text, syntax));
  const listed = (resource: string, lookup: ContextLookup) =>
    someTruth(templates, (template) =>
      matchTemplate(template, lookup, (pattern) => matchesResource(pattern, resource)),
    );
  return statement.Resource === undefined ? (resource, lookup) => not(listed(resource, lookup)) : listed;
}
