/** A stage put back to a moment of its story, and what was written to its AWS and said on its GitHub since. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { SandboxWorld } from '../../src/sandbox/world.ts';
import type { Stage } from './stage.ts';

const stateFile = ({ aws }: Stage): string => join(aws, 'sandbox.json');

const worldOf = (stage: Stage): SandboxWorld => JSON.parse(readFileSync(stateFile(stage), 'utf8')) as SandboxWorld;

/** Writes that AWS took, by name and oldest first; `from` is how many there were before. */
const awsWrites = (stage: Stage, from: number): readonly string[] =>
  worldOf(stage)
    .cloudTrail.events.slice(from)
    .filter(({ error }) => error === undefined)
    .map(({ name }) => name);

const written = ['issues', 'comments', 'checks', 'statuses', 'deployments'] as const;

export type Moment = {
  /** Puts AWS and what was said on GitHub back; commits stay. */
  readonly restore: () => void;
  /** Writes to AWS since. */
  readonly writes: () => readonly string[];
  /** Whether neither AWS nor GitHub is other than it was. */
  readonly isNow: () => boolean;
};

export const momentOf = (stage: Stage): Moment => {
  const world = readFileSync(stateFile(stage), 'utf8');
  const { repository } = stage.github;
  const now = () => Object.fromEntries(written.map((part) => [part, repository[part]]));
  const said = structuredClone(now());
  const before = worldOf(stage).cloudTrail.events.length;
  return {
    restore: () => {
      writeFileSync(stateFile(stage), world);
      for (const part of written) repository[part].splice(0, Infinity, ...(structuredClone(said[part]) as never[]));
    },
    writes: () => awsWrites(stage, before),
    isNow: () => awsWrites(stage, before).length === 0 && isDeepStrictEqual(said, now()),
  };
};

/** One call of a run: which it was of all, and which of its kind. */
type NthCall = { readonly operation: string; readonly nth: number; readonly place: number };

/** The calls to GitHub that a run makes, in order. */
export const callsOf = async (stage: Stage, run: () => Promise<unknown>): Promise<readonly NthCall[]> => {
  const before = stage.github.requests().length;
  await run();
  const made = stage.github.requests().slice(before);
  return made.map(({ operation }, index) => ({
    operation,
    place: index + 1,
    nth: made.slice(0, index + 1).filter((one) => one.operation === operation).length,
  }));
};

/** `repeated`: GitHub did what it was asked, its answer was lost, and the call may be made once more. */
type Trouble = { readonly name: string; readonly repeated?: true; readonly begin: (stage: Stage) => void };

/** Neither the call nor its two repetitions are answered. */
const everyTry = 3;

const isWrite = ({ operation }: NthCall): boolean => !/^(GET |POST \/graphql$)/.test(operation);

/** A call that is refused: in turns as a broken server and as a missing permission, where that is no answer to go on with. */
const refusal = ({ operation, nth, place }: NthCall): Trouble => {
  const fault =
    place % 2 === 0 && operation !== 'POST /graphql'
      ? ({ as: 403, times: 1 } as const)
      : ({ as: 500, times: everyTry } as const);
  return {
    name: `${fault.as} at ${operation} (${nth})`,
    begin: ({ github }) => github.fail({ operation, nth, ...fault }),
  };
};

const lostAnswer = ({ operation, nth }: NthCall): Trouble => ({
  name: `lost answer of ${operation} (${nth})`,
  repeated: true,
  begin: ({ github }) => github.fail({ operation, nth, as: 'lost-answer' }),
});

const outage = ({ operation, place }: NthCall): Trouble => ({
  name: `down from call ${place}, ${operation}, on`,
  begin: ({ github }) => github.fail({ nth: place, as: 502, times: 1_000 }),
});

/** What can go wrong at each call of a run; an outage begins as soon as what was read is to be told. */
export const troublesOf = (calls: readonly NthCall[]): readonly Trouble[] => {
  const telling = calls.findIndex(isWrite) - 1;
  return calls.flatMap((call, index) => [
    refusal(call),
    ...(isWrite(call) ? [lostAnswer(call)] : []),
    ...(index === telling ? [outage(call)] : []),
  ]);
};
