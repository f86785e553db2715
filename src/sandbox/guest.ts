/**
 * Who may call the loopback server: programs on this machine, and no page that a browser on it shows. A page reaches
 * 127.0.0.1 with simple requests (the form-encoded calls of IAM and STS are such), or through a name of its own that it has
 * lead there; the browser then says where the page comes from, or the Host is that name.
 */
import type { HttpResponse } from './http.ts';

export type Guest = {
  readonly target: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** https://www.w3.org/TR/fetch-metadata/ */
  readonly site: string | undefined;
};

const names = ['127.0.0.1', 'localhost', '[::1]'] as const;

/** Clients leave the port of the scheme out. */
const authorities = (port: number): readonly string[] =>
  names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));

const refused = (message: string): HttpResponse => ({
  status: 403,
  headers: { 'content-type': 'application/json', connection: 'close' },
  body: JSON.stringify({ __type: 'AccessDeniedException', Message: message, message }),
});

/** The answer to a stranger; nothing for one who may call. */
export const refusedGuest = ({ target, host, origin, site }: Guest, port: number): HttpResponse | undefined => {
  const own = authorities(port);
  if (!target.startsWith('/') || host === undefined || !own.includes(host.toLowerCase()))
    return refused(`The local AWS answers only as ${own.join(', ')}: the request names another host.`);
  if (origin !== undefined && !own.some((authority) => origin.toLowerCase() === `http://${authority}`))
    return refused('The local AWS answers no page of another origin.');
  if (site === 'cross-site' || site === 'same-site') return refused('The local AWS answers no page of another site.');
  return undefined;
};
