import { randomUUID } from 'node:crypto';
import type { FoldedEvent, NewEvent, StoredEvent } from '../../../src/core/event.ts';
import type { EventLog } from '../../../src/core/event-log.ts';
import type { Cursor } from '../../../src/core/position.ts';
import {
  entity,
  first,
  integer,
  last,
  nullable,
  type Operation,
  type Projection,
  position,
  sum,
  tally,
  text,
  timestamp,
  uuid,
} from '../../../src/core/projection.ts';

/** Tables with every kind of column, and an event whose data is the operations that a projection makes of it. */
export const tables = {
  cards: entity({
    key: { id: uuid },
    columns: { title: text, note: nullable(text), seen: nullable(timestamp), size: nullable(integer), likes: sum },
    tuples: { opened: first({ by: text }), closed: last({ by: text }) },
    indexes: ['title', 'size desc where note is not null'],
  }),
  counts: tally({
    key: { board: text, day: integer },
    columns: { posts: sum, words: sum },
    tuples: { latest: last({ card: uuid }) },
  }),
  links: entity({ key: { source: uuid, target: uuid } }),
  marks: entity({ key: { id: uuid }, columns: { at: position } }),
};

export type OperationsOf = (
  data: { readonly operations: readonly Operation[] },
  event: FoldedEvent,
) => readonly Operation[];

/** A projection over `Happened` events; what it does with an event may be replaced, to let it fail. */
export const ledger = (
  name = 'ledger',
  version = 1,
  happened: OperationsOf = (data) => data.operations,
): Projection<typeof tables> => ({
  name,
  version,
  tables,
  on: { Happened: happened as never },
});

/** Bigints travel as text: events are JSON. */
export const happened = (operations: readonly Operation[], type = 'Happened'): NewEvent => ({
  id: randomUUID(),
  type,
  version: 1,
  data: {
    operations: JSON.parse(JSON.stringify(operations, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))),
  },
  metadata: {
    actor: 'system',
    occurredAt: '2026-01-01T00:00:00.000Z',
    commandId: randomUUID(),
    inputHash: 'none',
    correlationId: 'none',
    causationId: 'none',
    source: 'NATIVE',
  },
});

const revive = (_: string, value: unknown) =>
  typeof value === 'string' && /^-?\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value;

/** Knows every type but `Strange`. */
export const read = ({ metadata, ...event }: StoredEvent): FoldedEvent | null =>
  event.type === 'Strange' ? null : { ...event, ...metadata, data: JSON.parse(JSON.stringify(event.data), revive) };

/** Appends events, each to a stream of its own; answers where the last one stands. */
export const append = async (log: EventLog, events: readonly NewEvent[]): Promise<Cursor> => {
  const outcomes = await log.append(
    events.map((event) => ({
      commandId: randomUUID(),
      inputHash: 'none',
      stream: `ledger-${randomUUID()}`,
      expected: 'none' as const,
      events: [event],
    })),
  );
  const outcome = outcomes.at(-1);
  if (!outcome || !('last' in outcome)) throw new Error(`Not appended: ${JSON.stringify(outcome)}`);
  return outcome.last;
};
