import type { Place } from '../model/problem.ts';
import type { Resource } from '../model/resource.ts';

/** A resource, where it is declared, and where its parts are: `/inlinePolicy/Statement/0`. */
export type Piece = {
  readonly resource: Resource;
  readonly at: Place;
  readonly inner?: Readonly<Record<string, Place>>;
};
