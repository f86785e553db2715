/** access/policies/: each file one customer managed policy, in each account that it names. */
import { withoutWhiteSpace } from '../../model/policy.ts';
import type { CustomerPolicy } from '../../model/resource.ts';
import type { Typed } from '../check-form.ts';
import { checkSpan, settle, writtenTermsOf } from '../dates.ts';
import type { DatedPiece, SettledPieces } from '../dates.ts';
import { checkTags } from '../permission-sets.ts';
import { checkSizes, policyPlaces, readPolicy } from './policies.ts';
import type { FoundPolicy } from './policies.ts';
import { targetAccounts, checkPath, reportSameNames } from '../role-targets.ts';
import type { FileSchemas } from '../schema/schema.ts';
import { inside, placeOf } from '../world.ts';
import type { FileSpot, ReadingContext } from '../world.ts';

type CustomerPolicyEntry = FileSchemas['policy'];

const readDocument = (
  spot: FileSpot,
  { document, documentFile }: CustomerPolicyEntry,
  world: ReadingContext,
): FoundPolicy | undefined => {
  const written = { key: 'document', fileKey: 'documentFile', document, file: documentFile, use: 'identity' } as const;
  if (document === undefined && documentFile === undefined)
    world.report({ at: placeOf(spot), rule: 'missing-key', message: 'document is missing', hint: 'Or documentFile.' });
  return readPolicy(spot, written, world);
};

/** IAM counts it without white space (IAM and AWS STS quotas). */
const checkSize = ({ at, document }: FoundPolicy, world: ReadingContext): void => {
  const size = withoutWhiteSpace(document).length;
  const limit = { size, limit: world.limits.managedPolicySize, counted: 'characters without white space' };
  checkSizes(at, 'the policy', { sizes: [limit], world });
};

/** CreatePolicy answers "Policy document must be version 2012-10-17 or greater."; inline policies are taken without. */
const checkVersion = ({ at, document }: FoundPolicy, { report }: ReadingContext): void => {
  if (document.Version === '2012-10-17') return;
  const message = 'Version must be "2012-10-17": AWS takes no other in a customer managed policy';
  report({ at, rule: 'not-a-policy', message });
};

const policyIn = (entry: CustomerPolicyEntry, account: string, { document }: FoundPolicy): CustomerPolicy => ({
  kind: 'policy',
  account,
  name: entry.policy,
  path: entry.path ?? '/',
  ...(entry.description === undefined ? {} : { description: entry.description }),
  document,
  tags: entry.tags ?? {},
});

const readOne = ({ file, value }: Typed<'policy'>, entry: number, world: ReadingContext): readonly DatedPiece[] => {
  const spot: FileSpot = { file, path: [] };
  const found = readDocument(spot, value, world);
  const accounts = targetAccounts(spot, value, world);
  const isSound = checkSpan(spot, value, world);
  checkPath(inside(spot, 'path'), value.path, world);
  checkTags(inside(spot, 'tags'), value.tags ?? {}, world);
  if (found === undefined || !isSound) return [];
  checkSize(found, world);
  checkVersion(found, world);
  const fields = Object.keys(value).map((key) => [`/${key}`, placeOf(inside(spot, key))] as const);
  const inner = { ...Object.fromEntries(fields), ...policyPlaces('document', found) };
  return accounts.map(({ name }): DatedPiece => {
    const resource = policyIn(value, name, found);
    return { ...writtenTermsOf(value), resource, at: file.at(['policy']), inner, entry };
  });
};

export const readCustomerPolicies = (files: readonly Typed<'policy'>[], world: ReadingContext): SettledPieces => {
  const grants = files.flatMap((typed, index) => readOne(typed, index, world));
  reportSameNames(grants, world);
  return settle([grants], world.today);
};
