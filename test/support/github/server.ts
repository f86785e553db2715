/** The fake over HTTP: who calls, may they, is the request well-formed, the answer, and is that well-formed. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Call, Handler, Handlers, Listed, Need, Reply } from './call.ts';
import { hasRole, roleOf } from './call.ts';
import { actionsCalls } from './actions-calls.ts';
import { commitCalls } from './commit-calls.ts';
import { contentCalls } from './content-calls.ts';
import { gitDataCalls } from './git-data-calls.ts';
import type { Asked, Fields, Json, Route } from './contract.ts';
import { completed, requestFailures, responseFailures, routeOf } from './contract.ts';
import { issueCalls } from './issue-calls.ts';
import { peopleCalls } from './people-calls.ts';
import { pullCalls } from './pull-calls.ts';
import { refreshPulls } from './pull-state.ts';
import { notAccessible, notFound, Refusal } from './refusals.ts';
import { repositoryCalls } from './repository-calls.ts';
import type { Actor, Fault, GitHub, Repository } from './state.ts';

const handlers: Handlers = {
  ...actionsCalls,
  ...commitCalls,
  ...contentCalls,
  ...gitDataCalls,
  ...issueCalls,
  ...peopleCalls,
  ...pullCalls,
  ...repositoryCalls,
};

type Sent = {
  readonly status: number;
  readonly body?: Json | undefined;
  readonly headers?: Readonly<Record<string, string>>;
};
type Incoming = {
  readonly method: string;
  readonly url: URL;
  readonly token: string | undefined;
  readonly body: Fields | undefined;
};

const readBody = async (request: IncomingMessage): Promise<Fields | undefined> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : (JSON.parse(text) as Fields);
};

const incomingOf = async (request: IncomingMessage): Promise<Incoming> => ({
  method: request.method ?? 'GET',
  url: new URL(request.url ?? '/', 'http://loopback'),
  token: /^(?:token|bearer) (.+)$/i.exec(request.headers.authorization ?? '')?.[1],
  body: await readBody(request),
});

const actorOf = (github: GitHub, token: string | undefined): Actor => {
  if (token === undefined) throw new Refusal(401, 'Requires authentication');
  const actor = github.tokens.get(token);
  if (actor === undefined) throw new Refusal(401, 'Bad credentials');
  return actor;
};

const spend = (github: GitHub, actor: Actor): void => {
  const used = (github.spent.get(actor.user.login) ?? 0) + 1;
  github.spent.set(actor.user.login, used);
  if (used > github.limit) throw new Refusal(403, `API rate limit exceeded for user ID ${actor.user.id}.`);
};

const repositoryOf = (github: GitHub, actor: Actor, route: Route): Repository => {
  const { owner, repo } = route.parameters;
  if (owner === undefined) return undefined as never;
  const found = github.repositories.get(`${owner}/${repo ?? ''}`);
  const hidden = found?.setup.visibility === 'private' && !mayRead(found, actor);
  if (found === undefined || hidden) throw notFound();
  return found;
};

const mayRead = (repository: Repository, actor: Actor): boolean =>
  actor.repository === undefined
    ? roleOf(repository, actor.user.login) !== undefined
    : actor.repository === `${repository.owner.login}/${repository.name}`;

const isOnPull = ({ path, repository }: Call): boolean =>
  repository.issues.some((issue) => issue.pull !== undefined && String(issue.number) === path['issue_number']) ||
  path['comment_id'] !== undefined;

/** On a pull request's conversation `pull_requests` does for `issues`. */
const appMay = (call: Call, { permission, level }: Need): boolean => {
  const permissions = call.actor.permissions ?? {};
  const names = permission === 'issues' && isOnPull(call) ? ['issues', 'pull_requests'] : [permission];
  const scoped = call.path['owner'] === undefined || mayRead(call.repository, call.actor);
  const isMetadata = permission === 'metadata' || permission === 'user';
  return isMetadata || (scoped && names.some((name) => permissions[name] === 'write' || permissions[name] === level));
};

const refuseStranger = (call: Call, need: Need): void => {
  if (call.actor.permissions !== undefined) {
    if (!appMay(call, need)) throw notAccessible();
    return;
  }
  if (need.role === 'app') throw new Refusal(403, 'You must authenticate via a GitHub App.');
  if (call.path['owner'] === undefined || hasRole(call.repository, call.actor.user.login, need.role)) return;
  throw new Refusal(
    403,
    need.role === 'admin'
      ? 'Must have admin rights to Repository.'
      : 'Resource not accessible by personal access token',
  );
};

