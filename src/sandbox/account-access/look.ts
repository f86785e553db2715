/** Where applications and entitlements are, and how account access manager answers what is not there. */
import type { CallInput, CallOutput, SandboxCall } from '../core.ts';
import { AwsError } from '../core.ts';
import { textMember } from '../members.ts';
import { takePage } from '../pages.ts';
import type { SandboxWorld } from '../world.ts';
import type { AccessApplication, AccountAccessState } from './state.ts';
import { emptyAccountAccess } from './state.ts';

export const invalidAccessInput = (message: string): AwsError => new AwsError('ValidationException', message);

/** A read makes nothing. */
const accountAccessOf = ({ accountAccess }: SandboxWorld): AccountAccessState => accountAccess ?? emptyAccountAccess();

/** For a write. */
export const accountAccessIn = (world: SandboxWorld): AccountAccessState =>
  (world.accountAccess ??= emptyAccountAccess());

export const deniedAccess = ({ principalArn, operation }: SandboxCall): AwsError =>
  new AwsError(
    'AccessDeniedException',
    `User: ${principalArn} is not authorized to perform: account-access:${operation}`,
    { status: 403 },
  );

/** Applications lie in the management account, in Identity Center's Region. */
export const applicationsHere = (world: SandboxWorld, call: SandboxCall): readonly AccessApplication[] =>
  call.account === world.organizations.management && call.region === world.sso.region
    ? accountAccessOf(world).applications
    : [];

export const applicationNamed = (
  world: SandboxWorld,
  input: CallInput,
  { call, member = 'applicationArn' }: { readonly call: SandboxCall; readonly member?: string },
): AccessApplication => {
  const arn = textMember(input, member);
  const found = applicationsHere(world, call).find((one) => one.arn === arn);
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', `Application ${arn} does not exist.`, { status: 404 });
};

export const accessTime = (at: number): string => new Date(at).toISOString();

export const accessPage = (name: string, all: readonly unknown[], input: CallInput): CallOutput => {
  const page = takePage(all, { token: input['nextToken'], size: input['maxResults'], cap: 100 });
  if (!page) throw invalidAccessInput('The next token is invalid.');
  return { [name]: page.items, ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }) };
};
