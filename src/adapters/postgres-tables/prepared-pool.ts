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
    const query = (text: string, values: readonly unknown[]) => {
      const name = text.startsWith(ASKED_OFTEN) ? nameOf(text) : undefined;
      return client.query({ text, values: values as unknown[], ...(name && { name }) });
    };
    const wrapped = { query, release: () => client.release() } as unknown as PostgresPoolClient;
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
