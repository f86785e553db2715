/** The policy of a key, which every key has. */
import { GetKeyPolicyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { isNamed } from '../failures.ts';
import { NoResource, notWritten } from './policy-calls.ts';
import type { PolicyCaller } from './policy-calls.ts';

const ofKey = async <T>(call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (thrown) {
    if (isNamed(thrown, 'NotFoundException')) throw new NoResource();
    throw thrown;
  }
};

/** AWS checks that whoever writes it can write it again, unless it is told not to: it never is. */
export const kmsPolicy: PolicyCaller<'kms'> = (client, { arn }) => {
  const key = { KeyId: arn, PolicyName: 'default' };
  return {
    read: async () => (await ofKey(client.send(new GetKeyPolicyCommand(key)))).Policy,
    put: (Policy) => ofKey(client.send(new PutKeyPolicyCommand({ ...key, Policy }))),
    remove: notWritten.remove,
  };
};