const perPageLimit = 100;

const linkOf = (github: GitHub, url: URL, pages: Readonly<Record<string, number>>): string =>
  Object.entries(pages)
    .map(([relation, page]) => {
      const target = new URL(url.pathname + url.search, github.url);
      target.searchParams.set('page', String(page));
      return `<${target.href}>; rel="${relation}"`;
    })
    .join(', ');

const pagesOf = (page: number, last: number): Readonly<Record<string, number>> => ({
  ...(page > 1 ? { prev: page - 1 } : {}),
  ...(page < last ? { next: page + 1, last } : {}),
  ...(page > 1 ? { first: 1 } : {}),
});

const paged = async (github: GitHub, url: URL, list: Listed): Promise<Sent> => {
  const size = Math.min(Number(url.searchParams.get('per_page') ?? 30), perPageLimit);
  const page = Number(url.searchParams.get('page') ?? 1);
  const last = Math.max(1, Math.ceil(list.items.length / size));
  const items: Json[] = [];
  for (const item of list.items.slice((page - 1) * size, page * size)) items.push(await list.view(item as never));
  const link = linkOf(github, url, pagesOf(page, last));
  const body = list.key === undefined ? items : { total_count: list.items.length, [list.key]: items, ...list.extra };
  return { status: 200, body, headers: link === '' ? {} : { link } };
};

const sentOf = async (github: GitHub, url: URL, reply: Reply): Promise<Sent> =>
  reply.list === undefined ? reply : paged(github, url, reply.list);

/** A request that GitHub's description does not allow is the caller's mistake, and is remembered. */
const refuseMalformed = (github: GitHub, asked: Asked): void => {
  const failures = requestFailures(asked);
  if (failures.length === 0) return;
  github.mismatches.push(...failures.map((failure) => `request ${asked.route.operation}: ${failure}`));
  throw new Refusal(422, `Invalid request.\n\n${failures.join('\n')}`);
};

/** An answer that GitHub would not give is the fake's own mistake. */
const checked = (github: GitHub, operation: string, sent: Sent): Sent => {
  const body = completed(operation, sent.status, sent.body);
  const failures = responseFailures(operation, sent.status, body);
  github.mismatches.push(...failures.map((failure) => `answer ${operation}: ${failure}`));
  return failures.length === 0 ? { ...sent, body } : { status: 500, body: { message: failures.join('\n') } };
};

const routed = (github: GitHub, incoming: Incoming): { readonly route: Route; readonly handler: Handler } => {
  const route = routeOf(incoming.method, incoming.url.pathname);
  const handler = handlers[route?.operation ?? ''];
  if (route !== undefined && handler !== undefined) return { route, handler };
  github.mismatches.push(`no such call here: ${incoming.method} ${incoming.url.pathname}`);
  throw notFound();
};

const answer = async (github: GitHub, incoming: Incoming): Promise<Sent> => {
  const actor = actorOf(github, incoming.token);
  spend(github, actor);
  const { route, handler } = routed(github, incoming);
  const repository = repositoryOf(github, actor, route);
  const query = Object.fromEntries(incoming.url.searchParams);
  const call: Call = { github, actor, repository, path: route.parameters, query, body: incoming.body ?? {} };
  refuseStranger(call, handler.need);
  refuseMalformed(github, { route, query, body: incoming.body });
  if (route.parameters['owner'] !== undefined) await refreshPulls(github, repository);
  return checked(github, route.operation, await sentOf(github, incoming.url, await handler.answer(call)));
};

const refusalSent = (error: unknown): Sent => {
  if (!(error instanceof Refusal)) return { status: 500, body: { message: String((error as Error).stack ?? error) } };
  const { status, message, errors } = error;
  const documentation = 'https://docs.github.com/rest';
  return {
    status,
    body: {
      message,
      ...(errors === undefined ? {} : { errors }),
      documentation_url: documentation,
      status: String(status),
    },
    headers: message.startsWith('API rate limit') ? { 'retry-after': '60' } : {},
  };
};

