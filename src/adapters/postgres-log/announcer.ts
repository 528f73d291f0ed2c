import type { Client } from 'pg';
import type { Position } from '../../core/position.ts';
import { type Database, newClient } from '../postgres.ts';
import { CHANNEL } from './listener.ts';

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
    const fresh = newClient(database, { name: 'announce' });
    fresh.on('error', () => {});
    fresh.once('end', () => {
      client = undefined;
    });
    await fresh.connect();
    await fresh.query('set synchronous_commit = off');
    return fresh;
  };

  const run = async () => {
    try {
      while (latest !== undefined) {
        const head = latest;
        latest = undefined;
        client ??= connect();
        await (await client).query({
          name: 'announce',
          text: 'select pg_notify($1, $2)',
          values: [CHANNEL, `${head}`],
        });
      }
    } catch {
      // Listeners poll: they come a little later.
      client = undefined;
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
