/** Something in AWS that the files cannot be made to say. */
import { UserError } from '../../model/problem.ts';
import type { Key } from '../../model/resource.ts';

/** `reason`: why, without a word about what. */
export class RefusedAdoption extends UserError {
  readonly reason: string;

  constructor(reason: string, key?: Key) {
    super(`${key === undefined ? '' : `${key} `}cannot be adopted: ${reason}`);
    this.reason = reason;
  }
}
