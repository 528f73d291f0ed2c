import { WebSocket } from 'ws';
import { eventStream } from '../flows/clients/event-stream.ts';
import { PostPublishedDocument } from './operations/typed/graphql.ts';
import type { Service } from './service.ts';

/** What a live door says, in one form for all of them. */
export type Said = {
  /** A thing, a mark without one, or the end of the stream. */
  readonly is: 'thing' | 'mark' | 'end';
  readonly cursor: string;
  /** The id of the post that was published. */
  readonly id: string | null;
  /** Why it ended, or did not begin. */
  readonly code: string | null;
  /** Status of the answer, or code with which the socket was closed. */
  readonly how?: number;
  /** Everything, as text. */
  readonly text: string;
};

export type Opened = AsyncDisposable & { next(): Promise<Said>; close(): void };

export type Following = {
  readonly communityId: string;
  readonly after?: string | undefined;
  readonly document?: string;
};

/** One of the ways to follow what happens. */
export type Door = (service: Service, token: string, following: Following) => Opened;

const opened = (saying: AsyncGenerator<Said>, close: () => void): Opened => ({
  next: async () => (await saying.next()).value ?? { is: 'end', cursor: '', id: null, code: null, text: '' },
  close,
  [Symbol.asyncDispose]: async () => close(),
});

type Payload = { readonly cursor: string; readonly post: { readonly id: string } | null };

const ofResult = (text: string): Said => {
  const { data, errors } = JSON.parse(text) as {
    data?: { postPublished: Payload | null };
    errors?: { extensions: { code: string; cursor?: string } }[];
  };
  const [error] = errors ?? [];
  if (error) {
    const { code, cursor = '' } = error.extensions;
    return { is: 'end', cursor, id: null, code, text };
  }
  const { cursor = '', post = null } = data?.postPublished ?? {};
  return { is: post ? 'thing' : 'mark', cursor, id: post?.id ?? null, code: null, text };
};

const ofEnd = (text: string): Said => {
  const { code, cursor = '' } = JSON.parse(text) as { code: string; cursor?: string };
  return { is: 'end', cursor, id: null, code, text };
};

const sse: Door = (service, token, { document = String(PostPublishedDocument), ...variables }) => {
  const leaving = new AbortController();
  const say = async function* (): AsyncGenerator<Said> {
    const response = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: document, variables }),
      signal: leaving.signal,
    });
    const how = response.status;
    if (!response.ok) return yield { ...ofResult(/\{.*\}/.exec(await response.text())?.[0] ?? '{}'), how };
    for await (const { event, data, comment } of eventStream(response)) {
      if (event === 'next') yield ofResult(data);
      // Why the connection ends, where it does and not the subscription.
      else if (comment) yield { ...ofEnd(comment), how };
    }
  };
  return opened(say(), () => leaving.abort());
};

const events: Door = (service, token, { after }) => {
  const leaving = new AbortController();
  const say = async function* (): AsyncGenerator<Said> {
    const query = new URLSearchParams({ types: 'PostPublished', ...(after !== undefined && { after }) });
    const response = await fetch(`${service.url}/events?${query}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: leaving.signal,
    });
    const how = response.status;
    if (!response.ok) return yield { ...ofResult(await response.text()), how };
    for await (const { event, id, data } of eventStream(response)) {
      if (event === 'end') yield { ...ofEnd(data), how };
      else if (id) {
        const node = event === '' && data ? JSON.parse(data).subject : null;
        yield { is: node ? 'thing' : 'mark', cursor: id, id: node, code: null, text: data };
      }
    }
  };
  return opened(say(), () => leaving.abort());
};

const websocket: Door = (service, token, { document = String(PostPublishedDocument), ...variables }) => {
  const socket = openSocket(service);
  const say = async function* (): AsyncGenerator<Said> {
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    let cursor = '';
    for (;;) {
      const heard = await socket.next();
      if (heard.type === 'connection_ack')
        socket.send({ type: 'subscribe', id: '1', payload: { query: document, variables } });
      else if (heard.type === 'next') {
        const said = ofResult(JSON.stringify(heard.payload));
        cursor = said.cursor;
        yield said;
      } else if (heard.type === 'error') yield ofResult(JSON.stringify({ errors: heard.payload }));
      else if (heard.type === 'closed')
        yield {
          is: 'end',
          cursor,
          id: null,
          code: heard.reason?.split(':', 1)[0] ?? null,
          how: heard.code ?? 0,
          text: '',
        };
    }
  };
  return opened(say(), socket.close);
};

export const doors: readonly (readonly [string, Door])[] = [
  ['GraphQL over SSE', sse],
  ['GraphQL over WebSocket', websocket],
  ['/events', events],
];

export type Heard = {
  readonly type: string;
  readonly payload?: unknown;
  readonly code?: number;
  readonly reason?: string;
};

/** A WebSocket that speaks the protocol by hand. */
export const openSocket = (
  service: Service,
  { path = '/graphql', origin }: { path?: string; origin?: string } = {},
) => {
  const socket = new WebSocket(`${service.url.replace('http', 'ws')}${path}`, 'graphql-transport-ws', {
    ...(origin && { origin }),
  });
  const queue: Heard[] = [];
  let wake = () => {};
  const hear = (heard: Heard) => {
    queue.push(heard);
    wake();
  };
  socket.on('message', (data) => hear(JSON.parse(String(data))));
  socket.on('close', (code, reason) => hear({ type: 'closed', code, reason: String(reason) }));
  socket.on('unexpected-response', (_, { statusCode }) => hear({ type: 'refused', code: statusCode ?? 0 }));
  socket.on('error', () => {});
  const open = new Promise<void>((resolve) => socket.once('open', resolve));
  const next = async (): Promise<Heard> => {
    for (;;) {
      const first = queue.shift();
      if (first) return first;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return {
    socket,
    next,
    send: (message: object) => void open.then(() => socket.send(JSON.stringify(message))),
    close: () => socket.terminate(),
  };
};
