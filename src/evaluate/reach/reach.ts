/**
 * Which actions a session can reach through the whole chain, as two bounds: certain (on every resource, under no condition)
 * and possible (on some resource, or under some condition). Sound for every request that `decide` allows without the
 * help of a resource's policy. Work is done once for each distinct combination of policies, however many accounts have it.
 */

import { once } from '../../model/lists.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import { canonicalPolicy } from '../../model/policy.ts';
import type { ActionCatalogue } from '../action-catalogue.ts';
import type { PolicyLevel, NamedPolicy } from '../layers.ts';
import { servicesWithResourceControl } from '../rcp-services.ts';
import type { Bits } from './bits.ts';
import { addBits, common, noBits, sameBits, without } from './bits.ts';
import type { ReachStatement, ReachTest, Resolved } from './statements.ts';
import { reachStatements, resolvedStatement, tellingStatements } from './statements.ts';
import type { ReachSubject } from './subject.ts';
import { subjectName } from './subject.ts';
import type { Universe } from './universe.ts';
import { universeOf } from './universe.ts';

/** What a gate says by scope: the same scope with the same actions means the same. */
export type Scopes = ReadonlyMap<string, Bits>;

/** One place where a request must be allowed, as one asker meets it: identity, boundary, or a level of SCPs or RCPs. */
export type ReachLayer = {
  readonly id: string;
  readonly place: string;
  readonly allow: Scopes;
  readonly deny: Scopes;
  readonly allowed: ActionBounds;
  readonly denied: ActionBounds;
  /** What each policy denies for certain, for saying who stands in the way. */
  readonly denials: ReadonlyMap<string, Bits>;
  /** The statements that speak of the asker, each with what of it hangs on the request. */
  readonly spoken: readonly SpokenStatement[];
  /** Of the first asker: the same for all where a statement says something of accounts. */
  readonly accountId: string;
};
export type SpokenStatement = { readonly statement: ReachStatement; readonly open: readonly ReachTest[] };
export type ActionBounds = { readonly certain: Bits; readonly possible: Bits };

/** All layers between a session and its actions; equal ones are one object (interned). */
export type ReachableActions = ActionBounds & {
  readonly id: number;
  readonly gates: readonly ReachLayer[];
  /** What the set itself and its boundary let it do, without the guard rails above. */
  readonly own: ActionBounds;
};

/** What a permission set gives, and what a place in the tree lets pass; made once, asked for many subjects. */
export type Bundle = readonly GateFrame[];
type GateFrame = {
  readonly id: number;
  readonly place: string;
  readonly statements: readonly ReachStatement[];
  readonly varies: ReachStatement['varies'];
  readonly bySubject: Map<string, ReachLayer>;
  readonly byAnswer: Map<string, ReachLayer>;
};

export type ReachEngine = {
  readonly universe: Universe;
  /** Without a boundary, the list is empty; a boundary that allows nothing is a policy. */
  readonly identity: (policies: readonly NamedPolicy[], boundary: readonly NamedPolicy[]) => Bundle;
  /** Levels from root to account; none for the management account. RCPFullAWSAccess has to be in the RCPs. */
  readonly chain: (scps: readonly PolicyLevel[], rcps: readonly PolicyLevel[]) => Bundle;
  readonly role: (identity: Bundle, chain: Bundle, subject: ReachSubject) => ReachableActions;
  /** What the statements that tell accounts apart say to the asker: askers of one set to whom they say the same are alike. */
  readonly said: (subject: ReachSubject) => string;
  /** Whether there are such statements. */
  readonly tellsAccountsApart: () => boolean;
};

/** `documents`: every document that will be asked about. */
export function reachOver(catalogue: ActionCatalogue, documents: Iterable<PolicyDocument>): ReachEngine {
  const universe = universeOf(catalogue, documents);
  const frames = frameMaker(universe);
  const telling = once(() => tellingStatements(documents, universe));
  const roles = interned<ReachableActions>();
  const gated = (gates: readonly ReachLayer[]): ReachableActions =>
    roles(gates.map(({ id }) => id).join(), (id) => {
      const own = boundsOf(
        gates.filter(({ place }) => place === 'identity' || place === 'boundary'),
        universe,
      );
      return { id, gates, own, ...boundsOf(gates, universe) };
    });
  return {
    universe,
    identity: (policies, boundary) => [
      frames('identity', policies),
      ...(boundary.length > 0 ? [frames('boundary', boundary)] : []),
    ],
    chain: (scps, rcps) => [
      ...scps.map(({ level, policies }) => frames(`scp ${placeOf(level)}`, policies)),
      ...rcps.map(({ level, policies }) => frames(`rcp ${placeOf(level)}`, policies)),
    ],
    role: (identity, chain, subject) =>
      gated([
        ...identity.map((frame) => gateFor(frame, subject, universe)),
        ...chain.map((frame) => gateFor(frame, subject, universe)).filter((gate) => !isOpen(gate, universe)),
      ]),
    said: (subject) =>
      JSON.stringify(telling().map((statement) => resolvedStatement(statement, subject)?.scope ?? null)),
    tellsAccountsApart: () => telling().length > 0,
  };
}

/** Accounts that differ in nothing but their name have the same chain. */
function placeOf(level: string): string {
  return level.startsWith('account:') ? 'account' : level;
}

/** A layer that allows everything and denies nothing, such as FullAWSAccess alone. */
function isOpen({ allowed, deny }: ReachLayer, { all }: Universe): boolean {
  return deny.size === 0 && sameBits(allowed.certain, all);
}

