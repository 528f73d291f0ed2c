import type pg from 'pg';
import type { StoredEvent } from '../../core/event.ts';
import { CopyFault, type CopySource, type CopyTarget } from '../../core/log-copy.ts';
import type { LogIdentity } from '../../core/position.ts';
import { inTransaction } from '../postgres-tables/transaction.ts';
import { setReadOnly, standingOf } from './followed.ts';
import { createReader, toLogBatch } from './reader.ts';

const STORE = `
  with event as materialized (
    select * from unnest($1::bigint[], $2::uuid[], $3::text[], $4::smallint[], $5::text[], $6::integer[], $7::timestamptz[],
                         $8::text[], $9::text[], $10::uuid[], $11::text[])
      as e (position, id, type, version, stream, revision, recorded_at, data, meta, command_id, input_hash)
  ), opened as (
    insert into palabre_log.streams (name, stream_no, last_position, revision, opening_size, opened_by, opening_hash)
    select stream, position, position, 0, 0, command_id, input_hash from event where revision = 0
    returning name, stream_no, opened_by
  ), known as (
    select * from opened
    union all
    select s.name, s.stream_no, s.opened_by from palabre_log.streams s
     where s.name = any (select stream from event)
  ), written as (
    insert into palabre_log.log (position, stream_no, revision, version, event_id, recorded_at, type, stream, data, meta)
    select e.position, k.stream_no, e.revision, e.version, e.id, e.recorded_at, e.type, e.stream, e.data::json, e.meta::json
      from event e join known k on k.name = e.stream
  )
  insert into palabre_log.commands as c (command_id, stream_no, first_position, size, recorded_at, input_hash)
  select e.command_id, k.stream_no, min(e.position), count(*), min(e.recorded_at), min(e.input_hash)
    from event e join known k on k.name = e.stream
   where e.command_id <> k.opened_by
   group by e.command_id, k.stream_no
      on conflict (command_id, stream_no) do update set size = c.size + excluded.size`;

// In a statement of its own: one statement does not see the rows that it inserts.
const STREAMS = `
  update palabre_log.streams s
     set last_position = e.last_position, revision = e.revision, opening_size = s.opening_size + e.opening
    from (select stream, max(position) as last_position, max(revision) as revision,
                 count(*) filter (where command_id = (select opened_by from palabre_log.streams where name = stream)) as opening
            from unnest($1::bigint[], $2::text[], $3::integer[], $4::uuid[]) as e (position, stream, revision, command_id)
           group by stream) e
   where s.name = e.stream`;

/** A log on Postgres as one end of a copy. The database is migrated. */
export const postgresCopying = (pool: pg.Pool, where: string) => {
  const reader = createReader(pool);
  const readable = {
    readAll: async ({ after, limit = 1_000 }: Parameters<CopySource['readAll']>[0]) =>
      toLogBatch(await reader.page(after, limit), after),
    head: reader.head,
  };

  const target: CopyTarget = {
    ...readable,
    begin: async (source, identity) => {
      const { own, hasEvents, isReadOnly, followed } = await standingOf(pool);
      if (hasEvents && own.logId !== source.logId)
        throw new CopyFault(`${where} holds another log (${own.logId}): name an empty database.`);
      if (hasEvents && !isReadOnly)
        throw new CopyFault(
          `${where} holds this log as incarnation ${own.incarnation}, and it is in use: nothing is to be copied.`,
        );
      if (followed && followed.logId !== source.logId)
        throw new CopyFault(`${where} belongs to another log (${followed.logId}): name that log's own database.`);
      await pool.query('update palabre_log.head set log_id = $1, incarnation = $2, read_only = true', [
        identity.logId,
        identity.incarnation,
      ]);
    },
    store: async (events) => {
      const begin = `begin; set local palabre.copying = 'on'; select from palabre_log.head for update`;
      const store = async (client: pg.PoolClient) => {
        const { rows } = await client.query('select coalesce(max(position), 0) as position from palabre_log.log');
        await storePage(client, events, rows[0]?.position ?? 0n);
      };
      await inTransaction(pool, store, begin);
    },
  };

  return {
    target,
    source: async (): Promise<CopySource> => {
      const { own } = await standingOf(pool);
      return {
        ...readable,
        identity: own,
        closeToAppends: () => setReadOnly(pool, true),
        openToAppends: () => setReadOnly(pool, false),
      };
    },
    /** The log of this database is in use again, and everything else in it is about it. */
    open: (client: pg.ClientBase, { logId, incarnation }: LogIdentity) =>
      client.query(
        `update palabre_log.head
            set log_id = $1, incarnation = $2, read_only = false, followed_log_id = null, followed_incarnation = null`,
        [logId, incarnation],
      ),
  };
};

const storePage = async (client: pg.ClientBase, events: readonly StoredEvent[], end: bigint) => {
  const column = <T>(value: (event: StoredEvent, n: number) => T) => events.map(value);
  const positions = column((_, n) => end + BigInt(n + 1));
  const streams = column(({ stream }) => stream);
  const revisions = column(({ revision }) => revision);
  const commands = column(({ metadata }) => metadata.commandId);
  await client.query(STORE, [
    positions,
    column(({ id }) => id),
    column(({ type }) => type),
    column(({ version }) => version),
    streams,
    revisions,
    column(({ recordedAt }) => recordedAt),
    column(({ data }) => JSON.stringify(data)),
    column(({ metadata }) => JSON.stringify(metadata)),
    commands,
    column(({ metadata }) => metadata.inputHash),
  ]);
  await client.query(STREAMS, [positions, streams, revisions, commands]);
};
