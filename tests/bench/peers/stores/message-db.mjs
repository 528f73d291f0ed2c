import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** @eventide/message-db: its own functions, asked through `pg`. `categories` 1 keeps all in one order, more is what it needs to scale. */
const openWith =
  (categories) =>
  async (connectionString, { pool: max }) => {
    const options = '-c search_path=message_store,public';
    const pool = new pg.Pool({ connectionString, max, options });
    const reader = new pg.Pool({ connectionString, max: 1, options });
    // What an idle connection dies of is told by the next query.
    for (const one of [pool, reader]) one.on('error', () => {});
    const WRITE = { name: 'write', text: 'select message_store.write_message($1, $2, $3, $4, $5, -1)' };
    const READ = {
      name: 'read',
      text: 'select global_position, id from message_store.get_category_messages($1, $2, 1000)',
    };
    let turn = 0;
    return {
      append: async ({ id, type, data, metadata }) => {
        const category = categories === 1 ? 'post' : `post${turn++ % categories}`;
        const values = [id, `${category}-${id}`, type, JSON.stringify(data), JSON.stringify(metadata)];
        await pool.query({ ...WRITE, values });
      },
      // A category's reader; over several categories message-db has no ordered reader of its own.
      follow: async (onEvent) => {
        let [next, stopped] = ['1', false];
        const ended = (async () => {
          while (!stopped) {
            const { rows } = await reader.query({ ...READ, values: ['post', next], rowMode: 'array' });
            for (const [position, id] of rows) {
              onEvent(id);
              next = String(BigInt(position) + 1n);
            }
            if (rows.length === 0) await pause(1);
          }
        })();
        return {
          stop: () => {
            stopped = true;
            return ended;
          },
        };
      },
      stored: async () => {
        const { rows } = await reader.query('select id from message_store.messages order by global_position');
        return rows.map(({ id }) => id);
      },
      close: async () => {
        await Promise.all([pool.end(), reader.end()]);
      },
    };
  };

export const openOneCategory = openWith(1);
export const openManyCategories = openWith(64);
