/** The role that a call wants to assume, and how long. */
import type { SandboxCall, CallInput } from '../core.ts';
import { AwsError } from '../core.ts';
import type { IamRole } from '../iam/state.ts';
import { roleNamed } from '../iam/state.ts';
import { own, textMember } from '../members.ts';
import type { SandboxWorld } from '../world.ts';

export type AssumableRole = { readonly account: string; readonly role: IamRole };

export const invalidValue = (message: string): AwsError => new AwsError('ValidationError', message);

export const accessDenied = (message: string): AwsError => new AwsError('AccessDenied', message, { status: 403 });

export const notAuthorized = (call: SandboxCall, action: string, roleArn: string): AwsError =>
  accessDenied(`User: ${call.principalArn} is not authorized to perform: ${action} on resource: ${roleArn}`);

/** Throws for a text that is no ARN: a partition, a service and a resource are missing in turn. */
const mustBeArn = (arn: string): void => {
  if (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(arn)) throw invalidValue(`${arn} is invalid`);
};

/** Undefined when there is no such role. Throws for what is no ARN. */
export const roleAt = (world: SandboxWorld, arn: string): AssumableRole | undefined => {
  mustBeArn(arn);
  const [, account = '', path = '', name = ''] = /^arn:aws:iam::(\d{12}):role(\/(?:.*\/)?)([^/]+)$/.exec(arn) ?? [];
  if (own(world.organizations.accounts, account) === undefined) return undefined;
  const role = roleNamed(world, account, name);
  return role?.Path === path ? { account, role } : undefined;
};

/** Seconds. Throws for more than the role allows. */
export const durationOf = (input: CallInput, { MaxSessionDuration }: IamRole): number => {
  const value = Number(textMember(input, 'DurationSeconds') || '3600');
  if (value > MaxSessionDuration)
    throw invalidValue('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  return value;
};
