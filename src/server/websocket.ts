import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type ExecutionArgs, type ExecutionResult, type GraphQLError, getOperationAST } from 'graphql';
import { CloseCode, handleProtocols, MessageType, makeServer, type SubscribePayload } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { Unauthenticated } from '../adapters/identity/index.ts';
import type { Logger } from '../adapters/log-lines.ts';
import type { Limits } from '../config/limits.ts';
import type { StreamLimits } from '../config/streams.ts';
import { freshId } from '../core/ids.ts';
import type { Viewer } from '../core/viewer.ts';
import type { Audit } from './audit.ts';
import { maskedResult, publicError, type Telling } from './faults.ts';
import { tooLong } from './limits/response.ts';
import type { Strangers } from './limits/strangers.ts';
import { watchSocket } from './socket-watch.ts';
import { cursorIn, finishedError, finishedResult, isOutage, lastResult, wholeResults } from './stream-result.ts';
import { ending, type Stream, type Streams } from './streams.ts';
import { turnAway } from './turn-away.ts';
import { untilClosed } from './until-ended.ts';

/** An operation that came over a socket. */
export type SocketOperation = {
  readonly requestId: string;
  readonly viewer: Viewer;
  readonly req: IncomingMessage;
  readonly payload: SubscribePayload;
};

