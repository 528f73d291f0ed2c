import { COUNTED_TO } from '../projections/page.ts';
import type { StoredEvent } from '../src/core/event.ts';
import type { LogBatch } from '../src/core/event-log.ts';
import { decodeCursor, encodeCursor, START } from '../src/core/position.ts';
import { confidentialTypes, isConfidential } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import { type Connection, connectionOf } from './connection.ts';
import type { Context } from './context.ts';
import { pageSize } from './cursor.ts';
import { knownTypes } from './event-feed.ts';
import { withCursorFaults } from './fault.ts';

const SourceType = builder.enumType('EventSource', {
  description: 'Where an event came from.',
  values: {
    NATIVE: { description: 'Somebody, or an integration, did it here.' },
    IMPORT: { description: 'An import read it in an archive.' },
    SEED: { description: 'The generator of demonstration data.' },
  },
});

export const Event = builder.objectRef<StoredEvent>('Event').implement({
  description: 'Something that happened, as it stands in the log for ever. What is personal in it stays sealed.',
  fields: (t) => ({
    eventId: t.string({ description: 'A UUID, the same on every door.', resolve: ({ id }) => id }),
    type: t.exposeString('type', {
      description: 'What happened: a noun and a verb in the past, such as `PostPublished`.',
    }),
    version: t.exposeInt('version', { description: 'Which shape of the type its data has.' }),
    stream: t.exposeString('stream', { description: 'The stream that it stands in: a category, a dash, an id.' }),
    revision: t.exposeInt('revision', { description: 'Its place in the stream, from 0.' }),
    position: t.field({
      type: 'Position',
      description: 'Its place in the log.',
      resolve: ({ position, id }, _, { log }) => encodeCursor(log.identity, { position, eventId: id }),
    }),
    occurredAt: t.field({
      type: 'DateTime',
      description: 'When it happened; for something imported, when that was in the archive.',
      resolve: ({ metadata }) => metadata.occurredAt,
    }),
    recordedAt: t.field({
      type: 'DateTime',
      description: 'When the log took it in, by the clock of the log: what came later may say earlier.',
      resolve: ({ recordedAt }) => recordedAt,
    }),
    actor: t.string({
      description: 'The UUID of the member or service account who did it; `system` where nobody did.',
      resolve: ({ metadata }) => metadata.actor,
    }),
    source: t.field({
      type: SourceType,
      description: 'Where it came from.',
      resolve: ({ metadata }) => metadata.source,
    }),
    commandId: t.string({
      description: 'The command that wrote it; all events of one command share it.',
      resolve: ({ metadata }) => metadata.commandId,
    }),
    correlationId: t.string({
      description: 'What it belongs to: the same for all that one request set off.',
      resolve: ({ metadata }) => metadata.correlationId,
    }),
    causationId: t.string({
      description: 'What set it off: a command, or an event that a process reacted to.',
      resolve: ({ metadata }) => metadata.causationId,
    }),
    data: t.field({
      type: 'JSON',
      description: 'What it says. Ids in it are UUIDs; `sealed` is an envelope that only Palabre opens.',
      resolve: ({ data }) => data,
    }),
  }),
});

export const EventConnection = connectionOf(Event, 'events');

builder.queryField('events', (t) =>
  t.field({
    type: EventConnection,
    nullable: true,
    authScopes: { may: 'events:read' },
    description:
      'The log, in its order, without what is not published yet. For analysts and admins. A page may be empty and still have a next one: go on from its `endCursor`.',
    args: {
      after: t.arg.string({
        description: 'Only events after this cursor, or this `Position`; from the first one unless given.',
      }),
      first: t.arg.int({ description: 'How many events: 1 to 100, 20 unless given.' }),
      types: t.arg.stringList({ description: 'Only events of these types; of all types unless given.' }),
    },
    resolve: (_, { after, first, types }, context) => {
      const wanted = types ? knownTypes(types) : null;
      return withCursorFaults(context.log, () => readEvents(context, after ?? null, pageSize(first), wanted));
    },
  }),
);

/** How many places of the log are looked at for one event of a page, when only some types are asked for. */
const LOOK = 1_000;
const MAX_LOOKS = 100;

/** Places that are looked at in one go for a count: more of them where what is counted is rare. */
const WIDEST_LOOK = 200_000;
const COUNTED_AMONG = 5_000_000;

/** How many there are, counted no further than any list is; null where they are too rare for a log as long as this. */
const countEvents = async ({ log }: Context, types: readonly string[] | null): Promise<number | null> => {
  // Where places are numbered without gaps, the few that nobody is told of are counted instead of all others.
  const counted = types ?? (log.capabilities.densePositions ? confidentialTypes : null);
  const filter = counted && { filter: { types: counted } };
  let cursor = START;
  let found = 0;
  for (let looked = 0, width = COUNTED_TO; looked < COUNTED_AMONG; looked += width) {
    const batch: LogBatch = await log.readAll({ after: cursor, limit: width, ...filter });
    ({ cursor } = batch);
    found += counted ? batch.events.length : batch.events.filter(({ type }) => !isConfidential(type)).length;
    const count = counted === confidentialTypes ? Number(cursor.position) - found : found;
    if (count >= COUNTED_TO) return COUNTED_TO;
    if (batch.caughtUp) return count;
    width = batch.events.length > width / 100 ? COUNTED_TO : Math.min(2 * width, WIDEST_LOOK);
  }
  return null;
};

const readEvents = async (
  context: Context,
  after: string | null,
  size: number,
  types: readonly string[] | null,
): Promise<Connection<StoredEvent>> => {
  const { log } = context;
  let cursor = after === null ? START : decodeCursor(log.identity, after);
  if (after !== null) await log.verify(cursor);
  const found: StoredEvent[] = [];
  let caughtUp = false;
  for (let looks = 0; found.length <= size && !caughtUp && looks < MAX_LOOKS; looks++) {
    const batch: LogBatch = await log.readAll({
      after: cursor,
      limit: types ? LOOK : size + 1,
      ...(types && { filter: { types } }),
    });
    found.push(...batch.events.filter(({ type }) => !isConfidential(type)));
    ({ cursor, caughtUp } = batch);
  }
  const edges = found.slice(0, size).map((event) => ({
    node: event,
    cursor: () => encodeCursor(log.identity, { position: event.position, eventId: event.id }),
  }));
  const place = cursor;
  const isCut = found.length <= size && !caughtUp;
  return {
    edges,
    hasNextPage: isCut || found.length > size,
    hasPreviousPage: after !== null,
    ...(isCut && { end: () => encodeCursor(log.identity, place) }),
    count: () => countEvents(context, types),
  };
};
