/** What stands between the reading and AWS: it may write down what AWS answers, or answer in its place. */
import type { AccountId } from '../../model/resource.ts';

/** One question, as `sso-admin:ListAccountAssignments`. `account`: whose IAM it is about. */
export type RecordedQuestion = {
  readonly operation: string;
  readonly account?: AccountId;
  readonly input: Readonly<Record<string, unknown>>;
};

type AskAws = <Answer>(question: RecordedQuestion, send: () => Promise<Answer>) => Promise<Answer>;

/** `answersFor`: whether it can be tried to answer for the IAM of an account without entering it. */
export type Tape = { readonly ask: AskAws; readonly answersFor: (account: AccountId) => Promise<boolean> };

/** The one that is in: connections outlive readings. */
export type TapeDeck = { tape: Tape };

export const noTape: Tape = { ask: (_, send) => send(), answersFor: async () => false };

/** What the record does not hold, of an account that was not entered. */
export class UnrecordedError extends Error {}

type TapedClient = { readonly deck: TapeDeck; readonly service: string; readonly account?: AccountId };
type Method = (input: RecordedQuestion['input']) => Promise<unknown>;

const isMethod = (value: unknown): value is Method => typeof value === 'function';

/** The client with every method going by the deck. What is answered there costs neither a call nor the SDK's time. */
export const taped = <C extends object>(client: C, { deck, service, ...place }: TapedClient): C =>
  new Proxy(client, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (!isMethod(member) || typeof name !== 'string') return member;
      const operation = `${service}:${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      const send = member.bind(target);
      return (input: RecordedQuestion['input']) => deck.tape.ask({ operation, ...place, input }, () => send(input));
    },
  });

/** A client that AWS is never asked by. */
export const unsent = <C extends object>(client: C, place: TapedClient): C =>
  taped(
    new Proxy(client, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        return isMethod(member) ? () => Promise.reject(new UnrecordedError('the record does not hold this')) : member;
      },
    }),
    place,
  );
