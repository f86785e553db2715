/** A thin HTTP server around the sandbox, on the loopback interface. */
import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refusedGuest } from './guest.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import type { SandboxClock, Sandbox } from './handle.ts';

type ServeOptions = {
  /** 0: any free port. */
  readonly port: number;
  readonly host?: string;
  readonly clock?: SandboxClock;
  /** Called after each call that may have changed the state. */
  readonly onChange?: () => void;
};

export type ServedSandbox = { readonly url: string; readonly close: () => Promise<void> };

/** AWS's own request limits are far below. */
const maxBody = 8 * 1024 * 1024;

const tooLarge: HttpResponse = {
  status: 413,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify({ __type: 'RequestEntityTooLargeException', Message: 'The request body is too large.' }),
};

/** Undefined when it is too large; the rest of it is read and dropped so that the client hears the answer. */
const bodyOf = async (message: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBody) chunks.push(chunk);
  }
  return size > maxBody ? undefined : Buffer.concat(chunks).toString('utf8');
};

/** A list is a member named several times; its elements are joined by commas. */
const queryOf = (query: URLSearchParams): Record<string, string> =>
  Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name).join()]));

const requestOf = (message: IncomingMessage, body: string): HttpRequest => {
  const [path = '/', query = ''] = (message.url ?? '/').split('?', 2);
  const headers = Object.entries(message.headers).map(([name, value]) => [name, [value].flat().join(',')]);
  return {
    method: message.method ?? 'GET',
    path,
    query: queryOf(new URLSearchParams(query)),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
  };
};

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });

const strange = ({ url = '', headers, socket }: IncomingMessage): HttpResponse | undefined => {
  const { host, origin, 'sec-fetch-site': site } = headers;
  const guest = { target: url, host, origin, site: [site].flat().join() || undefined };
  return refusedGuest(guest, socket.localPort ?? 0);
};

/** Rejects when the port is taken. */
export const serve = async (sandbox: Sandbox, options: ServeOptions): Promise<ServedSandbox> => {
  const { port, host = '127.0.0.1', clock = Date.now, onChange } = options;
  const answer = async (message: IncomingMessage): Promise<HttpResponse> => {
    const refusal = strange(message);
    if (refusal !== undefined) return refusal;
    const body = await bodyOf(message);
    if (body === undefined) return tooLarge;
    const before = sandbox.writes();
    const response = sandbox.handle(requestOf(message, body), clock);
    if (sandbox.writes() !== before) onChange?.();
    return response;
  };
  const server = createServer((message, response) => {
    answer(message).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      () => response.destroy(),
    );
  });
  await listen(server, port, host);
  return { url: `http://${host}:${(server.address() as AddressInfo).port}`, close: () => close(server) };
};
