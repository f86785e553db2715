/** The imitated Secrets Manager, as far as resource policies of secrets go. What a secret says is not kept. */
import type { CallInput, CallOutput, SandboxCall, SandboxOperation } from '../core.ts';
import { AwsError, nextId } from '../core.ts';
import { optionalTextMember, textMember } from '../members.ts';
import { accessTo, authorize } from '../resources/authorize.ts';
import { checkedPolicy, shownPolicy } from '../resources/document.ts';
import type { PolicyRules } from '../resources/document.ts';
import { arnParts, heldMeant, resourcePage } from '../resources/look.ts';
import type { TokenNames } from '../resources/look.ts';
import { isPublicPolicy } from '../resources/public.ts';
import type { HeldResource, StoredResourcePolicy } from '../resources/state.ts';
import { heldAt, heldIn, hold } from '../resources/state.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';

const denied = (message: string): AwsError => new AwsError('AccessDeniedException', message);

const malformed = (message: string): AwsError => new AwsError('MalformedPolicyDocumentException', message);

const rules: PolicyRules = {
  size: 20_480,
  whitespace: 'counts',
  vendor: 'secretsmanager',
  resource: 'any',
  refusal: (fault) =>
    malformed(
      fault === 'principal'
        ? 'This resource policy contains an unsupported principal.'
        : 'This resource policy contains a syntax error.',
    ),
};

const notFound = (): AwsError =>
  new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");

/** An ARN ends in six characters that nobody chose; it may be given without them ("SecretId"). */
const nameIn = (resource: string, world: SandboxWorld, call: SandboxCall): string => {
  const id = resource.replace(/^secret:/, '');
  const account = call.account;
  return heldAt(world, { ...call, account }, { service: 'secretsmanager', name: id }) ? id : id.replace(/-\w{6}$/, '');
};

const secretMeant = (world: SandboxWorld, id: string, call: SandboxCall): HeldResource | undefined => {
  const arn = arnParts('secretsmanager', id);
  const owner = arn === undefined ? call : { ...call, account: arn.account };
  const name = arn === undefined ? id : nameIn(arn.resource, world, owner);
  return heldMeant(world, call, { service: 'secretsmanager', name, arn });
};

const secretFor = (
  world: SandboxWorld,
  input: CallInput,
  { call, action }: { readonly call: SandboxCall; readonly action: string },
): HeldResource => {
  const id = textMember(input, 'SecretId');
  const secret = secretMeant(world, id, call);
  authorize(world, call, { ...accessTo(`secretsmanager:${action}`, secret ?? { arn: id }), refuse: denied });
  if (secret) return secret;
  throw notFound();
};

const named = ({ arn, name }: HeldResource): CallOutput => ({ ARN: arn, Name: name });

const createSecret: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const name = textMember(input, 'Name');
  authorize(world, call, { action: 'secretsmanager:CreateSecret', arn: name, refuse: denied });
  if (!/^[A-Za-z0-9/_+=.@-]+$/.test(name))
    throw new AwsError(
      'ValidationException',
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    );
  if (heldAt(world, call, { service: 'secretsmanager', name }))
    throw new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);
  const suffix = nextId(world.ids, 6, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
  const { region, now } = call;
  const arn = `arn:aws:secretsmanager:${region}:${call.account}:secret:${name}-${suffix}`;
  const description = optionalTextMember(input, 'Description');
  const attributes: Record<string, string> = description === undefined ? {} : { description };
  return named(hold(world, call.account, { service: 'secretsmanager', region, name, arn, createdAt: now, attributes }));
};

const names: TokenNames = {
  size: 'MaxResults',
  cap: 100,
  token: 'NextToken',
  next: 'NextToken',
  invalid: () => new AwsError('InvalidNextTokenException', 'You provided an invalid NextToken value.'),
};

const listSecrets: SandboxOperation<SandboxWorld> = (world, input, call) => {
  authorize(world, call, { action: 'secretsmanager:ListSecrets', arn: '*', refuse: denied });
  const secrets = heldIn(world, call, 'secretsmanager').map((secret) => ({
    ...named(secret),
    CreatedDate: secret.createdAt / 1000,
    Description: secret.attributes['description'],
  }));
  return resourcePage('SecretList', secrets, { input, names });
};

const getResourcePolicy: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const secret = secretFor(world, input, { call, action: 'GetResourcePolicy' });
  const shown = secret.policy && { ResourcePolicy: shownPolicy(world, secret.policy) };
  return { ...named(secret), ...shown };
};

const checked = (world: SandboxWorld, text: string, call: SandboxCall): StoredResourcePolicy =>
  checkedPolicy(world, text, { rules, now: call.now });

/** "Specifies whether to block resource-based policies that allow broad access to the secret" (BlockPublicPolicy). */
const putResourcePolicy: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const secret = secretFor(world, input, { call, action: 'PutResourcePolicy' });
  const policy = checked(world, textMember(input, 'ResourcePolicy'), call);
  if (input['BlockPublicPolicy'] === true && isPublicPolicy(policy.text))
    throw new AwsError('PublicPolicyException', 'This resource policy grants broad access to the secret.');
  secret.policy = policy;
  return named(secret);
};

const deleteResourcePolicy: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const secret = secretFor(world, input, { call, action: 'DeleteResourcePolicy' });
  Reflect.deleteProperty(secret, 'policy');
  return named(secret);
};

const validateResourcePolicy: SandboxOperation<SandboxWorld> = (world, input, call) => {
  if (input['SecretId'] === undefined)
    authorize(world, call, { action: 'secretsmanager:ValidateResourcePolicy', arn: '*', refuse: denied });
  else secretFor(world, input, { call, action: 'ValidateResourcePolicy' });
  const { text } = checked(world, textMember(input, 'ResourcePolicy'), call);
  const ValidationErrors = isPublicPolicy(text)
    ? [{ CheckName: 'PUBLIC_POLICY', ErrorMessage: 'This resource policy grants broad access to the secret.' }]
    : [];
  return { PolicyValidationPassed: ValidationErrors.length === 0, ValidationErrors };
};

export const secretsManagerOperations: WorldOperations = {
  CreateSecret: createSecret,
  ListSecrets: listSecrets,
  GetResourcePolicy: getResourcePolicy,
  PutResourcePolicy: putResourcePolicy,
  DeleteResourcePolicy: deleteResourcePolicy,
  ValidateResourcePolicy: validateResourcePolicy,
};
