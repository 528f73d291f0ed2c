import type { StoredEvent } from '../../core/event.ts';
import type { LogBatch, LogFilter } from '../../core/event-log.ts';
import { type Cursor, CursorError, START } from '../../core/position.ts';
import { assertStands } from '../cursor-check.ts';
import type { Connection, Kurrent, KurrentClient, Recorded, Resolved } from './client.ts';
import { isStreamDeleted, isStreamNotFound, KurrentFault, NoAnswer, unavailable, within } from './faults.ts';
import { type Names, sizeOf, toStored } from './stored.ts';

export type Reader = ReturnType<typeof createReader>;

export type ReaderOptions = {
  readonly kurrent: Pick<Kurrent, 'filter'>;
  readonly connection: Connection;
  readonly names: Names;
  readonly address: string;
  /** How long one page may take, in milliseconds: the client itself waits for ever. */
  readonly patience: number;
};

const STREAM_PAGE = 500;
const ALL_PAGE = 5_000;
/** Every read of the client has a cost of its own, so whoever reads long pages is read ahead for. */
const LONG = 500;
const AHEAD = 4;
/** Unless one of the first events of the page before took so many bytes. */
const HEAVY = 16 * 1024;
const SAMPLE = 50;

const ANOTHER = 'another event';

/** Reads by pages that are read to their end: one that is broken off stalls the reads after it. */
export const createReader = ({ kurrent, connection, names, address, patience }: ReaderOptions) => {
  const filter = kurrent.filter({ prefixes: [names.prefix] });
  /** What was read beyond the last page: whoever reads all of the log asks for it next. */
  let isHeavy = false;
  let ahead: { readonly after: bigint; readonly events: StoredEvent[] } | undefined;

  const page = async (ask: (client: KurrentClient) => AsyncIterable<Resolved>): Promise<Resolved[]> => {
    const client = connection.client();
    const drain = async () => {
      const found: Resolved[] = [];
      for await (const resolved of ask(client)) found.push(resolved);
      return found;
    };
    try {
      return await within(patience, drain());
    } catch (error) {
      if (error instanceof NoAnswer) connection.renew(client);
      throw error;
    }
  };

  /** Errors that tell about the server become words; those that tell about the question stay what they are. */
  const told = async <R>(read: () => Promise<R>): Promise<R> => {
    try {
      return await read();
    } catch (error) {
      if (error instanceof CursorError || error instanceof KurrentFault) throw error;
      throw unavailable(error, address);
    }
  };

  const streamPage = (stream: string, from: number, maxCount: number) =>
    page((client) => client.readStream(stream, { fromRevision: BigInt(from), maxCount, requiresLeader: true }));

  /** Raw events of any stream; none where there is no such stream. */
  const records = async (stream: string, from: number, limit: number): Promise<Recorded[]> => {
    const found: Recorded[] = [];
    try {
      for (let next = from; found.length < limit; ) {
        const asked = Math.min(STREAM_PAGE, limit - found.length);
        const events = (await streamPage(stream, next, asked)).flatMap(({ event }) => event ?? []);
        found.push(...events);
        const last = events.at(-1);
        if (!last || events.length < asked) break;
        next = Number(last.revision) + 1;
      }
      return found;
    } catch (error) {
      if (isStreamNotFound(error)) return [];
      if (isStreamDeleted(error)) throw damaged(stream, 'was deleted for good');
      throw error;
    }
  };

  const head = async (): Promise<Cursor> => {
    for (let maxCount = 1; ; maxCount *= 8) {
      const newest = await page((client) =>
        client.readAll({ fromPosition: 'end', direction: 'backwards', maxCount, filter, requiresLeader: true }),
      );
      for (const resolved of newest) {
        const event = toStored(names, resolved);
        if (event) return { position: event.position, eventId: event.id };
      }
      if (newest.length < maxCount) return START;
    }
  };

  /** The id of the event at a place; undefined when the log ends before it. */
  const idAt = async (cursor: Cursor): Promise<string | undefined> => {
    const end = await head();
    if (cursor.position > end.position) return undefined;
    if (cursor.position === end.position) return end.eventId;
    const fromPosition = { commit: cursor.position, prepare: cursor.position };
    try {
      const [found] = await page((client) =>
        client.readAll({ fromPosition, maxCount: 1, filter, requiresLeader: true }),
      );
      return found?.event?.position?.commit === cursor.position ? found.event.id : ANOTHER;
    } catch {
      // A place between two events is called an outage by the client. Where the log answers otherwise, it is none.
      await head();
      return ANOTHER;
    }
  };

  return {
    /** The newest event of any stream. */
    newest: (stream: string): Promise<Recorded | undefined> =>
      told(async () => {
        try {
          const [found] = await page((client) =>
            client.readStream(stream, {
              fromRevision: 'end',
              direction: 'backwards',
              maxCount: 1,
              requiresLeader: true,
            }),
          );
          return found?.event;
        } catch (error) {
          if (isStreamNotFound(error)) return undefined;
          throw error;
        }
      }),

    /** A stream's events. Throws `KurrentFault` where some are missing: a decision must not stand on half of them. */
    stream: (stream: string, from: number, limit = Number.MAX_SAFE_INTEGER): Promise<StoredEvent[]> =>
      told(async () => {
        const found = await records(names.of(stream), from, limit);
        return found.map((event, n) => {
          if (Number(event.revision) !== from + n)
            throw damaged(names.of(stream), `lacks what stood at revision ${from + n}`);
          const stored = toStored(names, { event });
          if (!stored)
            throw damaged(names.of(stream), `holds at revision ${event.revision} what Palabre did not write`);
          return stored;
        });
      }),

    head: () => told(head),

    all: (after: Cursor, limit: number, types: LogFilter['types']): Promise<LogBatch> =>
      told(async () => {
        const found = ahead?.after === after.position ? ahead.events : [];
        ahead = undefined;
        let from = found.at(-1)?.position ?? after.position;
        const wanted = limit >= LONG && !isHeavy ? AHEAD * limit : limit;
        for (let more = true; more && found.length <= limit; ) {
          // The place itself comes first and is no news; one more than asked for tells whether anything stands behind.
          const maxCount = Math.min(ALL_PAGE, wanted - found.length + 2);
          const fromPosition = from === START.position ? 'start' : { commit: from, prepare: from };
          const events = await page((client) =>
            client.readAll({ fromPosition, maxCount, filter, requiresLeader: true }),
          );
          for (const resolved of events) {
            const position = resolved.event?.position?.commit ?? 0n;
            if (position <= from) continue;
            from = position;
            const event = toStored(names, resolved);
            if (event) found.push(event);
          }
          more = events.length === maxCount;
        }
        const taken = found.slice(0, limit);
        const last = taken.at(-1);
        const rest = found.slice(limit);
        isHeavy = taken.slice(0, SAMPLE).some(({ data }) => sizeOf(data) > HEAVY);
        if (last && rest.length > 0 && rest.length < limit * AHEAD) ahead = { after: last.position, events: rest };
        return {
          events: types ? taken.filter(({ type }) => types.includes(type)) : taken,
          cursor: last ? { position: last.position, eventId: last.id } : after,
          caughtUp: found.length <= limit,
        };
      }),

    verify: (cursor: Cursor): Promise<void> =>
      told(async () => {
        if (cursor.position === START.position && cursor.eventId === START.eventId) return;
        assertStands(cursor, cursor.position <= 0n ? undefined : await idAt(cursor));
      }),
  };
};

const damaged = (stream: string, how: string) =>
  new KurrentFault(
    `The stream "${stream}" in KurrentDB ${how}: somebody deleted, truncated or wrote there. Palabre goes no further with it; restore it from a backup.`,
  );
