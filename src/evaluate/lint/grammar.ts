/** The grammar of the policy language, element by element (IAM User Guide, "Grammar of the IAM JSON policy language"). */
import { isOperator } from '../conditions.ts';
import { parseDate } from '../dates.ts';
import { parseRange } from '../ip.ts';
import { listOf, quote, testsOf } from './document.ts';
import type { Finding, LintContext, LintDocument, LintStatement, LintTest } from './document.ts';
import { variableKeys } from './facts.ts';
import { splitArn } from '../match.ts';
import { parseNumber } from '../operators.ts';

const operatorNames = [
  ...['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'StringLike'],
  ...['StringNotLike', 'NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericLessThanEquals'],
  ...['NumericGreaterThan', 'NumericGreaterThanEquals', 'DateEquals', 'DateNotEquals', 'DateLessThan'],
  ...['DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals', 'Bool', 'BinaryEquals', 'IpAddress'],
  ...['NotIpAddress', 'ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike', 'Null'],
];

const badOperator = ({ operator }: LintTest, at: LintStatement, { suggest }: LintContext): readonly Finding[] => {
  if (isOperator(operator)) return [];
  const bare = operator.replace(/^\w+:/, '').replace(/IfExists$/i, '');
  const near = suggest(bare, operatorNames);
  const message = `${quote(operator)} is not a condition operator`;
  const place = at.keyAt('Condition', operator);
  return [
    { rule: 'bad-operator', at: place, message, ...(near === undefined ? {} : { hint: `Did you mean ${near}?` }) },
  ];
};

type Form = { readonly reads: (value: string) => boolean; readonly what: string };

const isBool = (value: string): boolean => /^(true|false)$/i.test(value);
const isArnPattern = (value: string): boolean => value === '*' || splitArn(value).length === 6;

/** By the beginning of the operator's name. */
const forms: readonly (readonly [RegExp, Form])[] = [
  [/^numeric/, { reads: (value) => parseNumber(value) !== undefined, what: 'a number' }],
  [/^date/, { reads: (value) => parseDate(value) !== undefined, what: 'a date such as 2026-12-01T00:00:00Z' }],
  [/^(not)?ipaddress$/, { reads: (value) => parseRange(value) !== undefined, what: 'an IP address or a CIDR range' }],
  [/^arn/, { reads: isArnPattern, what: 'an ARN of six parts' }],
  [/^(bool|null)$/, { reads: isBool, what: 'true or false' }],
  [/^binary/, { reads: (value) => /^[\w+/-]*={0,2}$/.test(value), what: 'base64' }],
];

const badValues = (test: LintTest, at: LintStatement): readonly Finding[] => {
  const form = forms.find(([name]) => name.test(test.base))?.[1];
  if (form === undefined) return [];
  return test.values.flatMap((value, index) => {
    if (value.includes('${') || form.reads(value)) return [];
    const place = at.at('Condition', test.operator, test.written, index);
    return [{ rule: 'bad-condition-value', at: place, message: `${quote(value)} is not ${form.what}` } as const];
  });
};

const partitions = ['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f', 'aws-eusc', '*'];

const arnMistake = (arn: string): string | undefined => {
  const parts = splitArn(arn);
  const [, partition = '', service = '', region = '', account = ''] = parts;
  // A star that ends a part may run over the colons after it.
  if (parts.length < 6 && !arn.endsWith('*')) return 'has fewer than six parts';
  if (!partitions.includes(partition) && !/[*?$]/.test(partition)) return `has the partition ${quote(partition)}`;
  if (service === '') return 'names no service';
  if (!/^[a-z0-9*?${}:.,' -]*$/i.test(region)) return `has the Region ${quote(region)}`;
  const isAccount = /^(\d{12}|aws|aws-managed|cloudfront|third-party|)$/.test(account) || /[*?$]/.test(account);
  return isAccount ? undefined : `has the account ${quote(account)}, which is not 12 digits`;
};

/** Colons inside `${…}` belong to the variable, not to the ARN. */
const withoutVariables = (text: string): string => text.replace(/\$\{[^}]*\}/g, '*');

const badArns = (at: LintStatement): readonly Finding[] =>
  (['Resource', 'NotResource'] as const).flatMap((element) =>
    listOf(at.statement[element]).flatMap((arn, index) => {
      const mistake = arn.startsWith('arn:') ? arnMistake(withoutVariables(arn)) : undefined;
      if (mistake === undefined) return [];
      return [{ rule: 'bad-arn', at: at.at(element, index), message: `${quote(arn)} ${mistake}` } as const];
    }),
  );

const variableMistake = (text: string, { facts }: LintContext): string | undefined => {
  const opened = text.lastIndexOf('${');
  if (opened >= 0 && !text.includes('}', opened)) return 'opens a variable and does not close it';
  // Providers bring keys of their own, which have a dot in their prefix.
  const unknown = variableKeys(text).find((key) => !Object.hasOwn(facts.keys, key) && !/^[^:]*\./.test(key));
  return unknown === undefined ? undefined : `names the variable ${quote(unknown)}, which does not exist`;
};

type Text = { readonly text: string; readonly path: readonly (string | number)[] };

const textsIn = ({ statement }: LintStatement): readonly Text[] => [
  ...(['Resource', 'NotResource'] as const).flatMap((element) =>
    listOf(statement[element]).map((text, index) => ({ text, path: [element, index] })),
  ),
  ...testsOf(statement).flatMap(({ operator, written, values }) =>
    values.map((text, index) => ({ text, path: ['Condition', operator, written, index] })),
  ),
];

const badVariables = (at: LintStatement, context: LintContext): readonly Finding[] =>
  textsIn(at).flatMap(({ text, path }) => {
    // Unfilled account names are said where the file is read.
    const mistake = text.includes('${account:') ? undefined : variableMistake(text, context);
    return mistake === undefined
      ? []
      : [{ rule: 'bad-variable', at: at.at(...path), message: `${quote(text)} ${mistake}` } as const];
  });

const principalTypes = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

const principalMistake = (type: string, name: string): string | undefined => {
  if (!principalTypes.includes(type)) return `is not a kind of principal; ${principalTypes.join(', ')} are`;
  if (type === 'Service')
    return /^[a-z0-9.-]+\.[a-z]+$/.test(name) ? undefined : `${quote(name)} is not a service's name`;
  if (type !== 'AWS' || name === '*' || /^(\d{12}|A[A-Z0-9]{15,})$/.test(name)) return undefined;
  if (!/^arn:[^:]+:(iam|sts)::\d{12}:.+/.test(name)) return `${quote(name)} is neither an account nor an ARN of IAM`;
  return /[*?]/.test(name) ? `${quote(name)} has a wildcard, which IAM refuses in a principal` : undefined;
};

const badPrincipals = (at: LintStatement): readonly Finding[] =>
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

const badSid = (at: LintStatement): readonly Finding[] => {
  const sid = at.statement.Sid;
  if (sid === undefined || /^[A-Za-z0-9]*$/.test(sid)) return [];
  return [{ rule: 'bad-sid', at: at.at('Sid'), message: `${quote(sid)} has more than letters and digits` }];
};

/** A control policy without the Version of 2012 is refused where the file is read. */
export const lintVersion = (of: LintDocument): readonly Finding[] => {
  if (of.use === 'scp' || of.use === 'rcp' || of.document.Version === '2012-10-17') return [];
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

export const lintStatementGrammar = (at: LintStatement, context: LintContext): readonly Finding[] => [
  ...badSid(at),
  ...badArns(at),
  ...badVariables(at, context),
  ...badPrincipals(at),
  ...testsOf(at.statement).flatMap((test) => [...badOperator(test, at, context), ...badValues(test, at)]),
];
