import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Position } from '../../core/position.ts';
import { type Database, newClient } from '../postgres.ts';
import type { Logger } from './logger.ts';

export const CHANNEL = 'palabre_log';

const FIRST_PAUSE = 50;
const LAST_PAUSE = 5_000;

type Options = {
  readonly database: Database;
  readonly logger: Logger;
  /** A log end that another process announces; undefined when announcements may have been missed. */
  readonly onHint: (head: Position | undefined) => void;
};

/** Hears what other processes append, on a connection of its own that is made again whenever it breaks. */
export const startListener = ({ database, logger, onHint }: Options): { close(): Promise<void> } => {
  let client: Client | undefined;
  let closed = false;

  const listen = async (): Promise<void> => {
    for (let pause = FIRST_PAUSE; !closed; pause = Math.min(2 * pause, LAST_PAUSE)) {
      const fresh = newClient(database, { name: 'listen' });
      try {
        await connect(fresh);
        return;
      } catch (error) {
        fresh.end().catch(() => {});
        logger.warn({ error }, 'Listening for announcements is impossible for now; the log is polled.');
        await sleep(pause, undefined, { ref: false });
      }
    }
  };

  const connect = async (fresh: Client): Promise<void> => {
    fresh.on('notification', ({ payload }) => onHint(BigInt(payload || 0)));
    fresh.on('error', () => {});
    await fresh.connect();
    await fresh.query(`listen ${CHANNEL}`);
    if (closed) return fresh.end();
    client = fresh;
    fresh.once('end', () => {
      client = undefined;
      if (!closed) void listen();
    });
    onHint(undefined);
  };

  void listen();
  return {
    close: async () => {
      closed = true;
      await client?.end();
    },
  };
};
