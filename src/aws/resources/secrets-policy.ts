/** The resource policy of a secret. */
import {
  DeleteResourcePolicyCommand,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-secrets-manager';
import { isNamed } from '../failures.ts';
import { NoResource } from './policy-calls.ts';
import type { PolicyCaller } from './policy-calls.ts';

const ofSecret = async <T>(call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (thrown) {
    if (isNamed(thrown, 'ResourceNotFoundException')) throw new NoResource();
    throw thrown;
  }
};

/** AWS refuses a policy that gives broad access: no secret is for everybody. */
export const secretsPolicy: PolicyCaller<'secretsmanager'> = (client, { arn: SecretId }) => ({
  read: async () => (await ofSecret(client.send(new GetResourcePolicyCommand({ SecretId })))).ResourcePolicy,
  put: (ResourcePolicy) =>
    ofSecret(client.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy, BlockPublicPolicy: true }))),
  remove: () => ofSecret(client.send(new DeleteResourcePolicyCommand({ SecretId }))),
});
