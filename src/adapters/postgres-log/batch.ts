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

type Row = readonly [
  outcome: 'appended' | 'duplicate' | 'reused' | 'conflict',
  firstPosition: string,
  size: string,
  revision: string,
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
  return (rows as unknown as Row[]).map((row, n) => toOutcome(row, batch[n] as Storable));
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

const toOutcome = (
  [outcome, firstPosition, size, revision, firstId, lastId]: Row,
  { events }: Storable,
): AppendOutcome => {
  if (outcome === 'conflict') return { status: 'conflict', actual: Number(revision) };
  if (outcome === 'reused')
    return refusal('IDEMPOTENCY_KEY_REUSED', 'This command id was used before with another input: use a new one.');
  const first = BigInt(firstPosition);
  return {
    status: outcome,
    first: { position: first, eventId: firstId ?? events[0]?.event.id ?? '' },
    last: { position: first + BigInt(size) - 1n, eventId: lastId ?? events.at(-1)?.event.id ?? '' },
    revision: Number(revision),
  };
};
