/** A repository as files. The same input gives the same bytes. */
import type { ControlPolicy, Key, PermissionSet, Resource, ResourcePolicy } from '../../model/resource.ts';
import { encodeName, keyOf } from '../../model/resource.ts';
import type { WrittenRepository, WrittenPolicy, WrittenRole } from '../../model/written.ts';
import { fileNames } from './file-names.ts';
import type { FileIdentity } from './file-names.ts';
import { contentOf, documentJson, isLong } from './policies.ts';
import { nameOfResource, resourceFileText } from './resources.ts';
import { customerPolicyText, roleFileText } from './roles.ts';
import type { PolicyNames } from './things.ts';
import { controlPolicyText, groupText, permissionSetText, userText } from './things.ts';
import { bindingsText, organizationText, settingsText, testsFileText } from './whole.ts';

/** `keys`: what the file says, so that what is wrong with the file can be traced to them. */
export type RenderedFile = { readonly path: string; readonly text: string; readonly keys: readonly Key[] };

export type RenderContext = {
  readonly managedPolicy: PolicyNames['managedPolicy'];
  /** Keys whose document stands in the file itself however long it is: a .json file can carry no comment. */
  readonly inline: ReadonlySet<Key>;
};

export type DocumentedResource = PermissionSet | ControlPolicy;
const documentOf = (resource: DocumentedResource) =>
  resource.kind === 'permission-set' ? resource.inlinePolicy : contentOf(resource);

type Rendering = RenderContext & PolicyNames;

const documented = (resource: DocumentedResource, base: string, rendering: Rendering): readonly RenderedFile[] => {
  const key = keyOf(resource);
  const document = documentOf(resource);
  const beside = document !== undefined && isLong(document) && !rendering.inline.has(key);
  const from = { ...rendering, ...(beside ? { file: `${base.split('/').at(-1) ?? ''}.json` } : {}) };
  const text =
    resource.kind === 'permission-set' ? permissionSetText(resource, from) : controlPolicyText(resource, from);
  return [
    { path: `${base}.yaml`, text, keys: [key] },
    ...(beside ? [{ path: `${base}.json`, text: documentJson(document, rendering.accounts), keys: [key] }] : []),
  ];
};

const inFolder = <T>(
  folder: string,
  things: readonly T[],
  { named, fallback }: { readonly named: (thing: T) => FileIdentity; readonly fallback: string },
): ((thing: T) => string) => {
  const names = fileNames(things.map(named), fallback);
  return (thing) => `${folder}/${names.get(named(thing).identity) ?? fallback}`;
};

const ofResource = (resource: Resource & { readonly name: string }): FileIdentity => ({
  name: resource.name,
  identity: keyOf(resource),
});

const setFiles = ({ permissionSets }: WrittenRepository, rendering: Rendering): readonly RenderedFile[] => {
  const base = inFolder('permission-sets', permissionSets, { named: ofResource, fallback: 'permission-set' });
  return permissionSets.flatMap((set) => documented(set, base(set), rendering));
};

const controlFiles = ({ controlPolicies }: WrittenRepository, rendering: Rendering): readonly RenderedFile[] => {
  const base = inFolder('scps', controlPolicies, { named: ofResource, fallback: 'policy' });
  return controlPolicies.flatMap((policy) => documented(policy, base(policy), rendering));
};

