/** The statements that AddPermission writes: nobody gives Lambda a document (https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html). */
import type { CallInput } from '../core.ts';
import { AwsError } from '../core.ts';
import type { PolicyStatement } from '../iam/grammar/syntax.ts';
import { optionalTextMember, textMember } from '../members.ts';

export const refusedPrincipal = (): AwsError =>
  new AwsError(
    'InvalidParameterValueException',
    'The provided principal was invalid. Please check the principal and try again.',
  );

/** A service's name, an account, an ARN, or everybody. */
const principalOf = (text: string): unknown => {
  if (text === '*') return '*';
  if (/^\d{12}$/.test(text)) return { AWS: `arn:aws:iam::${text}:root` };
  if (text.startsWith('arn:')) return { AWS: text };
  if (/^[a-z0-9.-]+\.amazonaws\.com$/.test(text)) return { Service: text };
  throw refusedPrincipal();
};

const equals = (key: string, value: string | undefined): readonly (readonly [string, string])[] =>
  value === undefined ? [] : [[key, value]];

const conditionOf = (input: CallInput): PolicyStatement => {
  const texts = [
    ...equals('AWS:SourceAccount', optionalTextMember(input, 'SourceAccount')),
    ...equals('aws:PrincipalOrgID', optionalTextMember(input, 'PrincipalOrgID')),
    ...equals('lambda:FunctionUrlAuthType', optionalTextMember(input, 'FunctionUrlAuthType')),
  ];
  const source = optionalTextMember(input, 'SourceArn');
  const condition = {
    ...(texts.length === 0 ? {} : { StringEquals: Object.fromEntries(texts) }),
    ...(source === undefined ? {} : { ArnLike: { 'AWS:SourceArn': source } }),
  };
  return Object.keys(condition).length === 0 ? {} : { Condition: condition };
};

export const statementOf = (input: CallInput, arn: string): PolicyStatement => ({
  Sid: textMember(input, 'StatementId'),
  Effect: 'Allow',
  Principal: principalOf(textMember(input, 'Principal')),
  Action: textMember(input, 'Action'),
  Resource: arn,
  ...conditionOf(input),
});
