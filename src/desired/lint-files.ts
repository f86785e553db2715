/** The lint's place in `validate`: the policy documents of the files, with what AWS documents about what they name. */
import type { Files } from './load.ts';
import type { PolicySource } from './policies/policy-source.ts';
import { sortProblems } from './rules.ts';
import { suggestion } from './suggest.ts';
import { printable } from './text.ts';
import type { Understanding } from './understand.ts';
import { lint } from '../evaluate/lint/lint.ts';
import type { LintDocument } from '../evaluate/lint/document.ts';
import type { LintContext } from '../evaluate/lint/context.ts';
import { loadLintFacts } from '../evaluate/lint/facts.ts';
import type { LintFacts } from '../evaluate/lint/facts.ts';
import { keepersOf } from '../evaluate/lint/lockout.ts';
import type { AllowList, KeeperBoundary } from '../evaluate/lint/keeper.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { Desired } from '../model/desired.ts';
import { grouped } from '../model/lists.ts';
import { minified } from '../model/policy.ts';
import type { Place, Problem } from '../model/problem.ts';
import {
  FULL_AWS_ACCESS,
  controlPolicyKey,
  encodeName,
  isGuardRailKind,
  pathToRoot,
  permissionSetKey,
  resourcesOf,
  targetText,
} from '../model/resource.ts';
import type { Target } from '../model/resource.ts';

/** Looking for a near name is slow, and hostile files have thousands of names. */
const mostSuggestions = 50;

const suggester = (): LintContext['suggest'] => {
  let left = mostSuggestions;
  return (name, candidates) => {
    left -= 1;
    return left < 0 ? undefined : suggestion(name, candidates);
  };
};

const idsOf = ({ accounts }: Desired): ReadonlyMap<string, string> =>
  new Map(Object.entries(accounts).map(([id, name]) => [name, id]));

/** Ids of the member accounts at and below the target. */
const accountsBelow = (target: Target, desired: Desired): readonly string[] => {
  const members = resourcesOf(desired.state, 'account').filter(({ name }) => name !== desired.managementAccount);
  if (target.type === 'root') return members.map(({ id }) => id);
  const below = members.filter(({ name, parent }) =>
    target.type === 'account' ? name === target.name : pathToRoot(parent).includes(target.path),
  );
  return below.map(({ id }) => id);
};

const boundAccounts = (desired: Desired): ReadonlyMap<string, readonly string[]> => {
  const declared = resourcesOf(desired.state, 'attachment').filter(({ policy }) => policy.name !== FULL_AWS_ACCESS);
  const byPolicy = grouped(declared, ({ policy }) => controlPolicyKey(policy));
  return new Map(
    [...byPolicy].map(([key, all]) => [key, [...new Set(all.flatMap(({ target }) => accountsBelow(target, desired)))]]),
  );
};

/** AWS takes no larger one (32,768 characters in a permission set): said elsewhere, and not worth a closer look. */
const largestDocument = 40_000;

const isReadable = ({ document }: PolicySource): boolean => minified(document).length <= largestDocument;

const documentsOf = ({ policies, desired }: Understanding): readonly LintDocument[] => {
  const bound = desired === undefined ? undefined : boundAccounts(desired);
  return policies.filter(isReadable).map(({ owner, ...source }): LintDocument => {
    const isRail = isGuardRailKind(source.use);
    const accounts = isRail && bound !== undefined ? (bound.get(owner) ?? []) : undefined;
    const resource = desired?.state[owner];
    const said = isRail && resource !== undefined && 'description' in resource ? resource.description : '';
    const description = said === '' ? {} : { description: said };
    return { key: owner, ...source, ...description, ...(accounts === undefined ? {} : { accounts }) };
  });
};

/** Targets without FullAWSAccess, with the SCPs that hang there. */
const allowListsOf = (desired: Desired): readonly AllowList[] => {
  const attachments = resourcesOf(desired.state, 'attachment');
  return desired.absent.flatMap((key) => {
    const [, text] = key.split(`attachment/scp:${FULL_AWS_ACCESS}@`);
    if (text === undefined) return [];
    const here = attachments.filter(({ policy, target }) => policy.kind === 'scp' && targetText(target) === text);
    const target = here[0]?.target;
    if (target === undefined) return [];
    return [
      {
        target: text,
        keys: here.map(({ policy }) => controlPolicyKey(policy)),
        accounts: accountsBelow(target, desired),
      },
    ];
  });
};

/** The boundary of break-glass's set, if there is one whose document is known. */
const boundariesOf = ({ desired, policies }: Understanding, catalogue: Catalogue): readonly KeeperBoundary[] => {
  const name = desired?.settings.breakGlass?.permissionSet;
  const key = permissionSetKey(name ?? '');
  const set = desired?.state[key];
  const at = desired?.origins[`${key}#/permissionsBoundary`];
  if (set?.kind !== 'permission-set' || set.permissionsBoundary === undefined || at === undefined) return [];
  const boundary = set.permissionsBoundary;
  const isManaged = 'managedPolicy' in boundary;
  const boundaryName = isManaged ? boundary.managedPolicy : boundary.customerManagedPolicy.name;
  const document = isManaged
    ? catalogue.document(boundary.managedPolicy)
    : policies.find(({ owner }) => owner === `policy/${encodeName(boundaryName)}`)?.document;
  return document === undefined ? [] : [{ keeper: 'break-glass', name: boundaryName, document, at }];
};

const testedIn = ({ declared: { tests } }: Understanding): LintContext['tested'] =>
  tests.flatMap(({ at, actions }) => actions.map((named) => ({ ...named, within: at })));

const contextOf = (understanding: Understanding, facts: LintFacts, catalogue: Catalogue): LintContext => {
  const { desired } = understanding;
  const delegated = desired?.settings.delegatedAdministrator ?? undefined;
  return {
    facts,
    keepers: desired === undefined ? [] : keepersOf(desired.settings, delegated && idsOf(desired).get(delegated)),
    boundaries: boundariesOf(understanding, catalogue),
    allowLists: desired === undefined ? [] : allowListsOf(desired),
    accounts: Object.keys(desired?.accounts ?? {}),
    tested: testedIn(understanding),
    suggest: suggester(),
  };
};

const safe = ({ message, hint, ...rest }: Problem): Problem => ({
  ...rest,
  message: printable(message, 500),
  ...(hint === undefined ? {} : { hint: printable(hint, 500) }),
});

const silencedNote = ({ rule, place, reason }: { rule: string; place: Place; reason: string }): Problem => ({
  file: place.file,
  line: place.line,
  column: place.column ?? 1,
  rule,
  severity: 'note',
  message: printable(`${rule} is silenced: ${reason}`, 500),
});

export type LintOfFiles = { readonly problems: readonly Problem[]; readonly silenced: readonly Problem[] };

/** These rules compare files with each other or with other findings, and are skipped while a file is wrong. */
const acrossFiles: ReadonlySet<string> = new Set(['forgeable-exception', 'useless-silence']);

export const lintFiles = async (
  files: Files,
  understanding: Understanding,
  catalogue: Catalogue,
): Promise<LintOfFiles> => {
  const documents = documentsOf(understanding);
  const facts = await loadLintFacts(documents.map(({ document }) => document));
  const { problems, silenced } = lint(documents, files.files, contextOf(understanding, facts, catalogue));
  const isKnown = ({ rule }: Problem): boolean => understanding.desired !== undefined || !acrossFiles.has(rule);
  return { problems: sortProblems(problems.filter(isKnown).map(safe)), silenced: silenced.map(silencedNote) };
};
