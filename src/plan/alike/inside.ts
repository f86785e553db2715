/**
 * What lies in the IAM of accounts, told without the account's own name and id: roles, customer policies and providers that
 * differ in nothing else are the same thing in each account.
 */
import type { Catalogue } from '../../model/catalogue.ts';
import type { Live } from '../../model/cloud.ts';
import type { Desired } from '../../model/desired.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import { isOfIam } from '../../model/resource.ts';
import type { Key, OfIam, Role } from '../../model/resource.ts';
import { letsAnybodyIn } from '../access/account-sample.ts';
import { numbering } from '../situation/account-classes.ts';
import { ignores } from '../situation/ignore.ts';
import { partsOf } from './parts.ts';

type InsideInput = { readonly desired: Desired; readonly live: Live; readonly catalogue: Catalogue };

/** An account by what documents and keys call it. */
type AccountName = { readonly name: string; readonly id: string };

const swapped = (document: PolicyDocument, from: string, to: string): PolicyDocument => {
  const text = JSON.stringify(document);
  if (from === '' || !text.includes(from)) return document;
  // In a longer number the id names nobody.
  return JSON.parse(text.replaceAll(new RegExp(`(?<!\\d)${from}(?!\\d)`, 'g'), to)) as PolicyDocument;
};

/** The same thing in another account: `from` is the id of its own one. What is no document names no account by itself. */
export const carriedInto = (resource: OfIam, { name, id }: AccountName, from: string): OfIam => {
  const own = { ...resource, account: name };
  if (own.kind === 'policy') return { ...own, document: swapped(own.document, from, id) };
  if (own.kind === 'oidc-provider') return own;
  const inline = Object.entries(own.inlinePolicies).map(([key, one]) => [key, swapped(one, from, id)] as const);
  return { ...own, trust: swapped(own.trust, from, id), inlinePolicies: Object.fromEntries(inline) };
};

/** Stands for whichever account it is. */
const itself: AccountName = { name: '', id: 'the account itself' };

const managedOf = ({ managedPolicies, permissionsBoundary: boundary }: Role): readonly string[] => [
  ...managedPolicies,
  ...(boundary !== undefined && 'managedPolicy' in boundary ? [boundary.managedPolicy] : []),
];

const documentsOf = (resource: OfIam, catalogue: Catalogue): readonly PolicyDocument[] => {
  if (resource.kind === 'oidc-provider') return [];
  if (resource.kind === 'policy') return [resource.document];
  const managed = managedOf(resource).flatMap((arn) => catalogue.document(arn) ?? []);
  return [resource.trust, ...Object.values(resource.inlinePolicies), ...managed];
};

const idsIn = (text: string): readonly string[] => text.match(/(?<!\d)\d{12}(?!\d)/g) ?? [];

export type InsideAccounts = {
  /** Equal for accounts that have the same, in the files and in AWS. */
  readonly textOf: (account: string) => string;
  /** All that is said there, their own accounts left out. */
  readonly documents: readonly PolicyDocument[];
  /** Ids of accounts that are named there, documents or not; their own left out. */
  readonly named: readonly string[];
  /** Whether a role may let in people of accounts that it does not name. */
  readonly isOpen: boolean;
};

/** What the plan says of a thing besides what it is. */
const aboutOf = ({ desired }: InsideInput, key: Key, resource: OfIam): string => {
  const { file, line, column } = desired.origins[key] ?? {};
  return JSON.stringify([ignores(desired.settings, key, resource), file, line, column]);
};

export const insideOf = (input: InsideInput): InsideAccounts => {
  const { desired, live, catalogue } = input;
  const ids = new Map(Object.entries(desired.accounts).map(([id, name]) => [name, id]));
  const [numberOf, aboutNumber] = [numbering(), numbering()];
  const [marks, things] = [new Map<string, string>(), new Map<string, OfIam>()];
  for (const [side, state] of [desired.state, live.state].entries())
    for (const [key, resource] of partsOf(state).rest) {
      if (!isOfIam(resource)) continue;
      const one = carriedInto(resource, itself, ids.get(resource.account) ?? '');
      const text = JSON.stringify(one);
      if (!things.has(text)) things.set(text, one);
      const mark = `${side}:${numberOf(text)}:${aboutNumber(aboutOf(input, key, resource))}`;
      marks.set(resource.account, `${marks.get(resource.account) ?? ''} ${mark}`);
    }
  return {
    textOf: (account) => marks.get(account) ?? '',
    documents: [...things.values()].flatMap((one) => documentsOf(one, catalogue)),
    named: [...things.keys()].flatMap(idsIn),
    isOpen: [...things.values()].some((one) => one.kind === 'role' && letsAnybodyIn(one)),
  };
};
