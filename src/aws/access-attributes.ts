/** Attributes for access control (ABAC): one configuration of the Identity Center instance, read and written as a whole. */
import type { InstanceAccessControlAttributeConfiguration } from '@aws-sdk/client-sso-admin';
import type { Unread } from '../model/reads.ts';
import { ACCESS_ATTRIBUTES } from '../model/resource.ts';
import type { AccessAttributes } from '../model/resource.ts';
import type { AwsConnection } from './connection.ts';
import { callFailure, isNamed, isOurFault } from './failures.ts';
import { patiently } from './retry.ts';
import type { WriteContext } from './writing.ts';

export type AttributeReading = { readonly attributes: readonly AccessAttributes[]; readonly unread: readonly Unread[] };

/** None where none were ever configured. */
export const attributesNow = async (
  { ssoAdmin }: AwsConnection,
  InstanceArn: string,
): Promise<readonly AccessAttributes[]> => {
  const answer = await ssoAdmin
    .describeInstanceAccessControlAttributeConfiguration({ InstanceArn })
    .catch((thrown: unknown) => {
      if (isNamed(thrown, 'ResourceNotFoundException')) return undefined;
      throw thrown;
    });
  if (answer === undefined) return [];
  const found = answer.InstanceAccessControlAttributeConfiguration;
  const rows = (found?.AccessControlAttributes ?? []).map(({ Key = '', Value }) => [Key, Value?.Source?.[0] ?? '']);
  return [{ kind: 'access-attributes', attributes: Object.fromEntries(rows) as AccessAttributes['attributes'] }];
};

/** Who may not read them cannot plan them, and all else goes on. */
export const readAttributes = async (connection: AwsConnection, instanceArn: string): Promise<AttributeReading> => {
  try {
    return { attributes: await attributesNow(connection, instanceArn), unread: [] };
  } catch (thrown) {
    if (isOurFault(thrown)) throw thrown;
    return { attributes: [], unread: [{ scope: ACCESS_ATTRIBUTES, reason: callFailure(thrown) }] };
  }
};

const configurationOf = ({ attributes }: AccessAttributes): InstanceAccessControlAttributeConfiguration => ({
  AccessControlAttributes: Object.entries(attributes).map(([Key, source]) => ({ Key, Value: { Source: [source] } })),
});

/** One that is there already was made by a call whose answer was lost, or by somebody else meanwhile: it becomes what is asked for. */
export const createAttributes = async (writing: WriteContext, wanted: AccessAttributes): Promise<void> => {
  const { connection, ids } = writing;
  try {
    await patiently(connection.clock, () =>
      connection.ssoAdmin.createInstanceAccessControlAttributeConfiguration({
        InstanceArn: ids.instanceArn,
        InstanceAccessControlAttributeConfiguration: configurationOf(wanted),
      }),
    );
  } catch (thrown) {
    if (!isNamed(thrown, 'ConflictException')) throw thrown;
    await updateAttributes(writing, wanted);
  }
};

/** The whole of it: what is not named goes. */
export const updateAttributes = async ({ connection, ids }: WriteContext, wanted: AccessAttributes): Promise<void> => {
  await patiently(connection.clock, () =>
    connection.ssoAdmin.updateInstanceAccessControlAttributeConfiguration({
      InstanceArn: ids.instanceArn,
      InstanceAccessControlAttributeConfiguration: configurationOf(wanted),
    }),
  );
};
