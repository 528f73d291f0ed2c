import { GraphQLError } from 'graphql';
import { Unauthenticated } from '../adapters/identity/index.ts';
import type { StreamLimits } from '../config/streams.ts';
import type { FaultCode } from '../core/fault-codes.ts';
import { endOfMany } from '../core/patience.ts';
import type { Viewer } from '../core/viewer.ts';

/** Something that stays open: it ends with its token, with the server, or when its client takes nothing. */
export type Stream = {
  /** Aborts when it has to end; the reason is the error that its client is told. Without a reason: the client left. */
  readonly signal: AbortSignal;
  end(reason: GraphQLError): void;
  /** Its client is gone: gives its place to others. */
  close(): void;
};

export type Opening = {
  readonly kind: 'STREAMS' | 'SOCKETS';
  readonly viewer: Viewer;
  /** The credential: it is looked at again from time to time. */
  readonly authorization: string;
};

export type StreamFigures = {
  /** Event streams and WebSockets that are open now. */
  readonly open: number;
  /** How many were closed because their clients took nothing, since the start. */
  readonly tooSlow: number;
};

/** All that is open, on every door. */
export type Streams = {
  /** Throws the refusal where the account has as many open as it may. */
  open(opening: Opening): Stream;
  /** The server stops: everything ends with a reason, and nothing opens any more. */
  endAll(): void;
  figures(): StreamFigures;
};

/** A credential that was revoked, or whose member is gone, is noticed so late at most. */
const LOOK_AGAIN_MS = 60_000;
/** Timers hold no more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const createStreams = (
  limits: StreamLimits,
  /** Throws `Unauthenticated` where the credential is no longer good. */
  admit: (authorization: string) => Promise<unknown>,
): Streams => {
  const counts = new Map<string, number>();
  const all = new Set<Stream>();
  let isStopping = false;
  let slow = 0;

  const open = ({ kind, viewer, authorization }: Opening): Stream => {
    if (isStopping) throw stopping();
    const key = `${kind} ${viewer.account}`;
    const count = counts.get(key) ?? 0;
    if (count >= limits[kind]) throw tooMany(kind, limits[kind]);
    counts.set(key, count + 1);

    const ending = endOfMany();
    let isOpen = true;
    const end = (reason: GraphQLError) => {
      if (ending.signal.aborted) return;
      if (reason.extensions.code === 'CONSUMER_TOO_SLOW') slow += 1;
      ending.abort(reason);
    };
    const stopTimers = [
      viewer.expiresAt ? at(viewer.expiresAt, () => end(expired())) : () => {},
      every(LOOK_AGAIN_MS, () =>
        admit(authorization).catch((error: unknown) => {
          if (error instanceof Unauthenticated) end(expired());
        }),
      ),
    ];
    const stream: Stream = {
      signal: ending.signal,
      end,
      close: () => {
        if (!isOpen) return;
        isOpen = false;
        for (const stop of stopTimers) stop();
        all.delete(stream);
        const left = (counts.get(key) ?? 1) - 1;
        if (left > 0) counts.set(key, left);
        else counts.delete(key);
        ending.abort();
      },
    };
    all.add(stream);
    return stream;
  };

  return {
    open,
    endAll: () => {
      isStopping = true;
      for (const { end } of all) end(stopping());
    },
    figures: () => ({ open: all.size, tooSlow: slow }),
  };
};

const at = (time: Date, run: () => void): (() => void) => {
  let timer: NodeJS.Timeout;
  const wait = () => {
    const left = time.getTime() - Date.now();
    timer = setTimeout(left > LONGEST_TIMER_MS ? wait : run, Math.min(Math.max(left, 0), LONGEST_TIMER_MS));
    timer.unref();
  };
  wait();
  return () => clearTimeout(timer);
};

const every = (milliseconds: number, run: () => void): (() => void) => {
  const timer = setInterval(run, milliseconds).unref();
  return () => clearInterval(timer);
};

/** Why a stream ends, or does not begin: said in the same words on every door. */
export const ending = (code: FaultCode, message: string, details: object = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code, ...details } });

const expired = () =>
  ending(
    'TOKEN_EXPIRED',
    'The token is no longer good, and what it held open ends: go on from the last cursor with a new one.',
  );

const stopping = () =>
  ending('SERVER_STOPPING', 'This server stops: go on from the last cursor, here or at another one.', {
    http: { status: 503, headers: { 'Retry-After': '1' } },
  });

export const tooSlow = (silenceMs: number) =>
  ending(
    'CONSUMER_TOO_SLOW',
    `ConsumerTooSlow: nothing was taken for ${silenceMs / 1000} s (limit SILENCE_MS). Go on from the last cursor.`,
  );

const tooMany = (name: Opening['kind'], max: number) =>
  ending(
    'TOO_MANY_STREAMS',
    name === 'STREAMS'
      ? `An account has at most ${max} event streams open (limit STREAMS): close one, or put several subscriptions on one WebSocket.`
      : `An account has at most ${max} WebSockets open (limit SOCKETS): put several subscriptions on one.`,
    { limit: { name, max }, http: { status: 429, headers: { 'Retry-After': '5' } } },
  );
