/** The grammar of the policy language, element by element (IAM User Guide, "Grammar of the IAM JSON policy language"). */
import { isGuardRailKind } from '../../model/resource.ts';
import { matchesAction, parseAction, parseActionPattern } from '../actions.ts';
import { isOperator } from '../conditions.ts';
import { parseDate } from '../dates.ts';
import { parseRange } from '../ip.ts';
import { quote, testsOf } from './document.ts';
import type { LintFinding, LintDocument, LintStatement, LintTest } from './document.ts';
import type { LintContext } from './context.ts';
import { replacesVariables, valuelessKeys } from './dead.ts';
import { isIncompleteArn, misplacedWildcard } from '../resource-text.ts';
import { splitArn } from '../match.ts';
import { parseNumber } from '../operators.ts';
import { isNoRegion } from '../regions.ts';
import { listOf } from '../../model/policy.ts';

const operatorNames = [
  ...['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'StringLike'],
  ...['StringNotLike', 'NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericLessThanEquals'],
  ...['NumericGreaterThan', 'NumericGreaterThanEquals', 'DateEquals', 'DateNotEquals', 'DateLessThan'],
  ...['DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals', 'Bool', 'BinaryEquals', 'IpAddress'],
  ...['NotIpAddress', 'ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike', 'Null'],
];

const badOperator = ({ operator }: LintTest, at: LintStatement, { suggest }: LintContext): readonly LintFinding[] => {
  if (isOperator(operator)) return [];
  const bare = operator.replace(/^\w+:/, '').replace(/IfExists$/i, '');
  const near = suggest(bare, operatorNames);
  const message = `${quote(operator)} is not a condition operator`;
  const place = at.keyAt('Condition', operator);
  return [
    { rule: 'bad-operator', at: place, message, ...(near === undefined ? {} : { hint: `Did you mean ${near}?` }) },
  ];
};

type ValueForm = { readonly reads: (value: string) => boolean; readonly what: string };

const isBool = (value: string): boolean => /^(true|false)$/i.test(value);
const isArnPattern = (value: string): boolean => value === '*' || splitArn(value).length === 6;

/** By the beginning of the operator's name. */
const forms: readonly (readonly [RegExp, ValueForm])[] = [
  [/^numeric/, { reads: (value) => parseNumber(value) !== undefined, what: 'a number' }],
  [/^date/, { reads: (value) => parseDate(value) !== undefined, what: 'a date such as 2026-12-01T00:00:00Z' }],
  [/^(not)?ipaddress$/, { reads: (value) => parseRange(value) !== undefined, what: 'an IP address or a CIDR range' }],
  [/^arn/, { reads: isArnPattern, what: 'an ARN of six parts' }],
  [/^(bool|null)$/, { reads: isBool, what: 'true or false' }],
  [/^binary/, { reads: (value) => /^[\w+/-]*={0,2}$/.test(value), what: 'base64' }],
];

const badValues = (test: LintTest, at: LintStatement): readonly LintFinding[] => {
  const form = forms.find(([name]) => name.test(test.base))?.[1];
  if (form === undefined) return [];
  const never = test.negated ? 'the condition always holds' : 'the condition never matches';
  return test.values.flatMap((value, index) => {
    const isVariable = value.includes('${');
    if (form.reads(value) || (isVariable && replacesVariables(test))) return [];
    const place = at.at('Condition', test.operator, test.written, index);
    const message = isVariable
      ? `AWS replaces no variable under ${test.operator}: ${quote(value)} stays as it is, and ${never}`
      : `${quote(value)} is not ${form.what}`;
    return [{ rule: 'bad-condition-value', at: place, message } as const];
  });
};

const partitions = ['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f', 'aws-eusc', '*'];

/** What AWS does not take as it is written, or takes for something else. */
const shapeMistake = (arn: string, { use }: LintDocument): string | undefined => {
  const wildcard = misplacedWildcard(arn);
  if (wildcard !== undefined) return `has a wildcard in its ${wildcard}, where AWS takes none: it matches nothing`;
  // A star that ends a part may run over the colons after it.
  if (!isIncompleteArn(arn) || arn.endsWith('*')) return undefined;
  const isCompleted = use === 'identity' || use === 'boundary';
  return `has fewer than six parts${isCompleted ? ': AWS adds a star for each that is missing' : ''}`;
};

const partMistake = (arn: string): string | undefined => {
  const [, partition = '', service = '', region = '', account = ''] = splitArn(arn);
  if (!partitions.includes(partition) && !partition.includes('$')) return `has the partition ${quote(partition)}`;
  if (service === '') return 'names no service';
  if (!/^[a-z0-9*?${}:.,' -]*$/i.test(region) || isNoRegion(region)) return `has the Region ${quote(region)}`;
  const isAccount = /^(\d{12}|aws|aws-managed|cloudfront|third-party|)$/.test(account) || /[*?$]/.test(account);
  return isAccount ? undefined : `has the account ${quote(account)}, which is not 12 digits`;
};

/** What stands before the slash in ARNs of IAM; IAM refuses others (Service Authorization Reference, IAM). */
const iamTypes = new Set([
  ...['user', 'federated-user', 'role', 'group', 'instance-profile', 'mfa', 'server-certificate', 'policy', 'sms-mfa'],
  ...['saml-provider', 'oidc-provider', 'report', 'access-report', 'delegation-request'],
]);

const iamMistake = (resource: string, region: string): string | undefined => {
  if (/[^*?]/.test(region)) return `has the Region ${quote(region)}, and IAM has none`;
  const [type = ''] = resource.split('/');
  if (resource === 'root' || /[*?$]/.test(type) || (iamTypes.has(type) && resource.includes('/'))) return undefined;
  return `names ${quote(resource)}, and resources of IAM begin with role/, user/, policy/ and the like`;
};

/** Buckets and objects have neither Region nor account; access points and jobs have both. */
const serviceMistake = (arn: string): string | undefined => {
  const [, , service = '', region = '', account = '', ...rest] = splitArn(arn);
  const resource = rest.join(':');
  if (resource === '') return undefined;
  if (service === 'iam') return iamMistake(resource, region);
  const isBucket = service === 's3' && account === '' && /[^*?]/.test(region);
  return isBucket ? `has the Region ${quote(region)}, which AWS refuses in the ARN of a bucket` : undefined;
};

/** Colons inside `${…}` belong to the variable, not to the ARN. */
const withoutVariables = (text: string): string => text.replace(/\$\{[^}]*\}/g, '*');

const mistakeIn = (arn: string, of: LintDocument) => shapeMistake(arn, of) ?? partMistake(arn) ?? serviceMistake(arn);

const badArns = (at: LintStatement): readonly LintFinding[] =>
  (['Resource', 'NotResource'] as const).flatMap((element) =>
    listOf(at.statement[element]).flatMap((arn, index) => {
      const mistake = arn.startsWith('arn:') ? mistakeIn(withoutVariables(arn), at.of) : undefined;
      if (mistake === undefined) return [];
      return [{ rule: 'bad-arn', at: at.at(element, index), message: `${quote(arn)} ${mistake}` } as const];
    }),
  );

type Text = {
  readonly text: string;
  readonly path: readonly (string | number)[];
  /** What stands beside it in the same list, itself included. */
  readonly list: readonly string[];
  readonly test?: LintTest;
};

const textsIn = ({ statement }: LintStatement): readonly Text[] => [
  ...(['Resource', 'NotResource'] as const).flatMap((element) =>
    listOf(statement[element]).map((text, index, list) => ({ text, path: [element, index], list })),
  ),
  ...testsOf(statement).flatMap((test) =>
    test.values.map((text, index, list) => {
      return { text, path: ['Condition', test.operator, test.written, index], list, test };
    }),
  ),
];

/** What it means that the text, and perhaps all beside it, matches nothing. */
const meaning = ({ statement }: LintStatement, { path, list, test }: Text, context: LintContext): string => {
  const verb = statement.Effect === 'Deny' ? 'denies' : 'allows';
  const isAlone = list.every((text) => valuelessKeys(text, context).length > 0);
  if (path[0] === 'Resource') return isAlone ? `this statement ${verb} nothing` : `this entry ${verb} nothing`;
  if (path[0] === 'NotResource') return 'no resource is excepted by it';
  if (!isAlone) return 'this value matches nothing';
  if (test?.negated !== true) return `the condition never holds, and this statement ${verb} nothing`;
  return test.key.startsWith('aws:principal') ? 'nobody is excepted' : 'the condition always holds';
};

const ruleOfVariable = ({ of: { use } }: LintStatement) =>
  isGuardRailKind(use) ? ('bad-variable' as const) : ('variable-without-value' as const);

const variableFinding = (at: LintStatement, found: Text, context: LintContext): LintFinding | undefined => {
  const { text, path, test } = found;
  const opened = text.lastIndexOf('${');
  if (opened >= 0 && !text.includes('}', opened))
    return {
      rule: 'bad-variable',
      at: at.at(...path),
      message: `${quote(text)} opens a variable and does not close it`,
    };
  // Where nothing is replaced, that is said of the value.
  const [key] = test !== undefined && !replacesVariables(test) ? [] : valuelessKeys(text, context);
  if (key === undefined) return undefined;
  const message = `${quote(text)} names the variable ${quote(key)}, which never has a value: ${meaning(at, found, context)}`;
  return { rule: ruleOfVariable(at), at: at.at(...path), message };
};

/** Unfilled names of accounts are said where the file is read. */
const badVariables = (at: LintStatement, context: LintContext): readonly LintFinding[] =>
  textsIn(at).flatMap((text) => (text.text.includes('${account:') ? [] : (variableFinding(at, text, context) ?? [])));

const principalTypes = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

const principalMistake = (type: string, name: string): string | undefined => {
  if (!principalTypes.includes(type)) return `is not a kind of principal; ${principalTypes.join(', ')} are`;
  if (type === 'Service')
    return /^[a-z0-9.-]+\.[a-z]+$/.test(name) ? undefined : `${quote(name)} is not a service's name`;
  if (type !== 'AWS' || name === '*' || /^(\d{12}|A[A-Z0-9]{15,})$/.test(name)) return undefined;
  if (!/^arn:[^:]+:(iam|sts)::\d{12}:.+/.test(name)) return `${quote(name)} is neither an account nor an ARN of IAM`;
  return /[*?]/.test(name) ? `${quote(name)} has a wildcard, which IAM refuses in a principal` : undefined;
};

const badPrincipals = (at: LintStatement): readonly LintFinding[] =>
  (['Principal', 'NotPrincipal'] as const).flatMap((element) => {
    const principal = at.statement[element];
    if (principal === undefined || principal === '*') return [];
    return Object.entries(principal).flatMap(([type, names]) =>
      listOf(names).flatMap((name, index) => {
        const mistake = principalMistake(type, name);
        if (mistake === undefined) return [];
        const isKind = principalTypes.includes(type);
        const place = isKind ? at.at(element, type, index) : at.keyAt(element, type);
        return [{ rule: 'bad-principal', at: place, message: isKind ? mistake : `${quote(type)} ${mistake}` } as const];
      }),
    );
  });

const badSid = (at: LintStatement): readonly LintFinding[] => {
  const sid = at.statement.Sid;
  // KMS's own default policy has spaces in its Sid, and that of SNS has underscores.
  if (sid === undefined || at.of.use === 'resource' || /^[A-Za-z0-9]*$/.test(sid)) return [];
  return [{ rule: 'bad-sid', at: at.at('Sid'), message: `${quote(sid)} has more than letters and digits` }];
};

/** A control policy without the Version of 2012 is refused where the file is read. */
export const lintVersion = (of: LintDocument): readonly LintFinding[] => {
  if (isGuardRailKind(of.use) || of.document.Version === '2012-10-17') return [];
  const missing = of.document.Version === undefined;
  const message = missing ? 'Version is missing' : `Version is ${quote(of.document.Version)}`;
  return [
    {
      rule: 'missing-version',
      at: missing ? of.named : of.at(['Version']),
      message,
      hint: 'Write Version: "2012-10-17".',
    },
  ];
};

const trustActions = [
  'AssumeRole',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'TagSession',
  'SetSourceIdentity',
  'SetContext',
].map((name) => parseAction(`sts:${name}`));

/** A pattern of STS, "sts:*" itself, stands for some of them. */
const isOfTrust = (action: string): boolean =>
  /^sts:/i.test(action) && trustActions.some((one) => matchesAction(parseActionPattern(action), one));

/** "AssumeRole policy may only specify STS AssumeRole actions." is IAM's answer. */
const trustSyntax = (at: LintStatement): readonly LintFinding[] => {
  if (at.of.use !== 'trust') return [];
  const prohibited = (['Resource', 'NotResource'] as const).filter((element) => at.statement[element] !== undefined);
  return [
    ...prohibited.map((element): LintFinding => {
      return { rule: 'trust-syntax', at: at.keyAt(element), message: `a trust policy cannot have ${element}` };
    }),
    ...(['Action', 'NotAction'] as const).flatMap((element) =>
      listOf(at.statement[element]).flatMap((action, index): readonly LintFinding[] => {
        if (isOfTrust(action)) return [];
        const message = `${quote(action)} assumes no role; a trust policy takes only such actions of STS`;
        return [{ rule: 'trust-syntax', at: at.at(element, index), message }];
      }),
    ),
  ];
};

export const lintStatementGrammar = (at: LintStatement, context: LintContext): readonly LintFinding[] => [
  ...badSid(at),
  ...badArns(at),
  ...badVariables(at, context),
  ...badPrincipals(at),
  ...trustSyntax(at),
  ...testsOf(at.statement).flatMap((test) => [...badOperator(test, at, context), ...badValues(test, at)]),
];
