import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { POOL, type Store } from '../store.ts';

/** What one writes by hand: a serial position, a unique (stream, revision), one prepared INSERT an event, readers that page by position. */
export const TABLE = `
  create table plain (
    position bigserial primary key, stream text collate "C" not null, revision integer not null,
    type text collate "C" not null, version smallint not null, event_id uuid not null,
    recorded_at timestamptz(3) not null default now(), data json not null, meta json not null,
    unique (stream, revision))`;

const INSERT = {
  name: 'plain-insert',
  text: 'insert into plain (stream, revision, type, version, event_id, data, meta) values ($1, 0, $2, 1, $3, $4, $5)',
};
const PAGE = {
  name: 'plain-page',
  text: 'select position, event_id from plain where position > $1 order by position limit 1000',
};

export const open = async (connectionString: string): Promise<Store> => {
  const pool = new pg.Pool({ connectionString, max: POOL });
  await pool.query(TABLE);
  const reader = new pg.Pool({ connectionString, max: 1 });
  // What an idle connection dies of is told by the next query.
  for (const one of [pool, reader]) one.on('error', () => {});
  return {
    append: async ({ id, type, data, metadata }) => {
      await pool.query({ ...INSERT, values: [`post-${id}`, type, id, JSON.stringify(data), JSON.stringify(metadata)] });
    },
    follow: async (onEvent) => {
      let [after, stopped] = ['0', false];
      const ended = (async () => {
        while (!stopped) {
          const { rows } = await reader.query<[string, string]>({ ...PAGE, values: [after], rowMode: 'array' });
          for (const [position, id] of rows) {
            onEvent(id);
            after = position;
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
      const { rows } = await reader.query<{ event_id: string }>('select event_id from plain order by position');
      return rows.map(({ event_id }) => event_id);
    },
    close: async () => {
      await Promise.all([pool.end(), reader.end()]);
    },
  };
};
