import { heldText } from '../model/held-text.ts';
import type { HeldReason } from '../model/held.ts';

/** Thrown by whoever is to make a change and must not: its outcome is held, not failed. */
export class HeldError extends Error {
  override readonly name = 'HeldError';
  readonly reason: HeldReason;
  constructor(reason: HeldReason) {
    super(heldText(reason));
    this.reason = reason;
  }
}
