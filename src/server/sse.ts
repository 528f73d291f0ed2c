import type { ServerResponse } from 'node:http';
import { type Stream, tooSlow } from './streams.ts';

/** An event stream on its way to one client. */
export type EventStream = {
  /** Hands over a frame; a promise where the client has to take some of what came before. */
  write(frame: Buffer | string): Promise<void> | undefined;
  /** Sends a last frame and ends; a client that does not take it is cut off after a moment. */
  end(frame: Buffer | string): void;
  /** Says why in a comment, and ends the connection in the middle of its stream. */
  breakOff(why: string): Promise<void>;
};

const HEAD = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Proxies that gather what they pass on would make a stream of nothing.
  'x-accel-buffering': 'no',
} as const;

/** What is still on its way gets so long. */
const LAST_WORDS_MS = 5_000;
/** graphql-sse notices an end only while it waits for the next frame: it is given the time to take the last one. */
const BREATH_MS = 50;

/** Begins an event stream. Its stream is closed with the connection, and ends when the client takes no byte for too long. */
export const openEventStream = (response: ServerResponse, stream: Stream, silenceMs: number): EventStream => {
  response.once('close', stream.close);
  // Its client may have left while it was found out who asks.
  if (response.destroyed) stream.close();
  else response.writeHead(200, HEAD);
  // Some clients do not believe in a stream before its first byte.
  if (!response.destroyed) response.write(':\n\n');
  // Node tells when nothing moved in either direction; nothing to send is no silence.
  response.removeAllListeners('timeout').setTimeout(silenceMs, () => {
    if (response.writableLength > 0) stream.end(tooSlow(silenceMs));
  });

  const drained = () =>
    new Promise<void>((resolve) => {
      const settle = () => {
        response.off('drain', settle);
        stream.signal.removeEventListener('abort', settle);
        resolve();
      };
      response.once('drain', settle);
      stream.signal.addEventListener('abort', settle, { once: true });
    });

  const end = (frame: Buffer | string) => {
    if (response.writableEnded || response.destroyed) return;
    response.end(frame);
    const cut = setTimeout(() => response.destroy(), LAST_WORDS_MS).unref();
    response.once('close', () => clearTimeout(cut));
  };

  return {
    write: (frame) => {
      if (response.writableEnded || response.destroyed || response.write(frame)) return undefined;
      return stream.signal.aborted ? undefined : drained();
    },
    end,
    breakOff: async (why) => {
      if (response.writableEnded || response.destroyed) return;
      response.write(`: ${why}\n\n`);
      await new Promise((resolve) => setTimeout(resolve, BREATH_MS));
      end('');
    },
  };
};
