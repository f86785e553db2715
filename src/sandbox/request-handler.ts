/** The sandbox behind the AWS SDK clients' `requestHandler`: no socket, but never the same turn of the event loop. */
import type { HttpRequest } from './http.ts';
import type { SandboxClock, Sandbox } from './handle.ts';

/** What the SDK's HttpRequest has and the sandbox needs. */
export type SdkRequest = {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

export type SdkResponse = {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
};

export type SdkRequestHandler = {
  readonly metadata: { readonly handlerProtocol: string };
  readonly handle: (request: SdkRequest) => Promise<{ response: SdkResponse }>;
  readonly updateHttpClientConfig: () => void;
  readonly httpHandlerConfigs: () => Record<string, never>;
  readonly destroy: () => void;
};

const textOf = (body: unknown): string => {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : '';
};

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const asRequest = (request: SdkRequest): HttpRequest => ({
  method: request.method,
  path: request.path,
  query: Object.fromEntries(
    Object.entries(request.query ?? {}).map(([name, value]) => [name, [value].flat().join() || '']),
  ),
  headers: lowerCased(request.headers),
  body: textOf(request.body),
});

const macrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Give it to a client as `requestHandler`. Yields before and after the call, so that a forgotten await shows. */
export const requestHandler = (sandbox: Sandbox, clock: SandboxClock): SdkRequestHandler => ({
  metadata: { handlerProtocol: 'http/1.1' },
  handle: async (request) => {
    await macrotask();
    const { status, headers, body } = sandbox.handle(asRequest(request), clock);
    await macrotask();
    return { response: { statusCode: status, headers: { ...headers }, body: new TextEncoder().encode(body) } };
  },
  updateHttpClientConfig: () => undefined,
  httpHandlerConfigs: () => ({}),
  destroy: () => undefined,
});
