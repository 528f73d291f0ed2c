import { openLogLines } from '../../src/adapters/log-lines.ts';
import { type App, openApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { openServer } from '../../src/server.ts';
import { freshDatabase } from './database.ts';
import { startIssuer } from './issuer.ts';
import type { TypedDocumentString } from './operations/typed/graphql.ts';

export type GraphqlError = {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string };
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
  query(document: string, variables?: object): Promise<Answer<never>>;
  /** What a subscription delivers, until the iteration is left. */
  subscribe<R, V>(document: TypedDocumentString<R, V>, variables: V): AsyncGenerator<Answer<R>>;
};

/** The whole service on a database of its own. */
export type Service = AsyncDisposable & {
  readonly app: App;
  as(sub: string, roles?: readonly string[]): Promise<Asker>;
  close(): Promise<void>;
};

export const openService = async (): Promise<Service> => {
  const [database, issuer] = await Promise.all([freshDatabase(), startIssuer()]);
  const config = loadConfig({
    ...issuer.variables,
    DATABASE_URL: database.connectionString,
    PALABRE_MASTER_KEY: 'ab'.repeat(32),
    PORT: '0',
  });
  const app = await openApp(config, { projections: 'run', logger: openLogLines({ level: 'silent', readable: false }) });
  const server = await openServer(app);
  const close = async () => {
    await server.close();
    await app.close();
    issuer.close();
    await database.drop();
  };
  const as = async (sub: string, roles: readonly string[] = ['member']) =>
    asker(`${server.url}/graphql`, await issuer.sign({ sub, name: sub, roles }));
  return { app, as, close, [Symbol.asyncDispose]: close };
};

const asker = (url: string, token: string): Asker => {
  const send = (query: string, variables: unknown, accept: string, signal?: AbortSignal) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
      ...(signal && { signal }),
    });
  const json = async (query: string, variables: unknown) =>
    (await (await send(query, variables, 'application/json')).json()) as Answer<never>;
  return {
    ask: (document, variables) => json(String(document), variables),
    query: (document, variables = {}) => json(document, variables),
    async *subscribe(document, variables) {
      const leaving = new AbortController();
      const response = await send(String(document), variables, 'text/event-stream', leaving.signal);
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
    },
  };
};
