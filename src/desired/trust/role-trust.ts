/** Who may assume a role: said in words or as the document itself, and the document that it comes to in an account. */
import type { Place } from '../../model/problem.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import { readTrust } from './check-trust.ts';
import type { RolePlace } from './check-trust.ts';
import { policyPlaces, readPolicy } from '../policies/policies.ts';
import type { FileSchemas } from '../schema/schema.ts';
import { trustDocument } from './trust.ts';
import { inside, placeOf } from '../world.ts';
import type { FileSpot, ReadingContext } from '../world.ts';

export type RoleEntry = FileSchemas['role'];
export type RoleTrust = {
  readonly at: Place;
  /** Of the whole, and of each statement: `/trust/Statement/0`, or `/trust/0` for short. */
  readonly places: Readonly<Record<string, Place>>;
  readonly documentIn: (accountId: string) => PolicyDocument;
};
type RoleTrustContext = { readonly place: RolePlace; readonly world: ReadingContext };

const nobody: PolicyDocument = { Version: '2012-10-17', Statement: [] };

const withShort = (places: Readonly<Record<string, Place>>): Readonly<Record<string, Place>> =>
  Object.fromEntries(
    Object.entries(places).flatMap(([path, at]) => [
      [path, at],
      [path.replace('/Statement', ''), at],
    ]),
  );

/** For the lint; in every account the same but for the ids. */
const keepWords = (
  spot: FileSpot,
  { owner, document }: { readonly owner: string; readonly document: PolicyDocument },
  world: ReadingContext,
): void => {
  const entryAt = (path: readonly (string | number)[]): Place =>
    placeOf(path[0] === 'Statement' && path[1] !== undefined ? inside(spot, path[1]) : spot);
  const named = spot.file.keyAt(spot.path);
  world.keepPolicy({ owner, use: 'trust', document, named, at: entryAt, keyAt: entryAt });
};

const inWords = (spot: FileSpot, entry: RoleEntry, { place, world }: RoleTrustContext): RoleTrust => {
  const words = readTrust(spot, entry.trust ?? [], { place, world });
  const idOf = (name: string): string | undefined => world.organization?.accounts.get(name)?.id;
  const documentIn = (accountId: string): PolicyDocument => trustDocument(words, { accountId, idOf });
  const [first] = place.accounts;
  if (first !== undefined) keepWords(spot, { owner: `role/${entry.role}`, document: documentIn(first.id) }, world);
  const statements = words.map((_, index) => [`/trust/Statement/${index}`, placeOf(inside(spot, index))] as const);
  return { at: placeOf(spot), places: { '/trust': placeOf(spot), ...Object.fromEntries(statements) }, documentIn };
};

const asDocument = (spot: FileSpot, { trustPolicy }: RoleEntry, world: ReadingContext): RoleTrust => {
  const at = placeOf(inside(spot, 'trustPolicy'));
  const written = { key: 'trustPolicy', fileKey: '', document: trustPolicy, file: undefined, use: 'trust' } as const;
  const policy = readPolicy(spot, written, world);
  return { at, places: policyPlaces('trust', policy), documentIn: () => policy?.document ?? nobody };
};

const either = (spot: FileSpot, entry: RoleEntry, reading: RoleTrustContext): RoleTrust => {
  const { report } = reading.world;
  if (entry.trust !== undefined && entry.trustPolicy !== undefined) {
    const at = spot.file.keyAt([...spot.path, 'trustPolicy']);
    report({ at, rule: 'conflicting-keys', message: 'trust and trustPolicy exclude each other' });
  }
  if (entry.trust !== undefined) return inWords(inside(spot, 'trust'), entry, reading);
  if (entry.trustPolicy !== undefined) return asDocument(spot, entry, reading.world);
  const message = 'trust is missing: it says who may assume the role';
  const hint = 'What its words do not say, a policy document at trustPolicy does.';
  report({ at: placeOf(spot), rule: 'missing-key', message, hint });
  return { at: placeOf(spot), places: {}, documentIn: () => nobody };
};

/** What stands at `trust` or at `trustPolicy` of the role at the spot. */
export const readRoleTrust = (spot: FileSpot, entry: RoleEntry, reading: RoleTrustContext): RoleTrust => {
  const found = either(spot, entry, reading);
  return { ...found, places: withShort(found.places) };
};
