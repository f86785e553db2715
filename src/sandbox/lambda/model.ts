/** What the Lambda API reference says of each operation's input (https://docs.aws.amazon.com/lambda/latest/api/). */
import { AwsError } from '../core.ts';
import type { ServiceModel } from '../model.ts';

const name =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?';

export const lambdaModel: ServiceModel = {
  types: {
    FunctionName: { kind: 'text', min: 1, max: 256, pattern: name },
    Role: { kind: 'text', pattern: 'arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+' },
    MaxItems: { kind: 'integer', min: 1, max: 10_000 },
    StatementId: { kind: 'text', min: 1, max: 100, pattern: '([a-zA-Z0-9-_.]+)' },
    Action: { kind: 'text', pattern: '(lambda:[*]|lambda:[a-zA-Z]+|[*])' },
    Principal: { kind: 'text', pattern: '[^\\s]+' },
    SourceArn: {
      kind: 'text',
      pattern: 'arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}(-gov)?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)',
    },
    SourceAccount: { kind: 'text', pattern: '\\d{12}' },
    OrganizationId: { kind: 'text', min: 12, max: 34, pattern: 'o-[a-z0-9]{10,32}' },
    Qualifier: { kind: 'text', min: 1, max: 128, pattern: '\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+' },
    AuthType: { kind: 'text', oneOf: ['NONE', 'AWS_IAM'] },
  },
  answering: {
    ListFunctions: 'Marker=text MaxItems=MaxItems',
    CreateFunction: 'FunctionName!=FunctionName Role!=Role Code!=object',
    DeleteFunction: 'FunctionName!=FunctionName',
    GetPolicy: 'FunctionName!=FunctionName Qualifier=Qualifier',
    AddPermission:
      'FunctionName!=FunctionName StatementId!=StatementId Action!=Action Principal!=Principal SourceArn=SourceArn SourceAccount=SourceAccount PrincipalOrgID=OrganizationId FunctionUrlAuthType=AuthType Qualifier=Qualifier',
    RemovePermission: 'FunctionName!=FunctionName StatementId!=StatementId Qualifier=Qualifier',
  },
  refusal: (_broken, message) => new AwsError('ValidationException', message),
};
