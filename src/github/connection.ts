/** How GitHub is asked: retries, waits, pages, and what is said of a failure. The only file that knows octokit. */
import { Octokit as Core } from '@octokit/core';
import { paginateRest } from '@octokit/plugin-paginate-rest';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { RequestError } from '@octokit/request-error';
import type { CallParameters, GitHubCall } from './answers.ts';
import { fieldsIn, numberIn, rowsIn } from '../model/fields.ts';
import type { UnknownFields } from '../model/fields.ts';

const Octokit = Core.plugin(paginateRest, retry, throttling);

export type GitHubOptions = {
  /** `owner/name`. */
  readonly repository: string;
  readonly token: string | undefined;
  /** Of the API; GitHub's own unless said. */
  readonly baseUrl?: string;
  /** Told what is waited for. */
  readonly say: (text: string) => void;
  /** `at once`, on a GitHub of one's own: no second between writes, as GitHub asks for, and none before a retry. */
  readonly pace?: 'at once';
};

const RETRIES = 2;
/** Waiting longer than this for a rate limit is worse than failing: the next run comes within the hour. */
const LONGEST_WAIT = 120;
type GitHubAnswer = { readonly status: number; readonly data: unknown };

/** What no second try changes, as octokit has it; and 429, for which the throttling waits as long as GitHub asks. */
const doNotRetry = [400, 401, 403, 404, 410, 422, 429, 451];

/** Seconds, the request, octokit, how often it was tried. */
type RateLimitArguments = readonly [number, { readonly method: string; readonly url: string }, unknown, number];

const octokitOf = ({ token, baseUrl, say, pace }: GitHubOptions): InstanceType<typeof Octokit> => {
  const wait = (...[seconds, { method, url }, , tried]: RateLimitArguments): boolean => {
    const again = tried < RETRIES && seconds <= LONGEST_WAIT;
    say(`GitHub limits ${method} ${url}: ${again ? `trying again in ${seconds} s` : 'giving up'}`);
    return again;
  };
  return new Octokit({
    ...(token === undefined ? {} : { auth: token }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    userAgent: 'gatehouse',
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    retry: { retries: RETRIES, doNotRetry, ...(pace === undefined ? {} : { retryAfterBaseValue: 1 }) },
    throttle: pace === undefined ? { onRateLimit: wait, onSecondaryRateLimit: wait } : { enabled: false },
  });
};

/** `isUnreached`: the call never came as far as GitHub; `status` is then what octokit makes up for it. */
class GitHubFailure extends Error {
  readonly status: number;
  readonly isUnreached: boolean;
  constructor(message: string, { status, isUnreached }: Pick<GitHubFailure, 'status' | 'isUnreached'>) {
    super(message);
    this.status = status;
    this.isUnreached = isUnreached;
  }
}

/** octokit's own message ends in a link to the documentation; the request, which holds the token, is left out. */
const failure = (route: string, error: unknown): GitHubFailure => {
  const message = error instanceof Error ? (error.message.split(' - https://')[0] ?? '') : 'unknown error';
  const status = error instanceof RequestError ? `${error.status} ` : '';
  // octokit gives what the network says the status 500, and no response.
  const isUnreached = error instanceof RequestError && error.response === undefined;
  const said = isUnreached
    ? `GitHub was not reached (${route}): ${message}`
    : `GitHub refused ${route}: ${status}${message}`;
  return new GitHubFailure(said, { status: error instanceof RequestError ? error.status : 0, isUnreached });
};

/** Whether the network, and not GitHub, is why a call failed. */
export const neverReached = (error: unknown): boolean => error instanceof GitHubFailure && error.isUnreached;

export const httpStatusOf = (error: unknown): number => numberIn(fieldsIn(error)['status']);

export type GitHubConnection = {
  readonly call: GitHubCall;
  readonly list: (route: string, parameters?: CallParameters) => Promise<readonly UnknownFields[]>;
  /** GraphQL; undefined where it answers with errors. */
  readonly query: (words: string) => Promise<unknown>;
  readonly counts: Map<string, number>;
};

/** A page that is asked for by its address counts as its route: numbers and commits are parameters. */
const shortRoute = (route: string): string =>
  route
    .replace(/https?:\/\/[^/]+(\/api\/v3)?/, '')
    .replace(/\?.*$/, '')
    .replace(/\/repos\/[^/]+\/[^/]+/, '')
    .replace(/\/\d+(?=\/|$)/g, '/{number}')
    .replace(/\/[0-9a-f]{40}(?=\/|$)/g, '/{sha}')
    .replace(/ $/, ' /');

export const connectionOf = (options: GitHubOptions): GitHubConnection => {
  const octokit = octokitOf(options);
  const [owner = '', repo = ''] = options.repository.split('/');
  const counts = new Map<string, number>();
  octokit.hook.before('request', (request) => {
    const route = shortRoute(`${request.method} ${request.url}`);
    counts.set(route, (counts.get(route) ?? 0) + 1);
  });
  /** What a route has no place for would go into its query. */
  const placeOf = (route: string): CallParameters => (route.includes('{owner}') ? { owner, repo } : {});
  const call: GitHubCall = async (route, parameters = {}) => {
    try {
      return (await octokit.request(route, { ...placeOf(route), ...parameters })) as GitHubAnswer;
    } catch (error) {
      throw failure(route, error);
    }
  };
  const list: GitHubConnection['list'] = async (route, parameters = {}) => {
    try {
      const all: unknown = await octokit.paginate(route, { ...placeOf(route), per_page: 100, ...parameters });
      return rowsIn(all);
    } catch (error) {
      throw failure(route, error);
    }
  };
  const query: GitHubConnection['query'] = async (words) => {
    try {
      return await octokit.graphql(words);
    } catch (error) {
      if (!(error instanceof RequestError) || [401, 403, 404].includes(error.status)) return undefined;
      throw failure('POST /graphql', error);
    }
  };
  return { call, list, query, counts };
};
