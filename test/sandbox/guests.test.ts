/** Who may call the loopback server, on every one of its routes. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusedGuest } from '../../src/sandbox/guest.ts';
import { serve } from '../../src/sandbox/server.ts';
import type { ServedSandbox } from '../../src/sandbox/server.ts';
import { freshSandbox } from '../support/sandbox.ts';

let served: ServedSandbox;
let port: number;
const sandbox = freshSandbox();
beforeAll(async () => {
  served = await serve(sandbox, { port: 0 });
  port = Number(new URL(served.url).port);
});
afterAll(() => served.close());

type Sent = { readonly method?: string; readonly path?: string; readonly body?: string; readonly headers: object };

const send = ({ method = 'POST', path = '/', body = '', headers }: Sent): Promise<readonly [number, string]> =>
  new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, method, path, headers: { ...headers } }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve([answer.statusCode ?? 0, text]));
    });
    call.on('error', reject);
    call.end(body);
  });

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const create = 'Action=CreateUser&Version=2010-05-08&UserName=';

/** A call of each of the three protocols, and a path of none. */
const routes: Readonly<Record<string, Sent>> = {
  JSON: { headers: { 'x-amz-target': 'AWSOrganizationsV20161128.ListRoots' }, body: '{}' },
  'a form': { headers: form, body: 'Action=GetCallerIdentity&Version=2011-06-15' },
  'a query': { headers: {}, method: 'GET', path: '/?Action=GetCallerIdentity&Version=2011-06-15' },
  REST: { headers: {}, method: 'GET', path: '/analyzer' },
  'nothing known': { headers: {}, method: 'OPTIONS', path: '/x' },
};

describe('a request of a page', () => {
  const strange = {
    'another origin': { origin: 'https://evil.example' },
    'no origin that it may tell': { origin: 'null' },
    'another port': { origin: 'http://127.0.0.1:1' },
    'another name for this machine': { host: 'evil.example:80' },
    'a name that was led here': { host: 'localtest.me' },
    'another site, by a picture': { 'sec-fetch-site': 'cross-site' },
  };
  it.each(Object.entries(strange))('of %s is refused on every route, and changes nothing', async (_what, headers) => {
    for (const [route, sent] of Object.entries(routes)) {
      const [status, body] = await send({ ...sent, headers: { ...sent.headers, ...headers } });
      expect([route, status, body]).toEqual([route, 403, expect.stringContaining('The local AWS answers')]);
    }
    const writes = sandbox.writes();
    await send({ headers: { ...form, ...headers }, body: `${create}mallory` });
    expect(sandbox.writes()).toBe(writes);
  });
});

describe('a request of a program', () => {
  it.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])('to %s is answered', async (name) => {
    const headers = { ...form, host: `${name}:${port}` };
    expect((await send({ headers, body: 'Action=GetCallerIdentity&Version=2011-06-15' }))[0]).toBe(200);
  });

  it('may name the origin that it is served at, and no port where that is the usual one', () => {
    const at80 = { target: '/', host: 'localhost', origin: undefined, site: undefined };
    expect(refusedGuest(at80, 80)).toBeUndefined();
    expect(refusedGuest(at80, 8080)?.status).toBe(403);
    expect(refusedGuest({ ...at80, origin: 'http://localhost', site: 'same-origin' }, 80)).toBeUndefined();
    expect(refusedGuest({ ...at80, host: undefined }, 80)?.status).toBe(403);
    expect(refusedGuest({ ...at80, target: 'http://localhost/' }, 80)?.status).toBe(403);
  });

  it('comes from where its connection does, whatever its headers say', async () => {
    await send({
      headers: { ...form, 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9' },
      body: `${create}ada`,
    });
    const { events } = sandbox.world().cloudTrail;
    const text = JSON.stringify(events);
    expect(text).toContain('127.0.0.1');
    expect(text).not.toContain('203.0.113.9');
  });
});
