/** A few of the checks of ValidatePolicy, under the codes of "IAM Access Analyzer policy check reference". */
import type { CallOutput, JsonObject, ManagedPolicyCatalogue } from '../core.ts';
import type { PolicyStatement } from '../iam/grammar/syntax.ts';

type TextPosition = { readonly line: number; readonly column: number; readonly offset: number };
type IssuePathStep = { readonly value: string } | { readonly index: number };
type ValidationIssueType = 'ERROR' | 'SECURITY_WARNING' | 'SUGGESTION' | 'WARNING';
type ValidationIssue = {
  readonly type: ValidationIssueType;
  readonly code: string;
  readonly details: string;
  readonly path: readonly IssuePathStep[];
  /** Text to point at; the whole document when it does not occur. */
  readonly near?: string;
};

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every action of the Security Token Service: the one service whose actions the sandbox knows by heart. */
const stsActions: readonly string[] = [
  'assumerole',
  'assumerolewithsaml',
  'assumerolewithwebidentity',
  'assumeroot',
  'decodeauthorizationmessage',
  'getaccessgrantsinstance',
  'getaccesskeyinfo',
  'getcalleridentity',
  'getdelegatedaccesstoken',
  'getfederationtoken',
  'getservicebearertoken',
  'getsessiontoken',
  'getwebidentitytoken',
  'setcontext',
  'setsourceidentity',
  'tagsession',
  'taggetwebidentitytoken',
];

const known = new WeakMap<ManagedPolicyCatalogue, ReadonlySet<string>>();

const prefixOf = (action: string): string => action.split(':')[0]?.toLowerCase() ?? '';

/** The service prefixes that AWS's own policies use: all that there are, near enough, when the catalogue is whole. */
const prefixesIn = (catalogue: ManagedPolicyCatalogue): ReadonlySet<string> => {
  const before = known.get(catalogue);
  if (before) return before;
  const texts = catalogue.arns().map((arn) => catalogue.document(arn) ?? '');
  const found = new Set(
    texts.flatMap((text) => [...text.matchAll(/"([a-z0-9-]+):[A-Za-z*]+"/g)].map(([, one]) => one ?? '')),
  );
  known.set(catalogue, found);
  return found;
};

const wholeCatalogue = 100;

const actionIssue = (
  action: string,
  path: readonly IssuePathStep[],
  catalogue: ManagedPolicyCatalogue,
): readonly ValidationIssue[] => {
  const [prefix, name] = [prefixOf(action), action.split(':')[1]?.toLowerCase() ?? ''];
  const issue = (code: string, details: string): readonly ValidationIssue[] => [
    { type: 'ERROR', code, details, path, near: action },
  ];
  if (action === '*') return [];
  if (!action.includes(':')) return issue('MISSING_SERVICE_PREFIX', `The action ${action} has no service prefix.`);
  const prefixes = prefixesIn(catalogue);
  if (prefixes.size >= wholeCatalogue && !prefixes.has(prefix))
    return issue('INVALID_SERVICE_IN_ACTION', `The service ${prefix} specified in the action does not exist.`);
  if (prefix === 'sts' && !/[*?]/.test(name) && !stsActions.includes(name))
    return issue('INVALID_ACTION', `The action ${action} does not exist.`);
  return [];
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value]);

const stepsTo = (at: readonly IssuePathStep[], value: unknown, index: number): readonly IssuePathStep[] =>
  Array.isArray(value) ? [...at, { index }] : at;

const actionsOf = (statement: PolicyStatement): readonly string[] =>
  listOf(statement['Action']).filter((action): action is string => typeof action === 'string');

const passesEveryRole = (statement: PolicyStatement): boolean =>
  statement['Effect'] === 'Allow' &&
  listOf(statement['Resource']).includes('*') &&
  actionsOf(statement).some((action) => action.toLowerCase() === 'iam:passrole');

const statementIssues = (
  statement: unknown,
  at: readonly IssuePathStep[],
  catalogue: ManagedPolicyCatalogue,
): readonly ValidationIssue[] => {
  if (!isObject(statement))
    return [{ type: 'ERROR', code: 'DATA_TYPE_MISMATCH', details: 'A statement must be an object.', path: at }];
  const unknownActions = ['Action', 'NotAction'].flatMap((member) => {
    const value = statement[member];
    if (value === undefined) return [];
    return listOf(value).flatMap((action, index) =>
      actionIssue(String(action), stepsTo([...at, { value: member }], value, index), catalogue),
    );
  });
  const noEffect: readonly ValidationIssue[] =
    statement['Effect'] === 'Allow' || statement['Effect'] === 'Deny'
      ? []
      : [
          {
            type: 'ERROR',
            code: 'INVALID_EFFECT',
            details: 'Effect must be Allow or Deny.',
            path: [...at, { value: 'Effect' }],
          },
        ];
  const broad: readonly ValidationIssue[] = passesEveryRole(statement)
    ? [
        {
          type: 'SECURITY_WARNING',
          code: 'PASS_ROLE_WITH_STAR_IN_RESOURCE',
          details: 'Using the iam:PassRole action with wildcards (*) in the resource can be overly permissive.',
          path: [...at, { value: 'Resource' }],
          near: 'iam:PassRole',
        },
      ]
    : [];
  return [...noEffect, ...unknownActions, ...broad];
};

const issuesOf = (document: JsonObject, catalogue: ManagedPolicyCatalogue): readonly ValidationIssue[] => {
  const statements = document['Statement'];
  const version: readonly ValidationIssue[] =
    document['Version'] === undefined
      ? [{ type: 'WARNING', code: 'MISSING_VERSION', details: 'Add the Version element to the policy.', path: [] }]
      : [];
  if (statements === undefined)
    return [...version, { type: 'ERROR', code: 'MISSING_STATEMENT', details: 'Add a Statement element.', path: [] }];
  const each = listOf(statements).flatMap((statement, index) =>
    statementIssues(statement, stepsTo([{ value: 'Statement' }], statements, index), catalogue),
  );
  return [...version, ...each];
};

const positionAt = (text: string, offset: number): TextPosition => {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1)?.length ?? 0, offset };
};

const findingOf = (text: string, { type, code, details, path, near }: ValidationIssue): CallOutput => {
  const found = near === undefined ? -1 : text.indexOf(near);
  const [start, end] = found < 0 ? [0, text.length] : [found, found + (near?.length ?? 0)];
  const check = `${type}-${code}`.toLowerCase().replaceAll('_', '-');
  return {
    findingDetails: details,
    findingType: type,
    issueCode: code,
    learnMoreLink: `https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-${check}`,
    locations: [{ path, span: { start: positionAt(text, start), end: positionAt(text, end) } }],
  };
};

/** The findings as ValidatePolicy answers them. */
export const validatePolicy = (text: string, catalogue: ManagedPolicyCatalogue): readonly CallOutput[] => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const details = `The policy is not valid JSON: ${String(error)}`;
    return [findingOf(text, { type: 'ERROR', code: 'JSON_SYNTAX_ERROR', details, path: [] })];
  }
  if (!isObject(value))
    return [
      findingOf(text, { type: 'ERROR', code: 'DATA_TYPE_MISMATCH', details: 'A policy is an object.', path: [] }),
    ];
  return issuesOf(value, catalogue).map((issue) => findingOf(text, issue));
};
