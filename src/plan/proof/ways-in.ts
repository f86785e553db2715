/** Who becomes whom while trust policies change: every way into a role, with the conditions that it hangs on. */
import { grouped } from '../../model/lists.ts';
import { trustAtoms } from '../../model/policy.ts';
import type { PolicyDocument, TrustAtom } from '../../model/policy.ts';
import type { Key } from '../../model/resource.ts';

/** Somebody who may be let in. `keys`: what a trust policy may call them, their account and everybody among it. */
export type GateNode = { readonly name: string; readonly keys: readonly string[] };

/** One way into one role: what the trust policy calls whom it lets in, and what must hold and must not. */
export type TrustGate = {
  readonly from: string;
  readonly to: Key;
  readonly lines: readonly string[];
  readonly denials: readonly string[];
};

/** What all steps of a way hang on, each said of the step. */
export type TrustWay = { readonly lines: ReadonlySet<string>; readonly denials: ReadonlySet<string> };

const within = (few: ReadonlySet<string>, many: ReadonlySet<string>): boolean => [...few].every((one) => many.has(one));

/** Whether whoever can take `narrow` can take `wide`. */
export const covers = (wide: TrustWay, narrow: TrustWay): boolean =>
  within(wide.lines, narrow.lines) && within(wide.denials, narrow.denials);

const everybody = '*';
export const accountOfNode = (name: string): string | undefined =>
  /^arn:aws:(?:iam|sts)::(\d{12}):/.exec(name)?.[1] ?? /^.+@(\d{12})$/.exec(name)?.[1];

/** A session's ARN has the role's name and no path (IAM User Guide, "AWS STS assumed-role session principals"). */
const sessionsOf = (arn: string): readonly string[] => {
  const [, id, name] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  return id === undefined || name === undefined ? [] : [`arn:aws:sts::${id}:assumed-role/${name}`];
};

/** Of an ARN, `SET@ID`, an account's id, `*`, or a service or provider as a trust policy names it. */
export const nodeOf = (name: string): GateNode => {
  if (name.includes(' ')) return { name, keys: [name] };
  const account = accountOfNode(name);
  const keys = [name, ...sessionsOf(name), ...(account === undefined ? [] : [account]), everybody];
  return { name, keys: [...new Set(keys)] };
};

const reservedName = /:role\/aws-reserved\/sso\.amazonaws\.com.*\/AWSReservedSSO_([^*?]+)_\?{16}$/;
const literalRole = /^arn:aws:iam::\d{12}:role\/[^*?$]+$/;

type ConditionLine = readonly [operator: string, key: string, values: readonly string[]];
const linesOf = ({ conditions }: TrustAtom): readonly ConditionLine[] =>
  conditions.map((line) => JSON.parse(line) as ConditionLine);

/** Of several values one is enough (IAM User Guide, "Conditions with multiple context keys or values"). */
const isChoice = ([operator]: ConditionLine): boolean => !/not|^forallvalues:|^null$/i.test(operator);

const mostChoices = 64;

/** The same as several conditions of which one has to hold, each with single values. */
const choicesOf = (lines: readonly ConditionLine[]): readonly (readonly ConditionLine[])[] => {
  const count = lines.filter(isChoice).reduce((product, [, , values]) => product * values.length, 1);
  if (count > mostChoices) return [lines];
  return lines.reduce<readonly (readonly ConditionLine[])[]>(
    (made, line) => {
      const [operator, key, values] = line;
      const choices = isChoice(line) ? values.map((value): ConditionLine => [operator, key, [value]]) : [line];
      return made.flatMap((some) => choices.map((one) => [...some, one]));
    },
    [[]],
  );
};

type NamedNode = { readonly from: string; readonly line?: ConditionLine };

/** An account that is trusted for a role or a permission set of it alone is a way of writing these. */
const namedBy = (account: string, lines: readonly ConditionLine[]): NamedNode => {
  for (const line of lines) {
    const [operator, key, values] = line;
    const [value, ...others] = values;
    if (key !== 'aws:principalarn' || !isChoice(line) || value === undefined || others.length > 0) continue;
    const set = reservedName.exec(value)?.[1];
    if (set !== undefined && /like$|^arnequals$/i.test(operator)) return { from: `${set}@${account}`, line };
    if (literalRole.test(value) && accountOfNode(value) === account) return { from: value, line };
  }
  return { from: account };
};

/** What IAM shows of a principal that was deleted (IAM User Guide, "Principal"): nobody who could have a session. */
const deadId = /^AWS A[A-Z0-9]{15,}$/;
/** They say what may be said along with a session, and give none. */
const alongside = ['sts:tagsession', 'sts:setsourceidentity', 'sts:setcontext'];
const usual = /^sts:assumerole(withwebidentity|withsaml)?$/;

