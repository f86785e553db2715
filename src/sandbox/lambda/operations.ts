/** The imitated Lambda, as far as resource policies of functions go. */
import type { CallInput, CallOutput, SandboxCall, SandboxOperation } from '../core.ts';
import { AwsError, nextUuid } from '../core.ts';
import type { PolicyStatement } from '../iam/grammar/syntax.ts';
import { parsePolicy } from '../iam/grammar/syntax.ts';
import { textMember } from '../members.ts';
import { accessTo, authorize } from '../resources/authorize.ts';
import { checkedPolicy, shownPolicy } from '../resources/document.ts';
import type { PolicyRules } from '../resources/document.ts';
import { resourcePage } from '../resources/look.ts';
import type { TokenNames } from '../resources/look.ts';
import type { HeldResource } from '../resources/state.ts';
import { heldAt, heldIn, hold, letGo } from '../resources/state.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';
import { refusedPrincipal, statementOf } from './permission.ts';

const denied = (message: string): AwsError => new AwsError('AccessDeniedException', message, { status: 403 });

const missing = (message: string): AwsError =>
  new AwsError('ResourceNotFoundException', message, { status: 404, fields: { Type: 'User' } });

/** "Resource-based policy: 20 KB" (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const rules: PolicyRules = {
  size: 20_480,
  whitespace: 'counts',
  vendor: 'lambda',
  resource: 'any',
  refusal: (fault) =>
    fault === 'size'
      ? new AwsError('PolicyLengthExceededException', 'The final policy size is bigger than the limit (20480).')
      : refusedPrincipal(),
};

const arnOf = ({ region, account }: SandboxCall, name: string): string =>
  `arn:aws:lambda:${region}:${account}:function:${name}`;

/** The name in a name, a partial ARN or an ARN; versions and aliases, which have policies of their own, are not here. */
const nameIn = (text: string): string => text.replace(/^.*function:/, '').split(':')[0] ?? '';

const functionFor = (
  world: SandboxWorld,
  input: CallInput,
  { call, action }: { readonly call: SandboxCall; readonly action: string },
): HeldResource => {
  const name = nameIn(textMember(input, 'FunctionName'));
  const found = heldAt(world, call, { service: 'lambda', name });
  const arn = arnOf(call, name);
  authorize(world, call, { ...accessTo(`lambda:${action}`, found ?? { arn }), refuse: denied });
  if (found && input['Qualifier'] === undefined) return found;
  throw missing(`Function not found: ${arn}`);
};

const configuration = ({ name, arn, createdAt, attributes }: HeldResource): CallOutput => ({
  FunctionName: name,
  FunctionArn: arn,
  Role: attributes['role'],
  Runtime: attributes['runtime'],
  LastModified: new Date(createdAt).toISOString().replace('Z', '+0000'),
  Version: '$LATEST',
  State: 'Active',
  PackageType: 'Zip',
});

const createFunction: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const name = nameIn(textMember(input, 'FunctionName'));
  const arn = arnOf(call, name);
  authorize(world, call, { action: 'lambda:CreateFunction', arn, refuse: denied });
  if (heldAt(world, call, { service: 'lambda', name }))
    throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, {
      status: 409,
      fields: { Type: 'User' },
    });
  const { region, now } = call;
  const attributes = { role: textMember(input, 'Role'), runtime: textMember(input, 'Runtime') };
  return configuration(hold(world, call.account, { service: 'lambda', region, name, arn, createdAt: now, attributes }));
};

const deleteFunction: SandboxOperation<SandboxWorld> = (world, input, call) => {
  letGo(world, call.account, functionFor(world, input, { call, action: 'DeleteFunction' }));
  return {};
};

const names: TokenNames = {
  size: 'MaxItems',
  // "Lambda returns up to 50 items per call" (ListFunctions).
  cap: 50,
  token: 'Marker',
  next: 'NextMarker',
  invalid: () => new AwsError('InvalidParameterValueException', 'Invalid marker.'),
};

const listFunctions: SandboxOperation<SandboxWorld> = (world, input, call) => {
  authorize(world, call, { action: 'lambda:ListFunctions', arn: '*', refuse: denied });
  return resourcePage('Functions', heldIn(world, call, 'lambda').map(configuration), { input, names });
};

const noPolicy = (): AwsError => missing('No policy is associated with the given resource.');

const getPolicy: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const { policy, attributes } = functionFor(world, input, { call, action: 'GetPolicy' });
  if (policy === undefined) throw noPolicy();
  return { Policy: shownPolicy(world, policy), RevisionId: attributes['revision'] };
};

const statementsIn = ({ policy }: HeldResource): readonly PolicyStatement[] =>
  policy === undefined ? [] : parsePolicy(policy.text).statements;

const documentOf = (statements: readonly PolicyStatement[]): string =>
  JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });

const addPermission: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const target = functionFor(world, input, { call, action: 'AddPermission' });
  const before = statementsIn(target);
  const sid = textMember(input, 'StatementId');
  if (before.some((one) => one['Sid'] === sid))
    throw new AwsError(
      'ResourceConflictException',
      `The statement id (${sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      { status: 409, fields: { Type: 'User' } },
    );
  const statement = statementOf(input, target.arn);
  target.policy = checkedPolicy(world, documentOf([...before, statement]), { rules, now: call.now });
  target.attributes['revision'] = nextUuid(world.ids);
  return { Statement: JSON.stringify(statement) };
};

const removePermission: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const target = functionFor(world, input, { call, action: 'RemovePermission' });
  const sid = textMember(input, 'StatementId');
  const before = statementsIn(target);
  if (before.length === 0) throw noPolicy();
  const left = before.filter((one) => one['Sid'] !== sid);
  if (left.length === before.length) throw missing(`Statement ${sid} is not found in resource policy.`);
  if (left.length === 0) Reflect.deleteProperty(target, 'policy');
  else target.policy = { text: documentOf(left), principals: target.policy?.principals ?? {} };
  target.attributes['revision'] = nextUuid(world.ids);
  return {};
};

export const lambdaOperations: WorldOperations = {
  CreateFunction: createFunction,
  DeleteFunction: deleteFunction,
  ListFunctions: listFunctions,
  GetPolicy: getPolicy,
  AddPermission: addPermission,
  RemovePermission: removePermission,
};
