/** yaml-language-server, as an editor speaks to it: over standard input and output. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Message = {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly items?: readonly { readonly section?: string }[]; readonly uri?: string };
  readonly result?: unknown;
};

type Placed = { readonly path: string; readonly text: string; readonly line: number; readonly character: number };

export type Editor = {
  /** The labels that are offered at a place of a file with this text. */
  readonly completions: (placed: Placed) => Promise<readonly string[]>;
  readonly hover: (placed: Placed) => Promise<string>;
  /** The messages about a file with this text. */
  readonly mistakes: (placed: Pick<Placed, 'path' | 'text'>) => Promise<readonly string[]>;
  readonly close: () => void;
};

const settings = { completion: true, hover: true, validate: true, schemaStore: { enable: false } };

/** Whole messages out of what arrives in pieces. */
const messagesOf = (take: (message: Message) => void): ((chunk: Buffer) => void) => {
  let buffer = Buffer.alloc(0);
  return (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const end = buffer.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, Math.max(end, 0)).toString())?.[1]);
      if (end < 0 || buffer.length < end + 4 + length) return;
      take(JSON.parse(buffer.subarray(end + 4, end + 4 + length).toString()) as Message);
      buffer = buffer.subarray(end + 4 + length);
    }
  };
};

type Connection = {
  readonly request: (method: string, params: object) => Promise<unknown>;
  readonly notify: (method: string, params: object) => void;
  readonly diagnosed: (uri: string) => Promise<readonly { readonly message: string }[]>;
  readonly close: () => void;
};

const connect = (server: string): Connection => {
  const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting = new Map<number | string, (result: unknown) => void>();
  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const answer = ({ id, method, params }: Message): void => {
    const asked = params?.items?.map(({ section }) => (section === 'yaml' ? settings : {}));
    if (id !== undefined) send({ id, result: method === 'workspace/configuration' ? asked : null });
    else if (method === 'textDocument/publishDiagnostics') waiting.get(params?.uri ?? '')?.(params);
  };
  const take = (message: Message): void =>
    message.method === undefined ? waiting.get(message.id ?? 0)?.(message.result) : answer(message);
  child.stdout.on('data', messagesOf(take));
  let id = 0;
  return {
    request: (method, params) =>
      new Promise((resolve) => {
        waiting.set(++id, resolve);
        send({ id, method, params });
      }),
    notify: (method, params) => send({ method, params }),
    diagnosed: (uri) =>
      new Promise((resolve) => {
        waiting.set(uri, (params) =>
          resolve((params as { readonly diagnostics: readonly { readonly message: string }[] }).diagnostics),
        );
      }),
    close: () => child.kill(),
  };
};

/** `server`: the script of yaml-language-server; `dir`: the folder that the editor has open. */
export const editorOn = async (server: string, dir: string): Promise<Editor> => {
  const connection = connect(server);
  const root = pathToFileURL(dir).href;
  const capabilities = { textDocument: { completion: {}, hover: {} }, workspace: { configuration: true } };
  await connection.request('initialize', { processId: process.pid, rootUri: root, capabilities });
  connection.notify('initialized', {});
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const opened = ({ path, text }: Pick<Placed, 'path' | 'text'>) => {
    const uri = pathToFileURL(join(dir, path)).href;
    connection.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
    return { uri };
  };
  const asked = (method: string, { line, character, ...file }: Placed): Promise<unknown> =>
    connection.request(method, { textDocument: opened(file), position: { line, character } });
  return {
    completions: async (placed) => {
      const found = (await asked('textDocument/completion', placed)) as { readonly items: { label: string }[] };
      return found.items.map(({ label }) => label);
    },
    hover: async (placed) => JSON.stringify(await asked('textDocument/hover', placed)),
    mistakes: async (file) => {
      const told = connection.diagnosed(pathToFileURL(join(dir, file.path)).href);
      opened(file);
      return (await told).map(({ message }) => message);
    },
    close: connection.close,
  };
};
