/** Attributes for access control: keys of session tags that AWS refuses, and sources that give nobody a tag. */
import { quotas } from '../../model/quotas.ts';
import { checkTagCase } from '../permission-sets.ts';
import { didYouMean } from '../suggest.ts';
import { quoted } from '../text.ts';
import { inside, placeOf } from '../world.ts';
import type { FileSpot, ReadingContext } from '../world.ts';

const nameParts = ['formatted', 'familyName', 'givenName', 'middleName', 'honorificPrefix', 'honorificSuffix'];
const enterprise = ['employeeNumber', 'costCenter', 'organization', 'division', 'department', 'manager.value'];
const address = ['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country', 'type', 'primary'];

/** What people have one of: SCIM's user schema (RFC 7643, 8.3), which Identity Center's directory has ("Supported user attributes"). */
const single: readonly string[] = [
  ...['userName', 'displayName', 'nickName', 'profileUrl', 'title', 'userType', 'preferredLanguage', 'locale'],
  ...['timezone', 'active', 'externalId', 'id'],
  ...nameParts.map((part) => `name.${part}`),
  ...enterprise.map((part) => `enterprise.${part}`),
];

/** What people have several of: `emails[primary eq true].value`. */
const several: Readonly<Record<string, readonly string[]>> = {
  emails: ['value', 'type', 'primary'],
  phoneNumbers: ['value', 'type', 'primary'],
  roles: ['value', 'type', 'primary'],
  addresses: address,
};

const knownPaths: readonly string[] = [
  ...single,
  ...Object.entries(several).flatMap(([name, parts]) => parts.map((part) => `${name}[primary eq true].${part}`)),
];

const isKnownPath = (path: string): boolean => {
  if (single.includes(path)) return true;
  const [, name = '', part = ''] = /^(\w+)\[[^\]]+\]\.(\w+)$/.exec(path) ?? [];
  return Object.hasOwn(several, name) && (several[name] ?? []).includes(part);
};

type SourceMistake = { readonly message: string; readonly hint?: string | undefined };

/** `${user:…}` and `${dir:…}` are of other sources of people, whose attributes are not judged here. */
const sourceMistake = (source: string): SourceMistake | undefined => {
  const [, of, path = ''] = /^\$\{(path|user|dir):([^{}$]+)\}$/.exec(source) ?? [];
  if (of === undefined)
    return {
      message: `${quoted(source)} names no attribute of a person: nobody gets this tag`,
      hint: 'Write one attribute, such as ${path:enterprise.department}.',
    };
  if (of !== 'path' || isKnownPath(path)) return undefined;
  return {
    message: `${quoted(path)} is no attribute that people have in Identity Center: nobody gets this tag`,
    hint: didYouMean(path, knownPaths),
  };
};

type WrittenAttributes = { readonly attributes?: Readonly<Record<string, string>> | undefined };

export const checkAttributes = (
  spot: FileSpot,
  { attributes = {} }: WrittenAttributes,
  world: ReadingContext,
): void => {
  const { report } = world;
  const here = inside(spot, 'attributes');
  const most = quotas.attributesForAccessControl;
  if (Object.keys(attributes).length > most)
    report({ at: placeOf(here), rule: 'too-many', message: `attributes for access control are at most ${most}` });
  // Keys and case are those of session tags (IAM User Guide, "Rules for tagging in IAM and AWS STS"; STS, AssumeRole).
  checkTagCase(here, attributes, world);
  for (const [key, source] of Object.entries(attributes)) {
    if (/^aws:/i.test(key))
      report({
        at: spot.file.keyAt([...here.path, key]),
        rule: 'reserved-name',
        message: `tags that begin with aws: are AWS's own: ${quoted(key)}`,
      });
    const mistake = sourceMistake(source);
    if (mistake !== undefined) report({ at: placeOf(inside(here, key)), rule: 'attribute-without-value', ...mistake });
  }
};
