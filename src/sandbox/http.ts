/** A request and a response as plain data: neither a socket nor a stream. */

/** Header names are in lower case. */
export type HttpRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Where it comes from, as the connection says and no header; this machine where nothing is said. */
  readonly ip?: string;
};

export type HttpResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** What a request asks for, whichever protocol carried it. */
export type ParsedRequest = {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
};
