/**
 * A real browser where the machine has one: Chromium, by its DevTools protocol over a pipe. It needs no driver of another
 * version, no port and no network.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { accessSync, constants, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as after } from 'node:timers/promises';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const canRun = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** CHROMIUM, or what PATH has. */
export const findBrowser = (): string | undefined => {
  const given = process.env['CHROMIUM'];
  if (given !== undefined) return given;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(canRun);
};

type Answer = { readonly id?: number; readonly method?: string; readonly params?: unknown; readonly error?: unknown };
type Waiting = { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void };
type Parameters = Readonly<Record<string, unknown>>;

/** Messages are JSON, each ended by a zero byte. */
const connect = (child: ChildProcess) => {
  const [to, from] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  const waiting = new Map<number, Waiting>();
  const events: Answer[] = [];
  let [next, rest] = [1, ''];
  from.setEncoding('utf8');
  from.on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const answer = JSON.parse(part) as Answer & { readonly result?: unknown };
      const one = waiting.get(answer.id ?? 0);
      if (one === undefined) events.push(answer);
      else if (answer.error === undefined) one.resolve(answer.result);
      else one.reject(new Error(JSON.stringify(answer.error)));
      waiting.delete(answer.id ?? 0);
    }
  });
  const send = (method: string, params: Parameters, sessionId?: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = next++;
      waiting.set(id, { resolve, reject });
      to.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
    });
  return { send, events };
};

export type Tab = {
  readonly send: (method: string, params?: Parameters) => Promise<unknown>;
  /** The value of an expression in the page; a promise is awaited. */
  readonly value: <T>(expression: string) => Promise<T>;
  readonly key: (key: string) => Promise<void>;
  readonly open: (url: string) => Promise<void>;
  /** PNG. */
  readonly screenshot: () => Promise<Buffer>;
  /** What the console and the browser complained of: errors, and what the page's policy refused. */
  readonly complaints: () => readonly string[];
};

type Evaluated = {
  readonly result: { readonly value: unknown };
  readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
};

const tabOf = (sent: (method: string, params?: Parameters) => Promise<unknown>, events: readonly Answer[]): Tab => {
  const value = async <T>(expression: string): Promise<T> => {
    const answer = (await sent('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })) as Evaluated;
    if (answer.exceptionDetails !== undefined)
      throw new Error(answer.exceptionDetails.exception?.description ?? expression);
    return answer.result.value as T;
  };
  return {
    send: sent,
    value,
    key: async (key) => {
      const text = key === 'Enter' ? '\r' : key.length === 1 ? key : undefined;
      const said = { key, ...(text === undefined ? {} : { text }) };
      await sent('Input.dispatchKeyEvent', { type: 'keyDown', ...said });
      await sent('Input.dispatchKeyEvent', { type: 'keyUp', ...said });
    },
    open: async (url) => {
      await sent('Page.navigate', { url });
      await value(
        'new Promise((done) => document.readyState === "complete" ? done() : addEventListener("load", done))',
      );
    },
    screenshot: async () => {
      const { data } = (await sent('Page.captureScreenshot', { format: 'png' })) as { readonly data: string };
      return Buffer.from(data, 'base64');
    },
    complaints: () =>
      events.flatMap(({ method, params }) =>
        method === 'Runtime.exceptionThrown' || method === 'Log.entryAdded' ? [JSON.stringify(params)] : [],
      ),
  };
};

/** One tab, as long as the use lasts. */
export const inBrowser = async <T>(browser: string, use: (tab: Tab) => Promise<T>): Promise<T> => {
  const profile = mkdtempSync(join(tmpdir(), 'gatehouse-browser-'));
  const words = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];
  const child = spawn(browser, [...words, `--user-data-dir=${profile}`, '--remote-debugging-pipe', 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const { send, events } = connect(child);
  try {
    const { targetId } = (await send('Target.createTarget', { url: 'about:blank' })) as { readonly targetId: string };
    const attached = await send('Target.attachToTarget', { targetId, flatten: true });
    const { sessionId } = attached as { readonly sessionId: string };
    const sent = (method: string, params: Parameters = {}) => send(method, params, sessionId);
    for (const domain of ['Page', 'Runtime', 'Log']) await sent(`${domain}.enable`);
    return await use(tabOf(sent, events));
  } finally {
    // Killed, it would leave children that still write to the profile.
    await Promise.race([send('Browser.close', {}).then(() => gone), gone, after(5000)]);
    child.kill('SIGKILL');
    await gone;
    await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
};
