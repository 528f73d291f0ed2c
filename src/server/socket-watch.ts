import type { Socket } from 'node:net';
import type { GraphQLError } from 'graphql';
import type { WebSocket } from 'ws';
import { tooSlow } from './streams.ts';

/** A WebSocket that is looked after: slow clients are held back, dead ones noticed. */
export type WatchedSocket = {
  /** Resolves once the message has left for the network, or nothing is waited for any more. */
  send(data: string): Promise<void>;
  /** From now on nothing is waited for: what is sent comes right behind what is on its way. */
  hurry(): void;
  /** Closes after what is on its way; a client that does not take it is cut off after a moment. */
  close(code: number, reason: string): void;
};

const PING_MS = 12_000;
/** So many pings may stay without an answer while nothing else is on its way. */
const MISSED_PINGS = 2;
/** A client that does not take what it asked for is not heard until it does. */
const HELD_BYTES = 1024 * 1024;
const LAST_WORDS_MS = 5_000;

export const watchSocket = (
  socket: WebSocket,
  raw: Socket,
  silenceMs: number,
  onSlow: (error: GraphQLError) => void,
): WatchedSocket => {
  let missed = 0;
  let isHurried = false;
  const waiting = new Set<() => void>();
  const answered = () => {
    missed = 0;
  };
  const pings = setInterval(() => {
    // What is on its way tells more than a ping behind it.
    if (socket.bufferedAmount > 0) return;
    if (missed >= MISSED_PINGS) return socket.terminate();
    missed += 1;
    socket.ping();
  }, PING_MS).unref();
  socket.on('pong', answered).on('message', answered);
  // Errors of a connection end it, and `close` follows.
  socket.on('error', () => {});
  socket.once('close', () => clearInterval(pings));
  // Node tells when nothing moved in either direction; nothing to send is no silence.
  raw.setTimeout(silenceMs, () => {
    if (socket.bufferedAmount > 0 || raw.writableLength > 0) onSlow(tooSlow(silenceMs));
  });

  return {
    send: (data) =>
      new Promise((resolve, reject) => {
        if (socket.readyState !== socket.OPEN) return resolve();
        if (isHurried) resolve();
        else waiting.add(resolve);
        socket.send(data, (error) => {
          waiting.delete(resolve);
          if (socket.isPaused && socket.bufferedAmount < HELD_BYTES) socket.resume();
          if (error && socket.readyState === socket.OPEN) reject(error);
          else resolve();
        });
        if (socket.bufferedAmount >= HELD_BYTES) socket.pause();
      }),
    hurry: () => {
      isHurried = true;
      for (const resolve of waiting) resolve();
    },
    close: (code, reason) => {
      if (socket.readyState !== socket.OPEN) return;
      socket.close(code, reason);
      const cut = setTimeout(() => socket.terminate(), LAST_WORDS_MS).unref();
      socket.once('close', () => clearTimeout(cut));
      if (socket.isPaused) socket.resume();
    },
  };
};
