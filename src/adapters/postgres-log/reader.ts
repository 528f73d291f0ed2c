import type pg from 'pg';
import type { StoredEvent } from '../../core/event.ts';
import type { LogBatch } from '../../core/event-log.ts';
import { type Cursor, type LogIdentity, START } from '../../core/position.ts';
import { assertStands } from '../cursor-check.ts';
import { asText } from '../postgres.ts';

/** An event and the length of its JSON. */
export type SizedEvent = { readonly event: StoredEvent; readonly bytes: number };

export type Page = { readonly events: readonly SizedEvent[]; readonly caughtUp: boolean };

type Row = readonly [
  position: string,
  eventId: string,
  type: string,
  stream: string,
  revision: string,
  version: string,
  recordedAt: string,
  data: string,
  metadata: string,
];

const COLUMNS = `position, event_id, type, stream, revision, version, recorded_at at time zone 'UTC', data, meta`;

const statement = (name: string, text: string) => ({ name, text, rowMode: 'array', types: asText }) as const;

const IDENTITY = statement('log-identity', 'select log_id, incarnation from palabre_log.head');
const HEAD = statement('log-head', 'select position, event_id from palabre_log.log order by position desc limit 1');
const EVENT_ID = statement('log-event-id', 'select event_id from palabre_log.log where position = $1');
const PAGE = statement(
  'log-page',
  `select ${COLUMNS} from palabre_log.log where position > $1 order by position limit $2`,
);
// The window's last place is read whatever its type: it says how far the reader has come.
const FILTERED_PAGE = statement(
  'log-filtered-page',
  `select ${COLUMNS}, (select max(position) from palabre_log.log)
     from palabre_log.log
    where position > $1 and position <= $1::bigint + $2::bigint
      and (type = any($3::text[])
           or position = (select max(position) from palabre_log.log where position > $1 and position <= $1::bigint + $2::bigint))
    order by position`,
);
const STREAM = statement(
  'log-stream',
  `select ${COLUMNS}
     from palabre_log.log
    where stream_no = (select stream_no from palabre_log.streams where name = $1) and revision >= $2
    order by revision limit $3`,
);

export type Reader = ReturnType<typeof createReader>;

export const createReader = (pool: pg.Pool) => {
  const rows = async <R extends readonly string[]>(
    query: ReturnType<typeof statement>,
    values: unknown[] = [],
  ): Promise<R[]> => (await pool.query<string[]>({ ...query, values })).rows as unknown as R[];

  return {
    async identity(): Promise<LogIdentity> {
      const [row] = await rows<readonly [string, string]>(IDENTITY);
      if (!row) throw new Error('The table palabre_log.head is empty: this database was not migrated whole.');
      return { logId: row[0], incarnation: Number(row[1]) };
    },

    async head(): Promise<Cursor> {
      const [row] = await rows<readonly [string, string]>(HEAD);
      return row ? { position: BigInt(row[0]), eventId: row[1] } : START;
    },

    /** The next events with their sizes, and whether the log ended with them. */
    async page(after: Cursor, limit: number): Promise<Page> {
      // One more than asked for: it tells whether anything stands after the page.
      const found = await rows<Row>(PAGE, [after.position, limit + 1]);
      return { events: found.slice(0, limit).map(toEvent), caughtUp: found.length <= limit };
    },

    async filteredPage(after: Cursor, limit: number, types: readonly string[]): Promise<LogBatch> {
      const found = await rows<readonly [...Row, string]>(FILTERED_PAGE, [after.position, limit, types]);
      const last = found.at(-1);
      if (!last) return { events: [], cursor: after, caughtUp: true };
      const events = found.filter(([, , type]) => types.includes(type)).map((row) => toEvent(row).event);
      return { events, cursor: { position: BigInt(last[0]), eventId: last[1] }, caughtUp: last[0] === last[9] };
    },

    async stream(stream: string, from: number, limit: number | null): Promise<StoredEvent[]> {
      return (await rows<Row>(STREAM, [stream, from, limit])).map((row) => toEvent(row).event);
    },

    async verify({ position, eventId }: Cursor): Promise<void> {
      if (position === START.position && eventId === START.eventId) return;
      const [row] = await rows<readonly [string]>(EVENT_ID, [position]);
      assertStands({ position, eventId }, row?.[0]);
    },
  };
};

export const toLogBatch = ({ events, caughtUp }: Page, after: Cursor): LogBatch => {
  const last = events.at(-1)?.event;
  return {
    events: events.map(({ event }) => event),
    cursor: last ? { position: last.position, eventId: last.id } : after,
    caughtUp,
  };
};

type Parsed = Row | readonly [...Row, string];

const toEvent = ([position, id, type, stream, revision, version, recordedAt, data, metadata]: Parsed): SizedEvent => ({
  event: {
    id,
    type,
    version: Number(version),
    data: JSON.parse(data),
    metadata: JSON.parse(metadata),
    stream,
    revision: Number(revision),
    position: BigInt(position),
    recordedAt: toRfc3339(recordedAt),
  },
  bytes: data.length + metadata.length,
});

/** `2026-11-23 20:00:00.5`, as the server writes a time, with the milliseconds it leaves out. */
const toRfc3339 = (time: string) => `${time.slice(0, 10)}T${time.slice(11, 19)}.${time.slice(20).padEnd(3, '0')}Z`;
