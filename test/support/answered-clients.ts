/** The SDK's clients, made once because that takes long: what answers them is changed instead. */
import { createClients } from '../../src/aws/clients.ts';
import type { AwsClients, AwsCredentials } from '../../src/aws/clients.ts';
import { createSandbox } from '../../src/sandbox/handle.ts';
import { requestHandler } from '../../src/sandbox/request-handler.ts';
import type { SdkRequestHandler } from '../../src/sandbox/request-handler.ts';
import { brownfield } from '../../src/sandbox/seed.ts';
import { catalogue, region, seed } from '../aws/bench.ts';

type Signed = { readonly headers: Record<string, string>; readonly hostname: string };

/** The local AWS tells S3, which has no form of its own, by what a request is signed for. */
const scopeOf = ({ hostname }: Signed): string => (/(^|\.)s3[.-]/.test(hostname) ? `${region}/s3` : 'us-east-1/any');

/** Nobody checks signatures here, and they would be half of the work; whose key it is says in which account one is. */
const naming = ({ accessKeyId }: AwsCredentials) => ({
  sign: async (request: Signed): Promise<Signed> => ({
    ...request,
    headers: {
      ...request.headers,
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261123/${scopeOf(request)}/aws4_request, Signature=none`,
    },
  }),
});

let answering: SdkRequestHandler | undefined;

/** From now on every call of the clients goes there. */
export const answerWith = (handler: SdkRequestHandler): void => {
  answering = handler;
};

const clientsOf = (credentials: AwsCredentials): AwsClients => ({
  ...createClients({
    region,
    credentials,
    requestHandler: {
      metadata: { handlerProtocol: 'http/1.1' },
      handle: (request: Parameters<SdkRequestHandler['handle']>[0]) => answering?.handle(request),
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
      destroy: () => undefined,
    },
    ...({ signer: naming(credentials) } as object),
  }),
  withCredentials: async (session) => clientsOf(session),
});
export const clients = clientsOf({ accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' });

/**
 * A client's first call loads code and reads files in turns of the event loop that no request accounts for: time must
 * not pass meanwhile.
 */
const warmUp = async (): Promise<void> => {
  const sandbox = createSandbox(brownfield(seed, 0), { catalogue });
  answering = requestHandler(sandbox, () => 0);
  const IdentityStoreId = sandbox.world().identityStore.identityStoreId;
  const [organizations, ssoAdmin, identityStore, sts, iam] = await Promise.all([
    clients.organizations(),
    clients.ssoAdmin(),
    clients.identityStore(),
    clients.sts(),
    clients.iam(),
  ]);
  await organizations.describeOrganization({});
  await ssoAdmin.listInstances({});
  await identityStore.listGroups({ IdentityStoreId });
  await sts.getCallerIdentity({});
  await iam.listRoles({});
};
await warmUp();
