/** Input that the service models of IAM and STS forbid, in the words that AWS has for it (recorded, see iam-grammar). */
import { describe, expect, it } from 'vitest';
import { iamModel } from '../../src/sandbox/iam/model.ts';
import { hasResult } from '../../src/sandbox/model.ts';
import { stsModel } from '../../src/sandbox/sts/model.ts';
import { all, code, iamScene, role } from '../support/iam.ts';
import { everyOperation } from '../support/sandbox.ts';

const { iam, sts } = iamScene();
iam('CreateRole', role('R'));
iam('CreateUser', { UserName: 'u' });

const failed = 'failed to satisfy constraint: Member must';
const tag = (Key: string, Value = '') => ({ 'Tags.member.1.Key': Key, 'Tags.member.1.Value': Value });
const keyPattern = String.raw`regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+`;

describe('input that the model forbids', () => {
  it.each([
    ['TagRole', { RoleName: 'R', ...tag('a!') }, `Value at 'tags.1.member.key' ${failed} satisfy ${keyPattern}`],
    [
      'TagUser',
      { UserName: 'u', ...tag('k', 'v'.repeat(257)) },
      `Value at 'tags.1.member.value' ${failed} have length less than or equal to 256`,
    ],
    ['CreateRole', role('r'.repeat(65)), `Value at 'roleName' ${failed} have length less than or equal to 64`],
    ['CreateUser', {}, `Value at 'userName' ${failed} not be null`],
    [
      'CreateRole',
      role('x', { MaxSessionDuration: '60' }),
      `Value at 'maxSessionDuration' ${failed} have value greater than or equal to 3600`,
    ],
    [
      'UpdateAccessKey',
      { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', Status: 'On' },
      `Value at 'status' ${failed} satisfy enum value set`,
    ],
    [
      'UntagRole',
      { RoleName: 'R', 'TagKeys.member.1': 'a!' },
      `Value at 'tagKeys' ${failed} satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1, Member must satisfy ${keyPattern}, Member must not be null]`,
    ],
    [
      'ListRoles',
      { PathPrefix: 'x' },
      String.raw`Value at 'pathPrefix' ${failed} satisfy regular expression pattern: \u002F[\u0021-\u007F]*`,
    ],
  ])('of %s is refused: %o', (operation, members, words) => {
    const body = iam(operation, members);
    expect([code(body), ...all(body, 'Message')]).toEqual(['ValidationError', `1 validation error detected: ${words}`]);
  });

  it('is named with its value by STS, and counted when there is more than one', () => {
    expect(all(sts('AssumeRole', { RoleArn: 'x', RoleSessionName: 'a:b' }), 'Message')).toEqual([
      `2 validation errors detected: Value 'x' at 'roleArn' ${failed} have length greater than or equal to 20; ` +
        `Value 'a:b' at 'roleSessionName' ${failed} satisfy regular expression pattern: [\\w+=,.@-]*`,
    ]);
  });

  it('has a rule for every operation of both services', () => {
    const models = { iam: iamModel, sts: stsModel };
    const without = everyOperation.filter((name) => {
      const [service = '', operation = ''] = name.split(':');
      const model = service === 'iam' || service === 'sts' ? models[service] : undefined;
      return model && !Object.hasOwn({ ...model.answering, ...model.silent }, operation);
    });
    expect(without).toEqual([]);
  });
});

describe('an answer', () => {
  it('has its result element even when there is nothing in it, as clients demand', () => {
    expect(iam('UpdateRole', { RoleName: 'R' })).toContain('<UpdateRoleResult></UpdateRoleResult>');
    expect(hasResult(iamModel, 'UpdateRole')).toBe(true);
  });

  it('has none when the operation only acknowledges', () => {
    expect(iam('TagRole', { RoleName: 'R', ...tag('k') })).not.toContain('Result');
  });
});