/** An operation that may run: read, checked, with its context. */
export type Prepared = {
  readonly requestId: string;
  readonly args: ExecutionArgs;
  execute(args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult>;
  subscribe(args: ExecutionArgs): Promise<AsyncGenerator<ExecutionResult> | ExecutionResult>;
  /** What an answer says beside its data: position and cost. */
  tell(result: ExecutionResult): ExecutionResult;
};

export type WebSocketDoor = {
  readonly limits: StreamLimits & Pick<Limits, 'RESPONSE_BYTES'>;
  readonly streams: Streams;
  readonly strangers: Strangers;
  readonly audit: Audit;
  readonly logger: Logger;
  readonly origins: ReadonlySet<string>;
  /** Who asks, by what would be the `Authorization` header. Throws what the client is to hear. */
  admit(authorization: string): Promise<Viewer>;
  prepare(operation: SocketOperation): Promise<Prepared | readonly GraphQLError[]>;
};

/** What is known of a socket. */
type Extra = {
  readonly id: string;
  readonly socket: WebSocket;
  readonly req: IncomingMessage;
  readonly isOpen: () => boolean;
  readonly end: (error: unknown, code: number) => void;
  member?: Member;
  /** Operations that have something to say yet, and what waits until they have said it. */
  readonly speaking: Set<string>;
  whenSilent?: () => void;
};
type Member = { readonly viewer: Viewer; readonly authorization: string; readonly stream: Stream };

const INIT_MS = 3_000;
/** Operations that have to end get so long to say why. */
const FAREWELL_MS = 1_000;
/** Reasons of closing have little room. */
const MAX_REASON_BYTES = 123;
const TRY_AGAIN_LATER = 1013;
const GOING_AWAY = 1001;

/** GraphQL over WebSocket (`graphql-transport-ws`), with the rights and limits of the other doors. */
export const createWebSocketDoor = (door: WebSocketDoor) => {
  const { limits, streams, strangers: notLetIn, audit, logger, origins, admit, prepare } = door;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.MESSAGE_BYTES, handleProtocols });
  const running = new WeakMap<ExecutionArgs, Prepared>();
  /** Whose tokens have not come yet. */
  const strangers = new Set<WebSocket>();
  const preparedOf = (args: ExecutionArgs): Prepared => {
    const prepared = running.get(args);
    if (!prepared) throw new Error('An operation is prepared before it runs.');
    return prepared;
  };

  const server = makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: INIT_MS,
    onConnect: async ({ connectionParams = {}, extra }) => {
      const authorization = authorizationIn(connectionParams);
      // Who had a good token once may get another, however often it was shown since.
      const told = (error: unknown, viewer: Viewer | null, cause = error) => {
        const shown = publicError(error);
        if (shown) audit({ requestId: extra.id, door: 'WebSocket', viewer, error: shown });
        extra.end(error, codeOf(cause));
      };
      const stranger = { address: extra.req.socket.remoteAddress, sentToken: authorization !== '' };
      const refused = (error: unknown) => told(notLetIn(error, stranger), null, hasExpired(error) ? error : undefined);
      const viewer = await admit(authorization).catch(refused);
      if (!viewer) return false;
      try {
        if (!extra.isOpen()) return false;
        const stream = streams.open({ kind: 'SOCKETS', viewer, authorization });
        extra.member = { viewer, authorization, stream };
        strangers.delete(extra.socket);
        stream.signal.addEventListener('abort', () => extra.end(stream.signal.reason, codeOf(stream.signal.reason)));
        return true;
      } catch (error) {
        told(error, viewer);
        return false;
      }
    },
    onSubscribe: async ({ extra, subscriptions }, _, payload) => {
      const { member, req } = extra;
      if (!member) throw new Error('Nobody subscribes before the connection is acknowledged.');
      if (Object.keys(subscriptions).length > limits.SOCKET_OPERATIONS) return [tooManyOperations(limits)];
      const requestId = freshId();
      const prepared = await prepare({ ...member, requestId, req, payload });
      if (!('args' in prepared)) {
        const [error] = prepared;
        if (error) audit({ requestId, door: 'WebSocket', viewer: member.viewer, asking: payload, error });
        return prepared;
      }
      running.set(prepared.args, prepared);
      return prepared.args;
    },
    execute: (args) => preparedOf(args).execute(args),
    subscribe: (args) => preparedOf(args).subscribe(args),
    onOperation: ({ extra }, id, payload, args, result) => {
      extra.speaking.add(id);
      const prepared = preparedOf(args);
      const deliveries = Symbol.asyncIterator in result ? result : notBegun(args, result as ExecutionResult);
      if (!deliveries) {
        const answer = result as ExecutionResult;
        const { requestId, tell } = prepared;
        const [error] = answer.errors ?? [];
        if (error)
          audit({ requestId, door: 'WebSocket', viewer: extra.member?.viewer ?? null, asking: payload, error });
        return tell(answer);
      }
      let cursor: string | null = null;
      const { stream } = extra.member ?? {};
      const results = watched(wholeResults(deliveries as AsyncGenerator<ExecutionResult>), {
        onItem: (each) => {
          cursor = cursorIn(each) ?? cursor;
        },
        onError: (error) => {
          const outage = isOutage(error) && publicError(error);
          if (outage) stream?.end(outage);
        },
      });
      const signal = stream?.signal ?? AbortSignal.abort();
      const last = (error: unknown) => lastResult(error, cursor, { requestId: prepared.requestId, logger });
      return untilClosed(results, signal, last, () => hasSaidAll(extra, id));
    },
    onComplete: ({ extra }, id) => hasSaidAll(extra, id),
    onNext: (_, __, ___, args, result) =>
      finishedResult(result as ExecutionResult, { requestId: preparedOf(args).requestId, logger }) as never,
    onError: ({ extra }, _, __, errors) =>
      errors.map((error) => finishedError(error as GraphQLError, { requestId: extra.id, logger }).toJSON()),
  });

  const begin = (socket: WebSocket, raw: Socket, req: IncomingMessage) => {
    const end = (error: unknown, code: number) => {
      if (socket.readyState !== socket.OPEN) return;
      const shown = publicError(error);
      const reason = shown ? `${shown.extensions.code}: ${shown.message}` : '';
      if (error && !shown) logger.error({ err: error }, 'A WebSocket could not be admitted.');
      const close = () => watch.close(code, briefly(reason));
      if (extra.speaking.size === 0) return close();
      watch.hurry();
      // The last operation is over a moment before its client is told.
      extra.whenSilent = () => setImmediate(close);
      setTimeout(close, FAREWELL_MS).unref();
    };
    const extra: Extra = {
      id: freshId(),
      socket,
      req,
      isOpen: () => socket.readyState === socket.OPEN,
      end,
      speaking: new Set(),
    };
    strangers.add(socket);
    const watch = watchSocket(socket, raw, limits.SILENCE_MS, (error) => {
      if (extra.member) extra.member.stream.end(error);
      else end(error, TRY_AGAIN_LATER);
    });
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (data) => watch.send(short(data, limits.RESPONSE_BYTES, { requestId: extra.id, logger })),
        close: (code, reason) => watch.close(code ?? CloseCode.InternalServerError, reason ?? ''),
        onMessage: (hear) =>
          socket.on('message', (data) => {
            hear(String(data)).catch((error: unknown) => {
              logger.error({ err: error }, 'A message of a WebSocket could not be answered.');
              watch.close(CloseCode.InternalServerError, 'INTERNAL_SERVER_ERROR');
            });
          }),
      },
      extra,
    );
    socket.once('close', (code, reason) => {
      strangers.delete(socket);
      extra.member?.stream.close();
      closed(code, String(reason))?.catch(() => {});
    });
  };

  return {
    /** Takes over a connection whose client asks for a WebSocket. */
    upgrade: (request: IncomingMessage, raw: Socket, head: Buffer) => {
      const path = (request.url ?? '/').split('?', 1)[0];
      if (path !== '/graphql') return turnAway(raw, 404, 'There is nothing here: WebSockets are at /graphql.');
      if (!isAllowed(origins, request)) return turnAway(raw, 403, 'Pages of this origin may not call.');
      sockets.handleUpgrade(request, raw, head, (socket) => begin(socket, raw, request));
    },
    /** Closes the sockets of those who have not said who they are; all others end with their streams. */
    close: () => {
      for (const socket of strangers) socket.close(GOING_AWAY, 'SERVER_STOPPING');
    },
    /** Cuts off who does not answer. */
    terminate: () => {
      for (const socket of sockets.clients) socket.terminate();
    },
  };
};

