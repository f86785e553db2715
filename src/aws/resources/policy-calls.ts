/** How the policy of one declared resource is read and written, service by service. */
import type { ResourceService } from '../../kinds/resource-policies.ts';
import type { AccountId } from '../../model/resource.ts';
import type { ResourceClients } from '../clients.ts';

/** AWS says that the resource is not there: by whom nothing is made, nothing can be written. */
export class NoResource extends Error {}

/** `read` answers nothing where there is no policy, or AWS's own default; all throw `NoResource`. */
export type PolicyCalls = {
  readonly read: () => Promise<string | undefined>;
  readonly put: (text: string) => Promise<unknown>;
  readonly remove: () => Promise<unknown>;
};

export type PolicyPlace = { readonly arn: string; readonly account: AccountId };
export type PolicyCaller<S extends ResourceService> = (client: ResourceClients[S], place: PolicyPlace) => PolicyCalls;

/** For services whose policies are read and never written. */
export const notWritten = {
  put: () => Promise.reject(new Error('such a policy is not written by Gatehouse')),
  remove: () => Promise.reject(new Error('such a policy is not taken away by Gatehouse')),
};
