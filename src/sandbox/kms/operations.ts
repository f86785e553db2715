/** The imitated KMS, as far as key policies go (https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html). */
import type { CallInput, SandboxCall, SandboxOperation } from '../core.ts';
import { AwsError } from '../core.ts';
import { optionalTextMember, textMember } from '../members.ts';
import { authorize } from '../resources/authorize.ts';
import { checkedPolicy, shownPolicy } from '../resources/document.ts';
import type { PolicyRules } from '../resources/document.ts';
import { resourcePage } from '../resources/look.ts';
import type { TokenNames } from '../resources/look.ts';
import type { StoredResourcePolicy } from '../resources/state.ts';
import { heldIn } from '../resources/state.ts';
import type { SandboxWorld, WorldOperations } from '../world.ts';
import { aliasesOf, keyFor, kmsKeyMeant, keyOutput, kmsDenied, makeKey } from './keys.ts';

const malformed = (message: string): AwsError => new AwsError('MalformedPolicyDocumentException', message);

/** "The key policy size quota is 32 kilobytes (32768 bytes)" (PutKeyPolicy, KMS API reference). */
const rules: PolicyRules = {
  size: 32_768,
  whitespace: 'counts',
  vendor: 'kms',
  resource: 'any',
  refusal: (fault) => {
    if (fault === 'size')
      return new AwsError('LimitExceededException', 'The policy exceeds the key policy size quota.');
    if (fault === 'principal') return malformed('Policy contains a statement with one or more invalid principals.');
    if (fault === 'principal-missing') return malformed('Policy contains a statement with no principal.');
    if (fault === 'action') return malformed('Policy contains a statement with one or more invalid actions.');
    return malformed('The policy is not in the correct JSON format.');
  },
};

/** "The default key policy" when a program creates the key. */
export const firstKeyPolicy = (account: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  });

/** "The key policy must allow the caller to make a subsequent PutKeyPolicy request on the KMS key" (PutKeyPolicy). */
const mustLeaveAWayIn = (
  world: SandboxWorld,
  policy: StoredResourcePolicy,
  { call, input, arn }: { readonly call: SandboxCall; readonly input: CallInput; readonly arn: string },
): void => {
  if (input['BypassPolicyLockoutSafetyCheck'] === true) return;
  const refuse = (): AwsError =>
    malformed('The new key policy will not allow you to update the key policy in the future.');
  authorize(world, call, { action: 'kms:PutKeyPolicy', arn, policy, refuse });
};

const checked = (world: SandboxWorld, text: string, call: SandboxCall): StoredResourcePolicy =>
  checkedPolicy(world, text, { rules, now: call.now });

const createKey: SandboxOperation<SandboxWorld> = (world, input, call) => {
  authorize(world, call, { action: 'kms:CreateKey', arn: '*', refuse: kmsDenied });
  const policy = checked(world, optionalTextMember(input, 'Policy') ?? firstKeyPolicy(call.account), call);
  mustLeaveAWayIn(world, policy, { call, input, arn: `arn:aws:kms:${call.region}:${call.account}:key/new` });
  return { KeyMetadata: keyOutput(makeKey(world, { policy, input, call })) };
};

const names: TokenNames = {
  size: 'Limit',
  cap: 1000,
  token: 'Marker',
  next: 'NextMarker',
  invalid: () => new AwsError('InvalidMarkerException', 'Invalid marker.'),
};

const markedPage = (name: string, all: readonly unknown[], input: CallInput) => {
  // 100 for ListKeys and 50 for ListAliases where the caller does not say ("Limit").
  const size = input['Limit'] ?? (name === 'Keys' ? 100 : 50);
  const page = resourcePage(name, all, { input: { ...input, Limit: size }, names });
  return { ...page, Truncated: 'NextMarker' in page };
};

const listKeys: SandboxOperation<SandboxWorld> = (world, input, call) => {
  authorize(world, call, { action: 'kms:ListKeys', arn: '*', refuse: kmsDenied });
  const keys = heldIn(world, call, 'kms').map(({ name, arn }) => ({ KeyId: name, KeyArn: arn }));
  return markedPage('Keys', keys, input);
};

const listAliases: SandboxOperation<SandboxWorld> = (world, input, call) => {
  authorize(world, call, { action: 'kms:ListAliases', arn: '*', refuse: kmsDenied });
  const only = input['KeyId'] === undefined ? undefined : kmsKeyMeant(world, input, call);
  const aliases = heldIn(world, call, 'kms')
    .filter((key) => only === undefined || key === only)
    .flatMap((key) =>
      aliasesOf(key).map((alias) => ({
        AliasName: `alias/${alias}`,
        AliasArn: `arn:aws:kms:${call.region}:${call.account}:alias/${alias}`,
        TargetKeyId: key.name,
      })),
    );
  return markedPage('Aliases', aliases, input);
};

const createAlias: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const key = keyFor(world, { KeyId: input['TargetKeyId'] }, { call, action: 'CreateAlias' });
  const [, alias = ''] = /^alias\/([A-Za-z0-9/_-]+)$/.exec(textMember(input, 'AliasName')) ?? [];
  if (alias === '' || alias.startsWith('aws/'))
    throw new AwsError(
      'InvalidAliasNameException',
      'Alias must start with the prefix "alias/" and not with "alias/aws/".',
    );
  if (heldIn(world, call, 'kms').some((one) => aliasesOf(one).includes(alias)))
    throw new AwsError('AlreadyExistsException', `An alias with the name alias/${alias} already exists`);
  key.attributes['aliases'] = [...aliasesOf(key), alias].join(' ');
  return {};
};

const describeKey: SandboxOperation<SandboxWorld> = (world, input, call) => ({
  KeyMetadata: keyOutput(keyFor(world, input, { call, action: 'DescribeKey' })),
});

/** The only valid name is `default`. */
const mustBeDefault = (input: CallInput): void => {
  if ((optionalTextMember(input, 'PolicyName') ?? 'default') !== 'default')
    throw new AwsError('NotFoundException', 'No such policy exists');
};

const getKeyPolicy: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const key = keyFor(world, input, { call, action: 'GetKeyPolicy' });
  mustBeDefault(input);
  return { Policy: key.policy && shownPolicy(world, key.policy), PolicyName: 'default' };
};

const putKeyPolicy: SandboxOperation<SandboxWorld> = (world, input, call) => {
  const key = keyFor(world, input, { call, action: 'PutKeyPolicy' });
  mustBeDefault(input);
  if (key.attributes['manager'] === 'AWS')
    throw kmsDenied(`User: ${call.principalArn} may not change the policy of a key that AWS manages`);
  const policy = checked(world, textMember(input, 'Policy'), call);
  mustLeaveAWayIn(world, policy, { call, input, arn: key.arn });
  key.policy = policy;
  return {};
};

export const kmsOperations: WorldOperations = {
  CreateKey: createKey,
  ListKeys: listKeys,
  ListAliases: listAliases,
  CreateAlias: createAlias,
  DescribeKey: describeKey,
  GetKeyPolicy: getKeyPolicy,
  PutKeyPolicy: putKeyPolicy,
};
