/** What is asked about a set of requests. */
import type { Actor } from '../actors.ts';
import type { RequestContext } from '../request.ts';
import type { TextSet } from './sets.ts';

export type Inquiry = {
  /** `service:Name`, with wildcards perhaps, or `*`. */
  readonly action: string;
  /** An ARN, with wildcards perhaps. */
  readonly resource?: string;
  /** An account id; by default the one in the resource, else the actor's. */
  readonly resourceAccount?: string;
  readonly context?: RequestContext;
};

export type ActorQuestion = {
  readonly actor: Actor;
  readonly asking: Inquiry;
  readonly actions: TextSet;
  readonly resources: TextSet;
};
