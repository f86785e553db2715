/** What is asked about a set of requests. */
import type { Actor } from '../actors.ts';
import type { Context } from '../request.ts';
import type { TextSet } from './sets.ts';

export type Asking = {
  /** `service:Name`, with wildcards perhaps, or `*`. */
  readonly action: string;
  /** An ARN, with wildcards perhaps. */
  readonly resource?: string;
  /** An account id; by default the one in the resource, else the actor's. */
  readonly resourceAccount?: string;
  readonly context?: Context;
};

export type Question = {
  readonly actor: Actor;
  readonly asking: Asking;
  readonly actions: TextSet;
  readonly resources: TextSet;
};