/** What every layer allows and none denies. */
function boundsOf(gates: readonly ReachLayer[], { all, size, vague }: Universe): ActionBounds {
  const denied = { certain: noBits(size), possible: noBits(size) };
  for (const gate of gates) {
    addBits(denied.certain, gate.denied.certain);
    addBits(denied.possible, gate.denied.possible);
  }
  const through = (bound: keyof ActionBounds): Bits =>
    gates.reduce((bits, gate) => common(bits, gate.allowed[bound]), all);
  return {
    certain: without(without(through('certain'), denied.possible), vague),
    possible: without(through('possible'), denied.certain),
  };
}

/** Interns: one object per distinct key, made once and numbered. */
function interned<T>(): (key: string, make: (id: number) => T) => T {
  const known = new Map<string, T>();
  return (key, make) => {
    const made = known.get(key) ?? make(known.size);
    known.set(key, made);
    return made;
  };
}

function frameMaker(universe: Universe): (place: string, policies: readonly NamedPolicy[]) => GateFrame {
  const frames = interned<GateFrame>();
  const texts = new WeakMap<PolicyDocument, string>();
  const texted = interned<number>();
  const textOf = (policy: PolicyDocument): string => {
    const text = texts.get(policy) ?? String(texted(canonicalPolicy(policy), (id) => id));
    texts.set(policy, text);
    return text;
  };
  return (place, policies) => {
    const parts = policies.map(({ name, policy }) => JSON.stringify([name, policy === null ? null : textOf(policy)]));
    return frames(`${place} ${parts.sort().join()}`, (id) => frameOf(universe, { id, place, policies }));
  };
}

type Frame = { readonly id: number; readonly place: string; readonly policies: readonly NamedPolicy[] };

function frameOf(universe: Universe, { id, place, policies }: Frame): GateFrame {
  const all = policies.flatMap((policy) => reachStatements(policy, universe));
  const statements = place.startsWith('rcp ') ? all.map((one) => boundByRcp(one, universe)) : all;
  const varies = (['by account', 'by set'] as const).find((each) => statements.some((one) => one.varies === each));
  return { id, place, statements, varies: varies ?? 'no', bySubject: new Map(), byAnswer: new Map() };
}

/**
 * RCPs bind the resources of some services only, and never kms:RetireGrant (Organizations User Guide, "RCPs"). A denial
 * says nothing about the rest; that the rest needs no allowance is seen to by RCPFullAWSAccess, which is everywhere.
 */
function boundByRcp(statement: ReachStatement, universe: Universe): ReachStatement {
  if (statement.effect === 'Allow') return statement;
  return { ...statement, actions: common(statement.actions, rcpActionsIn(universe)) };
}

const rcpActions = new WeakMap<Universe, Bits>();

function rcpActionsIn(universe: Universe): Bits {
  const bound =
    rcpActions.get(universe) ??
    universe.where(
      ({ service, name }) =>
        servicesWithResourceControl.has(service) && `${service}:${name}`.toLowerCase() !== 'kms:retiregrant',
    );
  rcpActions.set(universe, bound);
  return bound;
}

function gateFor(frame: GateFrame, subject: ReachSubject, universe: Universe): ReachLayer {
  const key = subjectKey(frame, subject);
  const known = frame.bySubject.get(key);
  if (known) return known;
  const answers = frame.statements.map((statement) => resolvedStatement(statement, subject));
  const answer = JSON.stringify(answers.map((each) => each?.scope ?? null));
  const gate = frame.byAnswer.get(answer) ?? gateOf(frame, answers, { universe, subject });
  frame.byAnswer.set(answer, gate);
  frame.bySubject.set(key, gate);
  return gate;
}

function subjectKey({ varies }: GateFrame, subject: ReachSubject): string {
  const name = subjectName(subject);
  // Of whom nothing is known, each test says something else.
  if (varies === 'no') return 'named' in subject ? name : '';
  return varies === 'by set' ? name : JSON.stringify([name, subject.accountId, subject.ouPath]);
}

type LayerInput = { readonly universe: Universe; readonly subject: ReachSubject };

function gateOf(
  frame: GateFrame,
  answers: readonly Resolved[],
  { universe: { size }, subject }: LayerInput,
): ReachLayer {
  const sides = { Allow: side(size), Deny: side(size) };
  const denials = new Map<string, Bits>();
  frame.statements.forEach(({ effect, actions, policy }, at) => {
    const answer = answers[at];
    if (!answer) return;
    const { scopes, bounds } = sides[effect];
    addTo(scopes, answer.scope, actions);
    addBits(bounds.possible, actions);
    if (answer.bound === 'certain') addBits(bounds.certain, actions);
    if (answer.bound === 'certain' && effect === 'Deny') addTo(denials, policy, actions);
  });
  return {
    id: `${frame.id}.${frame.byAnswer.size}`,
    place: frame.place,
    allow: sides.Allow.scopes,
    deny: sides.Deny.scopes,
    allowed: sides.Allow.bounds,
    denied: sides.Deny.bounds,
    denials,
    spoken: frame.statements.flatMap((statement, at) => {
      const open = answers[at]?.open;
      return open === undefined ? [] : [{ statement, open }];
    }),
    accountId: subject.accountId,
  };
}

function side(size: number): { readonly scopes: Map<string, Bits>; readonly bounds: ActionBounds } {
  return { scopes: new Map(), bounds: { certain: noBits(size), possible: noBits(size) } };
}

function addTo(scopes: Map<string, Bits>, scope: string, actions: Bits): void {
  const known = scopes.get(scope);
  if (known) addBits(known, actions);
  else scopes.set(scope, actions.slice());
}
