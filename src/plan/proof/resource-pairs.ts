/**
 * What a resource's policy gives whoever it names, while the policy changes and RCPs above the account do: those from outside
 * have no other policy in the organization, and of everybody else their own is looked at as a role or a set.
 */
import { namesIn } from '../../evaluate/trust/principals.ts';
import { remembered } from '../../model/lists.ts';
import type { Change } from '../../model/plan.ts';
import { subjectOf } from '../../model/plan.ts';
import { canonicalPolicy, statements } from '../../model/policy.ts';
import type { PolicyDocument, Statement } from '../../model/policy.ts';
import { policyTypes, resourcePolicyKey, resourcesOf } from '../../model/resource.ts';
import type { Key, Resource, ResourcePolicy } from '../../model/resource.ts';
import type { DoneBits } from './orders.ts';
import { withinEnds } from './pairs.ts';
import type { PrincipalPair } from './pairs.ts';
import { doneAt, inOrder } from './role-pairs.ts';
import type { ProofWorld } from './role-pairs.ts';

type NamedPrincipal = readonly [type: string, name: string];

const accountIn = (name: string): string | undefined => /^(?:arn:[^:]+:(?:iam|sts)::)?(\d{12})(?::|$)/.exec(name)?.[1];
const isAccount = (name: string): boolean => /^\d{12}$|:root$/.test(name);

/** Whether the name means the principal, too: everybody, or the account that it is of. */
const means = ([type, name]: NamedPrincipal, [otherType, other]: NamedPrincipal): boolean => {
  if (type !== otherType) return type === 'AWS' && name === '*';
  if (name === other || (type === 'AWS' && name === '*')) return true;
  return type === 'AWS' && isAccount(name) && accountIn(name) !== undefined && accountIn(name) === accountIn(other);
};

const speaksOf = ({ Principal, NotPrincipal }: Statement, principal: NamedPrincipal): boolean =>
  NotPrincipal === undefined
    ? namesIn(Principal).some((name) => means(name, principal))
    : !namesIn(NotPrincipal).some((name) => means(name, principal));

/** A statement of a resource's policy as if it were somebody's own. */
const asOwn = ({ Principal: _, NotPrincipal: __, Sid: ___, ...rest }: Statement): Statement =>
  rest.Resource === undefined && rest.NotResource === undefined ? { ...rest, Resource: '*' } : rest;

const documentOf = (document: PolicyDocument, list: readonly Statement[]): PolicyDocument => ({
  Version: document.Version ?? '2008-10-17',
  Statement: list.map(asOwn),
});

/** All that the policy says, to whomever. */
export const ownDocument = (document: PolicyDocument): PolicyDocument => documentOf(document, statements(document));

const saidTo = (principal: NamedPrincipal) =>
  remembered((document: PolicyDocument) =>
    documentOf(
      document,
      statements(document).filter((statement) => speaksOf(statement, principal)),
    ),
  );

const asPolicy = (resource: Resource | undefined): ResourcePolicy | undefined =>
  resource?.kind === 'resource-policy' ? resource : undefined;

const textOf = ([, name]: NamedPrincipal, { stage }: ProofWorld): string => {
  if (name === '*') return 'everybody';
  if (!isAccount(name)) return name;
  const id = accountIn(name);
  const ours = resourcesOf(stage.current, 'account').find((account) => account.id === id);
  return `account:${ours?.name ?? id ?? name}`;
};

const principalsIn = (policies: readonly ResourcePolicy[]): readonly NamedPrincipal[] => {
  const named = policies.flatMap(({ document }) =>
    statements(document)
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Principal, NotPrincipal }) =>
        NotPrincipal === undefined ? namesIn(Principal) : [['AWS', '*'] as NamedPrincipal],
      ),
  );
  return [...new Map(named.map((one) => [one.join(' '), one])).values()];
};

/** SCPs bind nobody from outside. */
const isOfRcps = (change: Change): boolean => {
  const subject = subjectOf(change);
  if (subject.kind === 'attachment') return subject.policy.kind === 'rcp';
  if (subject.kind === 'policy-type') return subject.type === policyTypes.rcp;
  return subject.kind === 'rcp' || subject.kind === 'account';
};

type ResourceInTime = { readonly key: Key; readonly policies: readonly ResourcePolicy[] };

const everIn = ({ stage, versions }: ProofWorld): readonly ResourceInTime[] => {
  const there = resourcesOf(stage.current, 'resource-policy').map(({ resource }) => resourcePolicyKey(resource));
  const changed = stage.changes.filter(({ kind }) => kind === 'resource-policy').map(({ key }) => key);
  return [...new Set([...there, ...changed])].map((key) => ({
    key,
    policies: versions.ever(key).flatMap((one) => asPolicy(one) ?? []),
  }));
};

const pairsOf = (world: ProofWorld, { key, policies }: ResourceInTime): readonly PrincipalPair[] => {
  const { stage, versions } = world;
  const [first] = policies;
  const place = first === undefined ? undefined : world.placeOf(first.account);
  if (first === undefined || place === undefined) return [];
  const changes = inOrder(stage)([...versions.changesOf(key), ...place.rails.filter(isOfRcps)]);
  if (changes.length < 2) return [];
  return principalsIn(policies).map((principal) => {
    const said = saidTo(principal);
    const roles = remembered((moment: DoneBits) => {
      const done = doneAt(changes, moment);
      const policy = asPolicy(versions.at(key, done));
      if (policy === undefined) return [];
      return [place.named({ name: first.resource, policy: said(policy.document) }, done)];
    });
    const texts = policies.map(({ document }) => canonicalPolicy(said(document)));
    return {
      ...{ principals: [textOf(principal, world)], groups: [], place, changes, roles },
      held: withinEnds(roles, changes.length),
      through: ` on ${first.resource}`,
      name: [key, ...texts, ...changes.map(({ id }) => id)].join('\n'),
    };
  });
};

/** Everybody whom a policy names, on a resource of which two changes or more decide. */
export const resourcePairsIn = (world: ProofWorld): readonly PrincipalPair[] =>
  everIn(world).flatMap((one) => pairsOf(world, one));
