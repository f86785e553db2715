/** A crude account of who can do what, independent of the product: enough to see a gap open. */
import { statements } from '../../src/model/policy.ts';
import type { PolicyDocument } from '../../src/model/policy.ts';
import type { PermissionSet, State } from '../../src/model/resource.ts';
import { pathToRoot, resourcesOf } from '../../src/model/resource.ts';

const services = ['s3:*', 'ec2:*', 'iam:*'] as const;

const denied = (documents: readonly PolicyDocument[]): ReadonlySet<string> =>
  new Set(
    documents.flatMap((one) =>
      statements(one).flatMap(({ Effect, Action }) => (Effect === 'Deny' ? [Action ?? []].flat() : [])),
    ),
  );

const allowsAll = (document: PolicyDocument): boolean => statements(document).some(({ Effect }) => Effect === 'Allow');

type Level = { readonly documents: readonly PolicyDocument[]; readonly open: number };

const levelsOf = (state: State, account: string, parent: string): readonly Level[] => {
  const attachments = resourcesOf(state, 'attachment');
  const at = (test: (text: string) => boolean): Level => {
    const here = attachments.filter(({ target }) =>
      test(target.type === 'root' ? '' : target.type === 'ou' ? target.path : `account ${target.name}`),
    );
    const documents = here.flatMap(({ policy }) => {
      const found = state[`scp/${policy.name}`];
      return found?.kind === 'scp' ? [found.document] : [];
    });
    const full = here.some(({ policy }) => policy.name === 'FullAWSAccess');
    return { documents, open: Number(full || documents.some(allowsAll)) };
  };
  return [...pathToRoot(parent), `account ${account}`].map((path) => at((text) => text === path));
};

const outside = (state: State, account: string, parent: string): readonly string[] => {
  if (state['policy-type/SERVICE_CONTROL_POLICY'] === undefined || account === 'Management') return services;
  const levels = levelsOf(state, account, parent);
  if (levels.some(({ open }) => open === 0)) return [];
  const no = denied(levels.flatMap(({ documents }) => documents));
  return services.filter((service) => !no.has(service));
};

const gives = (set: PermissionSet): readonly string[] => {
  const no = denied(set.inlinePolicy === undefined ? [] : [set.inlinePolicy]);
  return set.managedPolicies.flatMap((arn) => services.filter((one) => !no.has(one)).map((one) => `${arn} ${one}`));
};

/** `user account policy service`, for everybody, everywhere. */
export const accessIn = (state: State): ReadonlySet<string> => {
  const members = resourcesOf(state, 'membership');
  const parents = new Map(resourcesOf(state, 'account').map(({ name, parent }) => [name, parent]));
  const all = resourcesOf(state, 'assignment').flatMap(({ principal, permissionSet, account }) => {
    const set = state[`permission-set/${permissionSet}`];
    const parent = parents.get(account);
    if (set?.kind !== 'permission-set' || parent === undefined) return [];
    const open = outside(state, account, parent);
    const given = gives(set).filter((one) => open.includes(one.split(' ')[1] ?? ''));
    const people =
      principal.type === 'user'
        ? [principal.name]
        : members.filter(({ group }) => group === principal.name).map(({ user }) => user);
    return people.flatMap((who) => given.map((one) => `${who} ${account} ${one}`));
  });
  return new Set(all);
};