/** A message that is longer than an answer may be is not sent: its operation is told so. */
const short = (message: string, max: number, telling: Telling): string => {
  // A character has at most three bytes.
  if (message.length * 3 <= max || Buffer.byteLength(message) <= max) return message;
  const { id } = JSON.parse(message) as { id?: string };
  const errors = [finishedError(tooLong(max), telling)];
  return JSON.stringify({ id, type: MessageType.Next, payload: { errors } });
};

/** The last of them lets a socket close that waits for it. */
const hasSaidAll = (extra: Extra, id: string) => {
  extra.speaking.delete(id);
  if (extra.speaking.size === 0) extra.whenSilent?.();
};

/** The token as a header would carry it, or bare. */
const authorizationIn = (parameters: Readonly<Record<string, unknown>>): string => {
  const { authorization, Authorization, token } = parameters;
  if (typeof token === 'string') return `Bearer ${token}`;
  const given = authorization ?? Authorization;
  return typeof given === 'string' ? given : '';
};

/**
 * Clients come back by themselves after each of these but the fatal ones, 4401, and 4429 for who knocks too often without a good token:
 * at the end of a token with a new one, after all that passes in a while. 4500, which names some of these reasons, is fatal to graphql-ws.
 */
const codeOf = (error: unknown): number => {
  const name = String(publicError(error)?.extensions.code);
  if (name === 'UNAUTHENTICATED' && !hasExpired(error)) return CloseCode.Unauthorized;
  return CLOSING[name] ?? TRY_AGAIN_LATER;
};
const CLOSING: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: CloseCode.Forbidden,
  TOKEN_EXPIRED: CloseCode.Forbidden,
  RATE_LIMITED: CloseCode.TooManyInitialisationRequests,
  SERVER_STOPPING: GOING_AWAY,
};
const hasExpired = (error: unknown) => error instanceof Unauthenticated && error.hasExpired;

/** A page may call from this server itself and from the origins that CORS lists; programs send no origin. */
const isAllowed = (origins: ReadonlySet<string>, { headers: { origin, host } }: IncomingMessage): boolean => {
  if (origin === undefined || origins.has(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
};

const tooManyOperations = ({ SOCKET_OPERATIONS: max }: StreamLimits) =>
  ending('TOO_MANY_STREAMS', `A WebSocket has at most ${max} operations at once (limit SOCKET_OPERATIONS).`, {
    limit: { name: 'SOCKET_OPERATIONS', max },
  });

/** No more than fits, and no half of a character. */
const briefly = (reason: string): string => {
  let short = reason;
  while (Buffer.byteLength(short) > MAX_REASON_BYTES) short = short.slice(0, -1);
  return short;
};

/** A subscription that an outage keeps from beginning breaks off like one that it cut. */
const notBegun = ({ document, operationName }: ExecutionArgs, result: ExecutionResult) => {
  const isSubscription = getOperationAST(document, operationName)?.operation === 'subscription';
  return isSubscription && result.errors?.some(isOutage) ? once(maskedResult(result)) : null;
};

async function* once<T>(item: T): AsyncGenerator<T> {
  yield item;
}

type Watching<T> = { readonly onItem: (item: T) => void; readonly onError: (error: unknown) => void };

const watched = <T>(source: AsyncGenerator<T>, { onItem, onError }: Watching<T>): AsyncGenerator<T> => ({
  next: async () => {
    try {
      const result = await source.next();
      if (!result.done) onItem(result.value);
      return result;
    } catch (error) {
      onError(error);
      throw error;
    }
  },
  return: (value) => source.return(value),
  throw: (error) => source.throw(error),
  [Symbol.asyncIterator]() {
    return this;
  },
});
