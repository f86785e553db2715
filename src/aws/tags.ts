/** Tags of what we own. Organizations and sso-admin write them alike. */
import { ownValue } from '../model/own-value.ts';
import type { Ownership, Scope } from '../model/resource.ts';

export type AwsTag = { readonly Key?: string | undefined; readonly Value?: string | undefined };
export type TagMap = Readonly<Record<string, string>>;

const ownerKey = 'gatehouse:owner';
const scopeKey = 'gatehouse:scope';

export const tagsOf = (list: readonly AwsTag[]): TagMap =>
  Object.fromEntries(list.flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? '']])));

const asScope = (text: string | undefined): Scope | undefined =>
  text === 'all' || text === 'declared' ? text : undefined;

export const ownershipOf = (tags: TagMap): Ownership => {
  const owner = tags[ownerKey];
  const scope = asScope(tags[scopeKey]);
  return { ...(owner === undefined ? {} : { owner }), ...(scope === undefined ? {} : { scope }) };
};

/** Without the reserved ones: ours are `owner` and `scope`, and nobody may write those of AWS. */
export const plainTags = (tags: TagMap): TagMap =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !/^(gatehouse|aws):/i.test(key)));

export const ownershipTags = ({ owner, scope }: Ownership): TagMap => ({
  ...(owner === undefined ? {} : { [ownerKey]: owner }),
  ...(scope === undefined ? {} : { [scopeKey]: scope }),
});

export const tagList = (tags: TagMap): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export type TagEdit = { readonly set: TagMap; readonly remove: readonly string[] };

export const tagEdit = (before: TagMap, after: TagMap): TagEdit => ({
  set: Object.fromEntries(Object.entries(after).filter(([key, value]) => ownValue(before, key) !== value)),
  remove: Object.keys(before).filter((key) => ownValue(after, key) === undefined),
});

/**
 * IAM reads the tag keys of roles without case: TagRole replaces a key in another case, and UntagRole would then take away
 * what was just written (IAM User Guide, "Rules for tagging in IAM and AWS STS").
 */
export const roleTagEdit = (before: TagMap, after: TagMap): TagEdit => {
  const { set, remove } = tagEdit(before, after);
  const written = new Set(Object.keys(set).map((key) => key.toLowerCase()));
  return { set, remove: remove.filter((key) => !written.has(key.toLowerCase())) };
};
