/** What `ignore` in the settings names: by its own name or by its whole key. */
import type { Settings } from '../../model/desired.ts';
import type { Key, Resource } from '../../model/resource.ts';
import { entitledRoleName } from '../../model/resource.ts';
import { globMatches } from '../../model/glob.ts';

const nameToIgnore = (resource: Resource): string => {
  switch (resource.kind) {
    case 'policy-type':
      return resource.type;
    case 'attachment':
      return resource.policy.name;
    case 'membership':
      return resource.group;
    case 'assignment':
      return resource.permissionSet;
    case 'entitlement':
      return entitledRoleName(resource);
    case 'oidc-provider':
      return resource.host;
    case 'resource-policy':
      return resource.resource;
    case 'access-attributes':
      return resource.kind;
    default:
      return resource.name;
  }
};

export const ignores = ({ ignore }: Settings, key: Key, resource: Resource): boolean =>
  ignore.some((glob) => globMatches(glob, key) || globMatches(glob, nameToIgnore(resource)));
