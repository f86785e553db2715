/** The texts of a permission set under AWS's names: what a create or an update takes, and what DescribePermissionSet shows. */
import type { PermissionSet as AwsPermissionSet } from '@aws-sdk/client-sso-admin';
import type { FieldOf } from '../kinds/fields.ts';
import type { PermissionSet } from '../model/resource.ts';

type TextField = FieldOf<'permission-set', 'text'>;
export type SetTexts = Pick<PermissionSet, TextField>;

const awsNames = {
  description: 'Description',
  relayState: 'RelayState',
} as const satisfies Readonly<Record<TextField, keyof AwsPermissionSet>>;
type AwsTexts = { readonly [F in TextField as (typeof awsNames)[F]]?: string };

const fields = Object.keys(awsNames) as readonly TextField[];

/** AWS clears what it is not given. */
export const awsTexts = (set: PermissionSet): AwsTexts =>
  Object.fromEntries(fields.flatMap((field) => (set[field] === undefined ? [] : [[awsNames[field], set[field]]])));

export const textsIn = (described: AwsPermissionSet): SetTexts =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const text = described[awsNames[field]];
      return text === undefined || text === '' ? [] : [[field, text]];
    }),
  );

export const withoutTexts = (set: PermissionSet): Omit<PermissionSet, TextField> =>
  Object.fromEntries(Object.entries(set).filter(([field]) => !(fields as readonly string[]).includes(field))) as Omit<
    PermissionSet,
    TextField
  >;
