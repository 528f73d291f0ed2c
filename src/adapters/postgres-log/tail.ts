import type { Position } from '../../core/position.ts';
import { createBell } from '../bell.ts';
import type { Tail } from '../subscription.ts';
import type { Logger } from './logger.ts';
import type { Reader } from './reader.ts';
import { createRing } from './ring.ts';

export type PostgresTail = Tail & {
  /** The log may have grown to this position; undefined: somewhere. */
  hint(head: Position | undefined): void;
  close(): Promise<void>;
};

const POLL = 1_000;
const PAGE = 1_000;

/**
 * One reader for everybody in this process. Hints say when to look, a poll makes sure; what was read stays in a ring for all
 * followers. Without followers it does nothing.
 */
export const createTail = (reader: Reader, logger: Logger): PostgresTail => {
  const ring = createRing();
  const bell = createBell();
  let followers = 0;
  let started: Promise<void> | undefined;
  let poll: NodeJS.Timeout | undefined;
  let reading: Promise<void> | undefined;
  let again = false;
  let hinted = 0n;

  const start = async () => {
    ring.restart(await reader.head());
    if (followers > 0) poll ??= setInterval(look, POLL).unref();
  };

  const stop = () => {
    started = undefined;
    clearInterval(poll);
    poll = undefined;
  };

  const warn = (error: unknown) => logger.warn({ error }, 'The end of the log cannot be read for now.');

  const look = () => {
    refresh().catch(warn);
  };

  // A call during a read makes it read once more: whoever waits sees what was there when they asked.
  const refresh = (): Promise<void> => {
    again = true;
    return read();
  };

  const read = (): Promise<void> => {
    reading ??= readWhileAsked();
    return reading;
  };

  const readWhileAsked = async () => {
    try {
      while (again || hinted > ring.end().position) {
        again = false;
        const aim = hinted;
        await readToEnd();
        // What a hint promised may not be there: the next hint, or the poll, looks again.
        if (hinted === aim && ring.end().position < aim) hinted = 0n;
      }
    } finally {
      reading = undefined;
    }
  };

  const readToEnd = async () => {
    for (let caughtUp = false; !caughtUp && followers > 0; ) {
      const from = ring.end();
      const page = await reader.page(from, PAGE);
      // The ring may have been started anew meanwhile: then this page is not what comes next.
      if (ring.end() !== from) continue;
      ring.push(page.events);
      bell.ring();
      caughtUp = page.caughtUp;
    }
  };

  return {
    join: async () => {
      followers += 1;
      started ??= start();
      await started.catch((error) => {
        started = undefined;
        throw error;
      });
      await refresh();
    },
    leave: () => {
      followers -= 1;
      if (followers === 0) stop();
    },
    end: ring.end,
    after: ring.after,
    beyond: (position, signal) => bell.wait(() => ring.end().position > position, signal),
    // Each append is hinted at twice, by its committer and by the announcement that comes back: one read serves both.
    hint: (head) => {
      if (!poll) return;
      if (head === undefined) return look();
      if (head > hinted) hinted = head;
      if (hinted > ring.end().position && !reading) read().catch(warn);
    },
    close: async () => {
      stop();
      await reading?.catch(() => {});
    },
  };
};
