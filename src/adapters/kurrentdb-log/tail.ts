import { setTimeout as sleep } from 'node:timers/promises';
import { endOfMany } from '../../core/patience.ts';
import { type Cursor, CursorError } from '../../core/position.ts';
import { createBell } from '../bell.ts';
import type { Logger } from '../postgres-log/logger.ts';
import type { Tail } from '../subscription.ts';
import type { Connection, Kurrent, Place, Resolved } from './client.ts';
import type { Reader } from './reader.ts';
import { createRecent } from './recent.ts';
import { type Names, toStored } from './stored.ts';

export type KurrentTail = Tail & {
  /** Whether an event stands at a place, where that can be told without asking. */
  knows(cursor: Cursor): boolean;
  close(): Promise<void>;
};

export type TailOptions = {
  readonly kurrent: Pick<Kurrent, 'filter'>;
  readonly connection: Connection;
  readonly reader: Reader;
  readonly names: Names;
  readonly logger: Logger;
  /** Hears of every event in the identity stream. */
  readonly onIdentity: (resolved: Resolved) => void;
  /** Hears how far the log is known to reach. */
  readonly onSeen: (position: bigint) => void;
  /** How often the subscription is compared with the end of the log, in milliseconds. */
  readonly watch?: number;
};

const FIRST_PAUSE = 50;
const LAST_PAUSE = 2_000;
const WATCH = 5_000;
/** What was appended before the end was read may still be on its way to the subscriber. */
const ON_ITS_WAY = 2_000;

/**
 * One subscription for everybody in this process, made again from its last place whenever it drops; what it delivers stays in
 * memory for all followers. It begins with the first follower and ends with the log.
 */
export const createTail = (options: TailOptions): KurrentTail => {
  const { kurrent, connection, reader, names, logger, onIdentity, onSeen, watch = WATCH } = options;
  const recent = createRecent();
  const bell = createBell();
  const closing = endOfMany();
  let started: Promise<void> | undefined;
  let running: Promise<void> | undefined;
  let drop: (() => void) | undefined;
  /** Everything up to here was delivered. A checkpoint's halves differ: its place does not cover an event that stands there. */
  let resume: Place = { commit: 0n, prepare: 0n };
  /** This is another log than the one that was followed. */
  let broken: CursorError | undefined;

  const start = async () => {
    const head = await reader.head();
    recent.restart(head);
    resume = { commit: head.position, prepare: head.position };
    onSeen(head.position);
    running = run();
    void look();
  };

  const hear = (resolved: Resolved) => {
    const { event } = resolved;
    if (event?.position && event.position.commit >= resume.commit) resume = event.position;
    if (event?.streamId === names.identity) return onIdentity(resolved);
    const stored = toStored(names, resolved);
    if (!stored) {
      if (event?.streamId.startsWith(names.prefix))
        logger.warn(
          { stream: event.streamId, type: event.type, position: `${event.position?.commit}` },
          'Somebody else wrote into a stream of Palabre, or deleted one: it is passed over.',
        );
      return;
    }
    if (!recent.push(stored)) return;
    onSeen(stored.position);
    bell.ring();
  };

  /** Resolves when the subscription has dropped, with whether it had delivered anything. */
  const subscribe = () =>
    new Promise<boolean>((dropped) => {
      let alive = false;
      const filter = kurrent.filter({
        prefixes: [names.prefix, names.identity],
        checkpointReached: (_, place) => {
          alive = true;
          if (place.commit > resume.commit) resume = place;
        },
      });
      const fromPosition = resume.commit === 0n ? 'start' : resume;
      const subscription = connection.client().subscribeToAll({ fromPosition, filter });
      const end = () => {
        drop = undefined;
        dropped(alive);
      };
      drop = () => {
        subscription.unsubscribe().catch(() => {});
        end();
      };
      subscription
        .on('data', (resolved) => {
          if (drop === undefined) return;
          alive = true;
          hear(resolved);
        })
        .on('error', (error) => {
          if (drop !== undefined && !closing.signal.aborted)
            logger.warn({ error }, 'The subscription to the log was cut; it is made again.');
          end();
        })
        .on('end', end)
        .on('close', end);
    });

  const run = async () => {
    for (let pause = FIRST_PAUSE; !closing.signal.aborted && !broken; ) {
      try {
        await stillStands();
        if (closing.signal.aborted || broken) return;
        if (await subscribe()) pause = FIRST_PAUSE;
      } catch (error) {
        logger.warn({ error }, 'The log cannot be followed for now.');
      }
      await sleep(pause, undefined, { signal: closing.signal, ref: false }).catch(() => {});
      pause = Math.min(2 * pause, LAST_PAUSE);
    }
  };

  /** A place beyond the end of an older log is taken in silence and nothing ever comes: so the place is looked at first. */
  const stillStands = async () => {
    try {
      await reader.verify(recent.end());
    } catch (error) {
      if (!(error instanceof CursorError)) throw error;
      broken = error;
      drop?.();
      bell.ring();
    }
  };

  /** A subscription that hangs, or follows a log that was exchanged below it, says nothing: somebody has to look. */
  const look = async () => {
    while (!closing.signal.aborted && !broken) {
      await sleep(watch, undefined, { signal: closing.signal, ref: false }).catch(() => {});
      if (closing.signal.aborted || !drop) continue;
      try {
        const end = recent.end();
        const head = await reader.head();
        if (head.position < end.position) await stillStands();
        if (head.position <= recent.end().position) continue;
        await sleep(Math.min(watch, ON_ITS_WAY), undefined, { signal: closing.signal, ref: false }).catch(() => {});
        if (recent.end().position !== end.position) continue;
        logger.warn({ at: `${end.position}` }, 'The subscription to the log stands still; it is made again.');
        drop?.();
      } catch (error) {
        if (!closing.signal.aborted) logger.warn({ error }, 'The end of the log cannot be read for now.');
      }
    }
  };

  const orFail = <R>(value: R): R => {
    if (broken) throw broken;
    return value;
  };

  return {
    join: async () => {
      started ??= start();
      await started.catch((error) => {
        started = undefined;
        throw error;
      });
      const { position } = await reader.head();
      await bell.wait(() => broken !== undefined || recent.end().position >= position, closing.signal);
      orFail(undefined);
    },
    leave: () => {},
    end: recent.end,
    after: (position, limit) => orFail(started && recent.after(position, limit)),
    knows: ({ position, eventId }) => !broken && running !== undefined && recent.idAt(position) === eventId,
    beyond: async (position, signal) => {
      await bell.wait(() => broken !== undefined || recent.end().position > position, signal);
      orFail(undefined);
    },
    close: async () => {
      closing.abort();
      drop?.();
      bell.ring();
      await started?.catch(() => {});
      await running;
    },
  };
};
