/** Is this JSON a policy document? The first thing that is wrong, by path and value. */

import type { PolicyDocument } from '../model/policy.ts';
import { isOperator } from './conditions.ts';
import { isIncompleteArn } from './resource-text.ts';
import type { At } from './shape.ts';
import { fail, keysWithin, readList, readObject, readText } from './shape.ts';

/** Where the document is used says which elements a statement must have. */
export type DocumentUse = 'identity' | 'session' | 'resource' | 'organization';

const statementKeys = [
  ...['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
];

export function readDocument(at: At, use: DocumentUse): PolicyDocument {
  const document = readObject(at);
  keysWithin({ path: at.path, value: document }, ['Version', 'Id', 'Statement']);
  const version = document['Version'];
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    fail({ path: `${at.path}.Version`, value: version }, 'is not 2012-10-17 or 2008-10-17');
  }
  const statement = document['Statement'];
  if (statement === undefined) fail(at, 'has no Statement');
  const list = Array.isArray(statement) ? (statement as readonly unknown[]) : [statement];
  list.forEach((value, index) => readStatement({ path: `${at.path}.Statement[${index}]`, value }, use));
  return at.value as PolicyDocument;
}

function readStatement(at: At, use: DocumentUse): void {
  const statement = readObject(at);
  keysWithin(at, statementKeys);
  const effect = statement['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny')
    fail({ path: `${at.path}.Effect`, value: effect }, 'is not Allow or Deny');
  oneOf(at, ['Action', 'NotAction'], 'needed');
  oneOf(at, ['Resource', 'NotResource'], use === 'resource' ? 'optional' : 'needed');
  oneOf(at, ['Principal', 'NotPrincipal'], use === 'resource' ? 'needed' : 'optional');
  if (
    (use === 'identity' || use === 'session') &&
    (statement['Principal'] ?? statement['NotPrincipal']) !== undefined
  ) {
    fail(at, 'has a principal, which only a resource policy or an RCP may have');
  }
  for (const element of ['Action', 'NotAction', 'Resource', 'NotResource']) readTexts(at, element);
  readActions(at);
  if (use === 'session') readWholeArns(at);
  for (const element of ['Principal', 'NotPrincipal']) readPrincipals(at, element);
  if (statement['Condition'] !== undefined)
    readCondition({ path: `${at.path}.Condition`, value: statement['Condition'] });
}

function oneOf(at: At, names: readonly [string, string], need: 'needed' | 'optional'): void {
  const statement = readObject(at);
  const present = names.filter((name) => statement[name] !== undefined);
  if (present.length > 1) fail(at, `has both ${names[0]} and ${names[1]}`);
  if (present.length === 0 && need === 'needed') fail(at, `has neither ${names[0]} nor ${names[1]}`);
}

function readTexts(at: At, element: string): void {
  const value = readObject(at)[element];
  const path = `${at.path}.${element}`;
  if (value === undefined || typeof value === 'string') return;
  readList({ path, value }).forEach((item, index) => readText({ path: `${path}[${index}]`, value: item }));
}

function readActions(at: At): void {
  const { Action, NotAction } = readObject(at);
  for (const action of [Action ?? NotAction].flat()) {
    if (action !== '*' && !/^[\w*?-]+:[\w*?-]+$/.test(String(action))) {
      fail(
        { path: `${at.path}.${Action === undefined ? 'NotAction' : 'Action'}`, value: action },
        'is not service:Action',
      );
    }
  }
}

/** STS refuses the others as malformed (IAM User Guide, "reference-arns"). */
function readWholeArns(at: At): void {
  for (const element of ['Resource', 'NotResource']) {
    const short = [readObject(at)[element]].flat().find((text) => typeof text === 'string' && isIncompleteArn(text));
    if (short !== undefined)
      fail({ path: `${at.path}.${element}`, value: short }, 'has fewer than six parts, which a session policy may not');
  }
}

function readPrincipals(at: At, element: string): void {
  const value = readObject(at)[element];
  if (value === undefined || value === '*') return;
  const path = `${at.path}.${element}`;
  const principals = { path, value: readObject({ path, value }) };
  keysWithin(principals, ['AWS', 'Federated', 'Service', 'CanonicalUser']);
  for (const type of Object.keys(principals.value)) readTexts(principals, type);
}

function readCondition(at: At): void {
  for (const [operator, keys] of Object.entries(readObject(at))) {
    if (!isOperator(operator)) fail({ path: at.path, value: operator }, 'is not a condition operator');
    const path = `${at.path}.${operator}`;
    for (const [key, value] of Object.entries(readObject({ path, value: keys }))) {
      [value].flat().forEach((item) => {
        if (!isScalar(item)) fail({ path: `${path}.${key}`, value: item }, 'is not a string, number or boolean');
      });
    }
  }
}

export function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