/** A name that differs from account to account has a file for each, called by the first account that has it. */
const naming = <T extends { readonly keys: readonly Key[] }>(
  things: readonly T[],
  resourceOf: (thing: T) => Resource & { readonly name: string; readonly account: string },
): ((thing: T) => FileIdentity) => {
  const counts = new Map<string, number>();
  for (const thing of things) {
    const { name } = resourceOf(thing);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return (thing) => {
    const { name, account } = resourceOf(thing);
    const identity = thing.keys[0] ?? name;
    return { name: counts.get(name) === 1 ? name : `${name} ${account}`, identity };
  };
};

const roleFiles = ({ roles }: WrittenRepository, rendering: Rendering): readonly RenderedFile[] => {
  const named = naming<WrittenRole>(roles, ({ role }) => role);
  const base = inFolder('access/roles', roles, { named, fallback: 'role' });
  return roles.map((one) => ({ path: `${base(one)}.yaml`, text: roleFileText(one, rendering), keys: one.keys }));
};

const customerFiles = ({ policies }: WrittenRepository, rendering: Rendering): readonly RenderedFile[] => {
  const named = naming<WrittenPolicy>(policies, ({ policy }) => policy);
  const base = inFolder('access/policies', policies, { named, fallback: 'policy' });
  return policies.flatMap((one): readonly RenderedFile[] => {
    const { keys, policy } = one;
    const isBeside = isLong(policy.document) && !keys.some((key) => rendering.inline.has(key));
    const file = `${base(one).split('/').at(-1) ?? ''}.json`;
    const text = customerPolicyText(one, { ...rendering, ...(isBeside ? { file } : {}) });
    const beside = { path: `${base(one)}.json`, text: documentJson(policy.document, rendering.accounts), keys };
    return [{ path: `${base(one)}.yaml`, text, keys }, ...(isBeside ? [beside] : [])];
  });
};

const groupFiles = ({ groups }: WrittenRepository): readonly RenderedFile[] => {
  const base = inFolder('access/groups', groups, { named: ({ group }) => ofResource(group), fallback: 'group' });
  return groups.map((one) => ({ path: `${base(one)}.yaml`, text: groupText(one), keys: [keyOf(one.group)] }));
};

const resourceFiles = ({ resources }: WrittenRepository, rendering: Rendering): readonly RenderedFile[] => {
  const named = (one: ResourcePolicy): FileIdentity => ({
    name: nameOfResource(one.resource),
    identity: keyOf(one),
  });
  const base = inFolder('access/resources', resources, { named, fallback: 'resource' });
  return resources.map((one) => ({
    path: `${base(one)}.yaml`,
    text: resourceFileText([one], rendering),
    keys: [keyOf(one)],
  }));
};

/** A user is no resource: what the file says are its assignments, so they are left out one and all. */
const userFiles = ({ users }: WrittenRepository): readonly RenderedFile[] => {
  const base = inFolder('access/users', users, {
    named: ({ user }) => ({ name: user, identity: user }),
    fallback: 'user',
  });
  return users.map((one) => ({
    path: `${base(one)}.yaml`,
    text: userText(one),
    keys: [`user/${encodeName(one.user)}`],
  }));
};

/** Sorted by path. */
export const renderedFiles = (written: WrittenRepository, context: RenderContext): readonly RenderedFile[] => {
  const ids = (ou: WrittenRepository['root']): readonly (readonly [string, string])[] => [
    ...ou.accounts.map(({ id, name }) => [id, name] as const),
    ...ou.ous.flatMap(ids),
  ];
  const accounts = new Map([[written.management.id, written.management.name] as const, ...ids(written.root)]);
  const rendering = { ...context, accounts };
  const whole = (path: string, text: string): RenderedFile => ({ path, text, keys: [] });
  const files = [
    whole('access/organization.yaml', organizationText(written)),
    whole('access/settings.yaml', settingsText(written.settings)),
    ...(written.tests.length === 0 ? [] : [whole('access/tests/as-imported.yaml', testsFileText(written.tests))]),
    ...groupFiles(written),
    ...userFiles(written),
    ...setFiles(written, rendering),
    ...controlFiles(written, rendering),
    ...roleFiles(written, rendering),
    ...customerFiles(written, rendering),
    ...resourceFiles(written, rendering),
    ...(written.controlPolicies.length === 0 && written.bindings.ous.length + written.bindings.accounts.length === 0
      ? []
      : [whole('scps/bindings.yaml', bindingsText(written))]),
  ];
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
};
