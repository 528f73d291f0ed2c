import { sql } from '@event-driven-io/dumbo';
import {
  getPostgreSQLEventStore,
  postgreSQLEventStoreConsumer,
  postgreSQLRawBatchSQLProjection,
} from '@event-driven-io/emmett-postgresql';
import pg from 'pg';

/** Emmett's Postgres event store: expected version, one call an event, its own consumer as reader. */
export const open = async (connectionString, { pool: max }) => {
  const pool = new pg.Pool({ connectionString, max });
  const reader = new pg.Pool({ connectionString, max: 1 });
  // What an idle connection dies of is told by the next query.
  for (const one of [pool, reader]) one.on('error', () => {});
  const store = getPostgreSQLEventStore(connectionString, { connectionOptions: { pool } });
  await store.schema.migrate();
  return {
    append: async ({ id, type, data, metadata }) => {
      await store.appendToStream(`post-${id}`, [{ type, data: { ...data, id }, metadata }], {
        expectedStreamVersion: 'STREAM_DOES_NOT_EXIST',
      });
    },
    follow: async (onEvent) => {
      const consumer = postgreSQLEventStoreConsumer({
        connectionString,
        pulling: { batchSize: 1_000, pullingFrequencyInMs: 1 },
      });
      consumer.reactor({
        processorId: `bench-${process.pid}`,
        startFrom: 'BEGINNING',
        eachMessage: ({ data }) => onEvent(data.id),
      });
      const ended = consumer.start().catch(() => {});
      return {
        stop: async () => {
          await consumer.close();
          await ended;
        },
      };
    },
    stored: async () => {
      const { rows } = await reader.query(
        `select message_data->>'id' as id from emt_messages order by global_position`,
      );
      return rows.map(({ id }) => id);
    },
    close: async () => {
      await store.close().catch(() => {});
      await Promise.all([pool.end().catch(() => {}), reader.end()]);
    },
  };
};

/**
 * A consumer with one table of its own: every comment counted in the row of its post, through Emmett's raw SQL projection.
 * Answers how many events a second it projected, for so many seconds or until all are.
 */
export const project = async (connectionString, table, total, seconds) => {
  const pool = new pg.Pool({ connectionString, max: 1 });
  await pool.query(`create table ${table} (post text primary key, comments int not null)`);
  let seen = 0;
  const projection = postgreSQLRawBatchSQLProjection({
    name: table,
    canHandle: ['CommentPublished'],
    evolve: (events) => {
      seen += events.length;
      const count = `insert into %I as counted values (%L, 1)
        on conflict (post) do update set comments = counted.comments + 1`;
      return events.map(({ data }) => sql(count, table, data.postId));
    },
  });
  const consumer = postgreSQLEventStoreConsumer({
    connectionString,
    pulling: { batchSize: 1_000, pullingFrequencyInMs: 1 },
  });
  consumer.projector({ processorId: table, projection, startFrom: 'BEGINNING' });
  const began = performance.now();
  const ended = consumer.start();
  const end = began + seconds * 1_000;
  while (seen < total && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  const perSecond = (seen * 1_000) / (performance.now() - began);
  await consumer.close();
  await ended.catch(() => {});
  const { rows } = await pool.query(`select coalesce(sum(comments), 0)::int as comments from ${table}`);
  await pool.end();
  return { perSecond, seen, counted: rows[0].comments };
};
