/** What the operations of the services with resource policies share. */
import type { AwsError, CallInput, CallOutput, SandboxCall } from '../core.ts';
import { takePage } from '../pages.ts';
import type { SandboxWorld } from '../world.ts';
import type { HeldResource, PolicyService } from './state.ts';
import { heldAt } from './state.ts';

export type TokenNames = {
  /** Member of the input that says how many, and how many there are at most. */
  readonly size: string;
  readonly cap: number;
  /** Member of the input with the token, and of the output. */
  readonly token: string;
  readonly next: string;
  readonly invalid: () => AwsError;
};

/** One page as the member `name`. */
export const resourcePage = (
  name: string,
  all: readonly unknown[],
  { input, names }: { readonly input: CallInput; readonly names: TokenNames },
): CallOutput => {
  const page = takePage(all, { token: input[names.token], size: input[names.size], cap: names.cap });
  if (!page) throw names.invalid();
  return { [name]: page.items, ...(page.nextToken === undefined ? {} : { [names.next]: page.nextToken }) };
};

type ArnParts = { readonly account: string; readonly region: string; readonly resource: string };

/** Account, Region and resource of an ARN of the service; undefined for what is none. */
export const arnParts = (service: PolicyService, arn: string): ArnParts | undefined => {
  const [, of, region = '', account = '', resource = ''] =
    /^arn:aws:([a-z]+):([a-z0-9-]+):(\d{12}):(.+)$/.exec(arn) ?? [];
  return of === service ? { account, region, resource } : undefined;
};

/** What an ARN or a bare name means for a caller in a Region. A bare name is of the caller's own account. */
export const heldMeant = (
  world: SandboxWorld,
  call: SandboxCall,
  {
    service,
    name,
    arn,
  }: { readonly service: PolicyService; readonly name: string; readonly arn?: ArnParts | undefined },
): HeldResource | undefined => {
  if (arn !== undefined && arn.region !== call.region) return undefined;
  return heldAt(world, { account: arn?.account ?? call.account, region: call.region }, { service, name });
};
