/** One-line calls to the sandbox's IAM and STS, as the wire carries them. */
import type { SandboxSettings } from '../../src/sandbox/world.ts';
import type { Sandbox } from '../../src/sandbox/handle.ts';
import { formRequest, freshSandbox, management, start } from './sandbox.ts';

type Form = Readonly<Record<string, string>>;

/** Who calls, by account or by access key, and when. */
export type By = { readonly account?: string; readonly key?: string; readonly now?: number };

const signed = (key: string): string => `AWS4-HMAC-SHA256 Credential=${key}/20261122/us-east-1/x/aws4_request`;

const post =
  (sandbox: Sandbox, Version: string) =>
  (Action: string, members: Form = {}, { account = management, key, now = start }: By = {}): string => {
    const request = formRequest({ ...members, Action, Version }, account);
    const headers = key === undefined ? request.headers : { ...request.headers, authorization: signed(key) };
    return sandbox.handle({ ...request, headers }, () => now).body;
  };

export const iamScene = (settings: Partial<SandboxSettings> = {}) => {
  const sandbox = freshSandbox(settings);
  return { sandbox, world: sandbox.world(), iam: post(sandbox, '2010-05-08'), sts: post(sandbox, '2011-06-15') };
};

/** The error's code; `accepted` when there is none. */
export const code = (body: string): string => /<Code>(.*)<\/Code>/.exec(body)?.[1] ?? 'accepted';

/** The texts of every element of this name, in order. */
export const all = (body: string, element: string): string[] =>
  [...body.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(([, text]) => text ?? '');

/** The documents in elements of this name, decoded. */
export const documents = (body: string, element: string): unknown[] =>
  all(body, element).map((text) => JSON.parse(decodeURIComponent(text)) as unknown);

export const identityPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
});

/** A trust policy with one statement, of sts:AssumeRole unless `more` says otherwise. */
export const trustOf = (Principal: unknown, more: object = {}): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more }],
  });

export const role = (RoleName: string, more: Form = {}): Form => ({
  RoleName,
  AssumeRolePolicyDocument: trustOf({ Service: 'ec2.amazonaws.com' }),
  ...more,
});
