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

  const start = async () => {
    ring.restart(await reader.head());
    if (followers > 0) poll ??= setInterval(look, POLL).unref();
  };

  const stop = () => {
    started = undefined;
    clearInterval(poll);
    poll = undefined;
  };

  const look = () => {
    refresh().catch((error) => logger.warn({ error }, 'The end of the log cannot be read for now.'));
  };

  // A call during a read makes it read once more: whoever waits sees what was there when they asked.
  const refresh = (): Promise<void> => {
    again = true;
    reading ??= readWhileAsked().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  const readWhileAsked = async () => {
    while (again) {
      again = false;
      await readToEnd();
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
    hint: (head) => {
      if (poll && (head === undefined || head > ring.end().position)) look();
    },
    close: async () => {
      stop();
      await reading?.catch(() => {});
    },
  };
};
