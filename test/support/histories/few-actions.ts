/**
 * The catalogue of AWS's actions, less the services that no policy of a history speaks of: every rating of a policy goes over
 * all of it, which would be most of what a history costs. Whoever rates in this process sees the same.
 */
import { loadActionCatalogue } from '../../../src/evaluate/action-catalogue.ts';
import type { KnownAction } from '../../../src/evaluate/action-catalogue.ts';

const spoken = new Set([
  ...['s3', 'ec2', 'iam', 'lambda', 'dynamodb', 'sqs', 'sts', 'organizations', 'kms', 'cloudformation'],
  ...['sso', 'sso-directory', 'identitystore', 'account', 'secretsmanager', 'ssm', 'logs'],
]);

export const forgetOtherActions = (): void => {
  const all = loadActionCatalogue().actions as KnownAction[];
  const kept = all.filter(({ service }, at) => spoken.has(service) || at % 50 === 0);
  all.splice(0, all.length, ...kept);
};
