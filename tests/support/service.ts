import { openLogLines } from '../../src/adapters/log-lines.ts';
import { type App, openApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { openServer, type RunningServer } from '../../src/server.ts';
import { freshDatabase } from './database.ts';
import { startIssuer } from './issuer.ts';
import type { TypedDocumentString } from './operations/typed/graphql.ts';

export type GraphqlError = {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly requestId?: string };
};
export type Answer<R> = {
  readonly data: R;
  readonly errors?: readonly GraphqlError[];
  readonly extensions?: { readonly position?: string };
};

/** Somebody with a token. */
export type Asker = {
  ask<R, V>(document: TypedDocumentString<R, V>, variables: V): Promise<Answer<R>>;
  /** For documents that no codegen knows. */
  query(document: string, variables?: object, headers?: Record<string, string>): Promise<Answer<never>>;
  /** What a subscription delivers, until the iteration is left. */
  subscribe<R, V>(document: TypedDocumentString<R, V>, variables: V): AsyncGenerator<Answer<R>>;
  subscribeTo(document: string, variables: object): AsyncGenerator<Answer<never>>;
};

/** The whole service on a database of its own. */
export type Service = AsyncDisposable & {
  readonly app: App;
  /** Where GraphQL is asked. */
  readonly endpoint: string;
  readonly url: string;
  readonly metricsUrl: string | null;
  /** What is open on the live doors. */
  readonly streams: RunningServer['streams'];
  /** Somebody with a token of these roles; `claims` stand in it as well. */
  as(sub: string, roles?: readonly string[], claims?: object): Promise<Asker>;
  /** Whoever comes with this token or machine key. */
  bearing(token: string): Asker;
  token(
    sub: string,
    options?: { readonly roles?: readonly string[]; readonly ttl?: string; readonly scope?: string },
  ): Promise<string>;
  close(): Promise<void>;
};

/** With variables of its own, where they are not the usual ones. */
export const openService = async (variables: Readonly<Record<string, string>> = {}): Promise<Service> => {
  const [database, issuer] = await Promise.all([freshDatabase(), startIssuer()]);
  const config = loadConfig({
    ...issuer.variables,
    DATABASE_URL: database.connectionString,
    PALABRE_MASTER_KEY: 'ab'.repeat(32),
    PORT: '0',
    ...variables,
  });
  const app = await openApp(config, { projections: 'run', logger: openLogLines({ level: 'silent', readable: false }) });
  const server = await openServer(app);
  const close = async () => {
    await server.close();
    await app.close();
    issuer.close();
    await database.drop();
  };
  const endpoint = `${server.url}/graphql`;
  const bearing = (token: string) => asker(endpoint, token);
  const token: Service['token'] = (sub, { roles = ['member'], ttl = '10m', ...claims } = {}) =>
    issuer.sign({ sub, name: sub, roles, ...claims }, ttl);
  const as = async (sub: string, roles: readonly string[] = ['member'], claims = {}) =>
    bearing(await issuer.sign({ sub, name: sub, roles, ...claims }));
  const { url, metricsUrl, streams } = server;
  return { app, endpoint, url, metricsUrl, streams, as, token, bearing, close, [Symbol.asyncDispose]: close };
};

const asker = (url: string, token: string): Asker => {
  const send = (query: string, variables: unknown, headers: Record<string, string>, signal?: AbortSignal) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body: JSON.stringify({ query, variables }),
      ...(signal && { signal }),
    });
  const json = async (query: string, variables: unknown, headers: Record<string, string> = {}) =>
    (await (await send(query, variables, { accept: 'application/json', ...headers })).json()) as Answer<never>;
  async function* follow(query: string, variables: unknown): AsyncGenerator<Answer<never>> {
    const leaving = new AbortController();
    const response = await send(query, variables, { accept: 'text/event-stream' }, leaving.signal);
    try {
      let text = '';
      for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
        text += chunk;
        const messages = text.split('\n\n');
        text = messages.pop() ?? '';
        for (const message of messages) {
          const data = /^data: (.*)$/m.exec(message)?.[1];
          if (data) yield JSON.parse(data) as Answer<never>;
        }
      }
    } finally {
      leaving.abort();
    }
  }
  return {
    ask: (document, variables) => json(String(document), variables),
    query: (document, variables = {}, headers = {}) => json(document, variables, headers),
    subscribe: (document, variables) => follow(String(document), variables),
    subscribeTo: follow,
  };
};
