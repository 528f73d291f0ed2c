import type { Client } from 'pg';
import type { AppendOutcome, Expected } from '../../core/event-log.ts';
import { asText } from '../postgres.ts';
import { refusal, type Storable } from '../storable.ts';

const EXPECTED = { none: -1, any: -2, exists: -3 } as const;

const revisionOf = (expected: Expected) => (typeof expected === 'number' ? expected : EXPECTED[expected]);

// Neither names nor JSON contain it, and the server takes a text apart at it faster than it reads JSON or arrays.
const SEPARATOR = '\x1f';

const statement = (name: string, call: string) =>
  ({ name, text: `select * from palabre_log.${call}`, rowMode: 'array', types: asText }) as const;

const APPEND = statement('append', 'append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)');
const APPEND_ONE = statement('append-one', 'append_one($1, $2, $3, $4, $5, $6, $7, $8, $9)');

/** Columns by append, as the server writes arrays; the last four are null unless there are duplicates. */
type Answer = readonly [
  verdict: string,
  before: string,
  actual: string,
  repeated: string | null,
  reached: string | null,
  firstId: string | null,
  lastId: string | null,
];

/** Appends to different streams in one transaction, each settled on its own. Throws when the statement fails as a whole. */
export const appendBatch = async (client: Client, batch: readonly Storable[]): Promise<AppendOutcome[]> => {
  const [only, ...others] = batch;
  if (only?.events.length === 1 && others.length === 0) {
    const outcome = await appendOne(client, only);
    if (outcome) return [outcome];
  }
  const { rows } = await client.query<string[]>({ ...APPEND, values: columnsOf(batch) });
  return toOutcomes(batch, rows[0] as unknown as Answer);
};

/** The short way for a lone writer. Undefined, and nothing done, when there is anything to decide. */
const appendOne = async (client: Client, storable: Storable): Promise<AppendOutcome | undefined> => {
  const { commandId, inputHash, stream, expected } = storable.request;
  const [stored] = storable.events;
  if (!stored) return undefined;
  const { id, type, version } = stored.event;
  const values = [commandId, inputHash, stream, revisionOf(expected), id, type, version, stored.data, stored.metadata];
  const { rows } = await client.query<[string, string]>({ ...APPEND_ONE, values });
  const [row] = rows;
  if (!row) return undefined;
  const place = { position: BigInt(row[0]), eventId: id };
  return { status: 'appended', first: place, last: place, revision: Number(row[1]) };
};

const columnsOf = (batch: readonly Storable[]): string[] => {
  const requests = batch.map(({ request }) => request);
  const events = batch.flatMap(({ events }) => events);
  const column = <T>(rows: readonly T[], value: (row: T) => string | number) => rows.map(value).join(SEPARATOR);
  return [
    column(requests, ({ commandId }) => commandId),
    column(requests, ({ inputHash }) => inputHash),
    column(requests, ({ stream }) => stream),
    column(requests, ({ expected }) => revisionOf(expected)),
    column(requests, ({ events }) => events.length),
    batch.flatMap(({ events }, n) => events.map(() => n + 1)).join(SEPARATOR),
    batch.flatMap(({ events }) => events.map((_, place) => place + 1)).join(SEPARATOR),
    column(events, ({ event }) => event.id),
    column(events, ({ event }) => event.type),
    column(events, ({ event }) => event.version),
    column(events, ({ data }) => data),
    column(events, ({ metadata }) => metadata),
  ];
};

const toOutcomes = (batch: readonly Storable[], answer: Answer): AppendOutcome[] => {
  const [verdict, before, actual, repeated, reached, firstId, lastId] = answer.map((array) =>
    array?.slice(1, -1).split(','),
  );
  return batch.map(({ events }, n): AppendOutcome => {
    const first = BigInt(before?.[n] ?? 0) + 1n;
    const place = (size: number, eventId: string | undefined) => ({
      position: first + BigInt(size - 1),
      eventId: eventId ?? '',
    });
    switch (verdict?.[n]) {
      case 'appended':
        return {
          status: 'appended',
          first: place(1, events[0]?.event.id),
          last: place(events.length, events.at(-1)?.event.id),
          revision: Number(actual?.[n]) + events.length,
        };
      case 'duplicate':
        return {
          status: 'duplicate',
          first: place(1, firstId?.[n]),
          last: place(Number(repeated?.[n]), lastId?.[n]),
          revision: Number(reached?.[n]),
        };
      case 'reused':
        return refusal('IDEMPOTENCY_KEY_REUSED', 'This command id was used before with another input: use a new one.');
      case 'conflict':
        return { status: 'conflict', actual: Number(actual?.[n]) };
      default:
        throw new Error(`The database gave no verdict on append ${n + 1} of ${batch.length}.`);
    }
  });
};
