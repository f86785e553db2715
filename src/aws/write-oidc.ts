/** Writes of OIDC providers. */
import type { OidcProvider } from '../model/resource.ts';
import { confirm } from './confirm.ts';
import { lookAtOidcProvider, noSuchEntityName, oidcProviderArn } from './look-iam.ts';
import type { AccountIam } from './look-iam.ts';
import { isArrived, requireSame } from './moved.ts';
import { createdOrFound, unless } from './retry.ts';
import { tagList, ownershipTags, tagEdit } from './tags.ts';
import type { TagMap } from './tags.ts';
import { iamLooks, iamRoom } from './writing.ts';
import type { WriteContext } from './writing.ts';

const tagsOfOwner = ({ owner }: OidcProvider): TagMap => ownershipTags(owner === undefined ? {} : { owner });

type OidcProviderStates = { readonly before: OidcProvider | undefined; readonly after: OidcProvider | undefined };

const confirmed = (writing: WriteContext, room: AccountIam, { before, after }: OidcProviderStates): Promise<void> => {
  const read = () => lookAtOidcProvider(room, (after ?? before)?.host ?? '');
  return confirm({ clock: writing.connection.clock, read, course: { states: [before], after }, looks: iamLooks });
};

/** Without a thumbprint: IAM fetches it, and does not use it for issuers whose CA it trusts (CreateOpenIDConnectProvider). */
export const createOidcProvider = async (writing: WriteContext, provider: OidcProvider): Promise<void> => {
  const room = await iamRoom(writing, provider.account);
  const { fresh } = await createdOrFound({
    duplicate: 'EntityAlreadyExistsException',
    create: async () => {
      const input = {
        Url: `https://${provider.host}`,
        ClientIDList: [...provider.clientIds],
        Tags: tagList(tagsOfOwner(provider)),
      };
      return (await room.iam.createOpenIDConnectProvider(input)).OpenIDConnectProviderArn;
    },
    find: async () => ((await lookAtOidcProvider(room, provider.host)) ? provider.host : undefined),
  });
  if (!fresh) requireSame(await lookAtOidcProvider(room, provider.host), provider);
  await confirmed(writing, room, { before: undefined, after: provider });
};

type OidcProviderEdit = { readonly from: OidcProvider; readonly to: OidcProvider };

/** Audiences that go, go first. */
const editClients = async (room: AccountIam, { from, to }: OidcProviderEdit): Promise<void> => {
  const OpenIDConnectProviderArn = oidcProviderArn(room, to.host);
  for (const ClientID of from.clientIds.filter((id) => !to.clientIds.includes(id))) {
    await room.iam.removeClientIDFromOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID });
  }
  for (const ClientID of to.clientIds.filter((id) => !from.clientIds.includes(id))) {
    await room.iam.addClientIDToOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID });
  }
};

const editTags = async (room: AccountIam, { from, to }: OidcProviderEdit): Promise<void> => {
  const OpenIDConnectProviderArn = oidcProviderArn(room, to.host);
  const { set, remove } = tagEdit(tagsOfOwner(from), tagsOfOwner(to));
  if (Object.keys(set).length > 0) {
    await room.iam.tagOpenIDConnectProvider({ OpenIDConnectProviderArn, Tags: tagList(set) });
  }
  if (remove.length > 0) {
    await room.iam.untagOpenIDConnectProvider({ OpenIDConnectProviderArn, TagKeys: [...remove] });
  }
};

export const updateOidcProvider = async (
  writing: WriteContext,
  before: OidcProvider,
  after: OidcProvider,
): Promise<void> => {
  const room = await iamRoom(writing, after.account);
  const live = await lookAtOidcProvider(room, after.host);
  if (isArrived(live, { states: [before], after })) return;
  const journey = { from: live ?? before, to: after };
  await editClients(room, journey);
  await editTags(room, journey);
  await confirmed(writing, room, { before, after });
};

export const deleteOidcProvider = async (writing: WriteContext, before: OidcProvider): Promise<void> => {
  const room = await iamRoom(writing, before.account);
  const live = await lookAtOidcProvider(room, before.host);
  if (live === undefined || isArrived(live, { states: [before], after: undefined })) return;
  const OpenIDConnectProviderArn = oidcProviderArn(room, before.host);
  await unless([noSuchEntityName], () => room.iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn }));
  await confirmed(writing, room, { before, after: undefined });
};