const limits = (github: GitHub, login: string): Readonly<Record<string, string>> => {
  const used = github.spent.get(login) ?? 0;
  return {
    'x-ratelimit-limit': String(github.limit),
    'x-ratelimit-used': String(used),
    'x-ratelimit-remaining': String(Math.max(0, github.limit - used)),
    'x-ratelimit-reset': '1800000000',
    'x-ratelimit-resource': 'core',
  };
};

const faultWords: Readonly<Record<string, string>> = {
  401: 'Bad credentials',
  403: 'Resource not accessible by integration',
  404: 'Not Found',
  429: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
};

/** The fault that is due for this call, if any; each counts the calls that it is about. */
const dueFault = (github: GitHub, operation: string): Fault['as'] | undefined => {
  const due = github.faults.filter((one) => {
    if (one.fault.operation !== undefined && one.fault.operation !== operation) return false;
    one.seen += 1;
    const first = one.fault.nth ?? 1;
    return one.seen >= first && one.seen < first + (one.fault.times ?? 1);
  });
  return due[0]?.fault.as;
};

const send = (github: GitHub, response: ServerResponse, { sent, login }: { sent: Sent; login: string }): void => {
  const text = sent.body === undefined ? '' : JSON.stringify(sent.body);
  response.writeHead(sent.status, {
    'content-type': 'application/json; charset=utf-8',
    'x-github-request-id': `FAKE:${github.requests.length}`,
    ...limits(github, login),
    ...sent.headers,
  });
  response.end(text);
};

const withFault = async (
  github: GitHub,
  incoming: Incoming,
  fault: Fault['as'] | undefined,
): Promise<Sent | undefined> => {
  if (typeof fault === 'number')
    return {
      status: fault,
      body: { message: faultWords[fault] ?? 'Server Error' },
      headers: fault === 429 ? { 'retry-after': '1' } : {},
    };
  if (fault === 'reset') return undefined;
  if (incoming.url.pathname === '/graphql') return graphql(github, incoming);
  const sent = await answer(github, incoming).catch(refusalSent);
  return fault === 'lost-answer' ? undefined : sent;
};

const viewerQuery = '{ viewer { login databaseId } }';

/** GraphQL is not in the description: the one question that is asked of it, which apps may ask too. */
const graphql = ({ tokens }: GitHub, { token, body }: Incoming): Sent => {
  const user = tokens.get(token ?? '')?.user;
  if (user === undefined) return { status: 401, body: { message: 'Bad credentials' } };
  if (body?.['query'] !== viewerQuery) return { status: 200, body: { errors: [{ message: 'Parse error' }] } };
  return { status: 200, body: { data: { viewer: { login: user.login, databaseId: user.id } } } };
};

const serveApi = async (github: GitHub, incoming: Incoming, response: ServerResponse): Promise<void> => {
  const route = routeOf(incoming.method, incoming.url.pathname);
  const login = github.tokens.get(incoming.token ?? '')?.user.login ?? '';
  const operation = route?.operation ?? `${incoming.method} ${incoming.url.pathname}`;
  const sent = await withFault(github, incoming, dueFault(github, operation));
  const path = incoming.url.pathname + incoming.url.search;
  github.requests.push({ operation, path, login, status: sent?.status ?? 0 });
  if (sent === undefined) response.destroy();
  else send(github, response, { sent, login });
};

/** Artifacts are fetched from another place, by an address that is a secret of its own. */
const serveDownload = (github: GitHub, path: string, response: ServerResponse): void => {
  const [, , owner, name, id] = path.split('/');
  const artifacts = github.repositories.get(`${owner ?? ''}/${name ?? ''}`)?.artifacts ?? [];
  const zip = artifacts.find((artifact) => String(artifact.id) === id)?.zip;
  response.writeHead(zip === undefined ? 404 : 200, { 'content-type': 'application/zip' });
  response.end(zip ?? '');
};

/** Requests are answered one after the other, in the order in which they came. */
export const serve = (github: GitHub): Server => {
  let last: Promise<void> = Promise.resolve();
  return createServer((request, response) => {
    last = last.then(async () => {
      const incoming = await incomingOf(request);
      if (incoming.url.pathname.startsWith('/download/')) serveDownload(github, incoming.url.pathname, response);
      else await serveApi(github, incoming, response);
    });
    last = last.catch(() => void response.destroy());
  });
};
