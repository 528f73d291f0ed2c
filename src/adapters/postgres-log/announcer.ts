import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Position } from '../../core/position.ts';
import { type Database, newClient } from '../postgres.ts';
import { CHANNEL } from './listener.ts';

const NOTIFY = { name: 'announce', text: 'select pg_notify($1, $2)' };

// While appends come by the thousand, other processes hear of them often enough.
const PAUSE = 10;

const ANSWER_TIMEOUT = 5_000;

export type Announcer = { announce(head: Position): void; close(): Promise<void> };

/**
 * Tells other processes that the log has grown: one notification at a time, the latest end in it. A notification inside the
 * appending transaction would make all commits of the server wait for each other, so it has a session of its own. That session
 * writes no data, and nobody relies on a hint, so its commits do not wait for the disk.
 */
export const startAnnouncer = (database: Database): Announcer => {
  let client: Promise<Client> | undefined;
  let latest: Position | undefined;
  let work: Promise<void> | undefined;

  const connect = async (): Promise<Client> => {
    const fresh = newClient(database, { name: 'announce', answerTimeout: ANSWER_TIMEOUT });
    fresh.on('error', () => {});
    await fresh.connect();
    await fresh.query('set synchronous_commit = off');
    return fresh;
  };

  const run = async () => {
    while (latest !== undefined) {
      const head = latest;
      latest = undefined;
      try {
        client ??= connect();
        await (await client).query({ ...NOTIFY, values: [CHANNEL, `${head}`] });
      } catch {
        // Listeners poll: they come a little later. The next announcement tries another connection.
        client?.then((broken) => broken.end()).catch(() => {});
        client = undefined;
      }
      await sleep(PAUSE);
    }
    work = undefined;
  };

  return {
    announce: (head) => {
      latest = head;
      work ??= run();
    },
    close: async () => {
      await work;
      await (await client)?.end();
    },
  };
};
