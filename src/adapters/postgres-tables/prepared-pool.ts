import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { ASKED_OFTEN } from '../../core/projection.ts';

/** More texts than the queries that are asked often have; of generations to come, the next ones go unprepared. */
const MAX_PREPARED = 500;

/** A pool whose sessions keep the plan of each statement that says of itself that it is asked often. */
export const preparedPool = (pool: Pool): PostgresPool => {
  const names = new Map<string, string>();
  const clients = new WeakMap<PoolClient, PostgresPoolClient>();

  const nameOf = (text: string): string | undefined => {
    const known = names.get(text);
    if (known || names.size >= MAX_PREPARED) return known;
    const name = `often-${names.size + 1}`;
    names.set(text, name);
    return name;
  };

  const wrap = (client: PoolClient): PostgresPoolClient => {
    // A session that is being ended says so some time before its connection closes: nobody else is to be given it meanwhile.
    let failed = false;
    const query = async (text: string, values: readonly unknown[]) => {
      const name = text.startsWith(ASKED_OFTEN) ? nameOf(text) : undefined;
      try {
        return await client.query({ text, values: values as unknown[], ...(name && { name }) });
      } catch (error) {
        failed = true;
        throw error;
      }
    };
    const wrapped = { query, release: () => client.release(failed) } as unknown as PostgresPoolClient;
    clients.set(client, wrapped);
    return wrapped;
  };

  return {
    connect: async () => {
      const client = await pool.connect();
      return clients.get(client) ?? wrap(client);
    },
    end: () => pool.end(),
  } as PostgresPool;
};