const namesIn = ({ who }: TrustAtom, lines: readonly ConditionLine[]): readonly NamedNode[] => {
  if (deadId.test(who)) return [];
  if (who.startsWith('not ')) return [{ from: everybody, line: ['who', '', [who]] }];
  const [, name] = /^AWS (.+)$/.exec(who) ?? [];
  if (name === undefined) return [{ from: who }];
  const [session] = /^arn:aws:sts::\d{12}:assumed-role\/[^/]+/.exec(name) ?? [];
  return [/^\d{12}$/.test(name) ? namedBy(name, lines) : { from: session ?? name }];
};

const gatesOfAtom = (atom: TrustAtom, to: Key, denials: readonly string[]): readonly TrustGate[] =>
  choicesOf(linesOf(atom)).flatMap((lines) =>
    namesIn(atom, lines).map(({ from, line }) => ({
      from,
      to,
      denials,
      lines: [
        ...lines.filter((one) => one !== line).map((one) => JSON.stringify(one)),
        ...(line?.[0] === 'who' ? [JSON.stringify(line)] : []),
        ...(usual.test(atom.action) ? [] : [`by ${atom.action}`]),
      ],
    })),
  );

const known = new WeakMap<PolicyDocument, Map<Key, readonly TrustGate[]>>();

/** Which principal a denial is about is not asked: all of them have to be met at an end as well. */
const gatesMade = (to: Key, trust: PolicyDocument): readonly TrustGate[] => {
  const atoms = trustAtoms(trust);
  const denials = atoms.filter(({ effect }) => effect === 'Deny').map((atom) => JSON.stringify(atom));
  return atoms
    .filter(({ effect, action }) => effect === 'Allow' && !alongside.includes(action))
    .flatMap((atom) => gatesOfAtom(atom, to, denials));
};

/** Remembered: nobody changes a document. */
export const gatesInto = (to: Key, trust: PolicyDocument): readonly TrustGate[] => {
  const of = known.get(trust) ?? new Map<Key, readonly TrustGate[]>();
  const made = of.get(to) ?? gatesMade(to, trust);
  known.set(trust, of.set(to, made));
  return made;
};

const extended = (way: TrustWay, { name }: GateNode, { to, lines, denials }: TrustGate): TrustWay => ({
  lines: new Set([...way.lines, ...lines.map((line) => `${name} ${to} ${line}`)]),
  denials: new Set([...way.denials, ...denials.map((denial) => `${name} ${to} ${denial}`)]),
});

/** As many as one trust policy may be taken apart into. */
const mostWays = mostChoices;
/** Whoever writes trust policies may make more chains of conditions than anybody can follow; of each account so many are. */
const mostSteps = 100;
const common = (sets: readonly ReadonlySet<string>[]): ReadonlySet<string> =>
  new Set([...(sets[0] ?? [])].filter((one) => sets.every((set) => set.has(one))));

/** Too many ways to tell apart become one. */
export type Joining = (ways: readonly TrustWay[], most: number) => readonly TrustWay[];
/** It hangs on what all of them hang on, and lets in whom any of them lets in. */
export const atLeastAll: Joining = (ways, most) =>
  ways.length <= most
    ? ways
    : [{ lines: common(ways.map(({ lines }) => lines)), denials: common(ways.map(({ denials }) => denials)) }];
/** Some of them are not counted. */
export const atMostAll: Joining = (ways, most) => ways.slice(0, most);

export type TrustWays = ReadonlyMap<Key, readonly TrustWay[]>;
type WayWalk = {
  readonly gates: readonly TrustGate[];
  readonly nodeOfRole: (key: Key) => GateNode;
  readonly joining: Joining;
};

type WayStep = { readonly node: GateNode; readonly way: TrustWay };

/** Of what somebody is already. */
export const itself: TrustWay = { lines: new Set(), denials: new Set() };

/** The ways by which somebody who starts at the nodes gets into each role, step by step. */
export const waysFrom = (starts: readonly GateNode[], { gates, nodeOfRole, joining }: WayWalk): TrustWays => {
  const byName = grouped(gates, ({ from }) => from);
  const found = new Map<Key, readonly TrustWay[]>();
  const open: WayStep[] = starts.map((node) => ({ node, way: itself }));
  const steps = new Map<string, number>();
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { node, way } = at;
    const account = accountOfNode(node.name) ?? '';
    const step = (steps.get(account) ?? 0) + 1;
    steps.set(account, step);
    const most = step > mostSteps ? 1 : mostWays;
    for (const gate of node.keys.flatMap((key) => byName.get(key) ?? [])) {
      const next = extended(way, node, gate);
      const ways = found.get(gate.to) ?? [];
      if (ways.some((one) => covers(one, next))) continue;
      const kept = joining([...ways.filter((one) => !covers(next, one)), next], most);
      found.set(gate.to, kept);
      for (const fresh of kept.filter((one) => !ways.includes(one)))
        open.push({ node: nodeOfRole(gate.to), way: fresh });
    }
  }
  return found;
};
