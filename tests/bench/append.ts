import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../../src/adapters/migrate.ts';
import { openPostgresLog } from '../../src/adapters/postgres-log/index.ts';
import type { EventMetadata } from '../../src/core/event.ts';
import type { Cursor } from '../../src/core/position.ts';
import { figuresOf, type Round, writeFor } from './support/callers.ts';
import { printLine, say } from './support/line.ts';
import { assertTrue, median, rounded } from './support/measures.ts';
import { throwAwayDatabase } from './support/throw-away-database.ts';

// One durable event per append to a new stream, through the log's port, next to one prepared INSERT per event from a pool.

const CALLERS = [1, 32, 128, 512];
const REACH: Readonly<Record<number, number>> = { 32: 2, 128: 2.5 };
const ROUNDS = 5;
const WARM_UP_MS = 500;
const ROUND_MS = 2_000;
const POOL = 32;

await using database = await throwAwayDatabase();
await migrate(database);
const log = await openPostgresLog(database);
const pool = new pg.Pool({ connectionString: database.connectionString, max: POOL });
await pool.query(`
  create table plain (
    position bigserial primary key, stream text collate "C" not null, revision integer not null,
    type text collate "C" not null, version smallint not null, event_id uuid not null,
    recorded_at timestamptz(3) not null default now(), data json not null, meta json not null,
    unique (stream, revision))`);
const INSERT = {
  name: 'plain',
  text: 'insert into plain (stream, revision, type, version, event_id, data, meta) values ($1, $2, $3, $4, $5, $6, $7)',
};

const [postId, communityId, authorId] = [randomUUID(), randomUUID(), randomUUID()];
const data = { postId, communityId, authorId, kind: 'DISCUSSION', body: 'Shall we meet under the tree?' };
const metadata: EventMetadata = {
  actor: authorId,
  occurredAt: '2026-02-03T04:05:06.789Z',
  commandId: randomUUID(),
  inputHash: 'a'.repeat(64),
  correlationId: randomUUID(),
  causationId: randomUUID(),
  source: 'NATIVE',
};

let acknowledged: Cursor[] = [];

const appendOne = async (id: string) => {
  const [outcome] = await log.append([
    {
      commandId: id,
      inputHash: metadata.inputHash,
      stream: `post-${id}`,
      expected: 'none',
      events: [{ id, type: 'PostPublished', version: 1, data, metadata }],
    },
  ]);
  if (outcome?.status !== 'appended') throw new Error(`The log did not take an event: ${JSON.stringify(outcome)}`);
  acknowledged.push(outcome.last);
};

const insertOne = async (id: string) => {
  const values = [`post-${id}`, 0, 'PostPublished', 1, id, JSON.stringify(data), JSON.stringify(metadata)];
  await pool.query({ ...INSERT, values });
};

/** What was acknowledged stands in the log, each at its place, nothing else, and positions have no gaps. */
const assertWhole = async (before: Cursor) => {
  const places = new Map(acknowledged.map(({ position, eventId }) => [position, eventId]));
  let [cursor, expected] = [before, before.position];
  for (let caughtUp = false; !caughtUp; ) {
    const batch = await log.readAll({ after: cursor, limit: 10_000 });
    for (const { position, id } of batch.events) {
      expected += 1n;
      assertTrue(position === expected, `After position ${expected - 1n} comes ${position}.`);
      assertTrue(places.get(position) === id, `Position ${position} holds another event than was acknowledged.`);
    }
    ({ cursor, caughtUp } = batch);
  }
  const read = Number(cursor.position - before.position);
  assertTrue(places.size === acknowledged.length, 'Two appends were acknowledged at one position.');
  assertTrue(read === places.size, `${places.size} events were acknowledged, ${read} are stored.`);
  acknowledged = [];
};

const levels: object[] = [];
for (const callers of CALLERS) {
  const before = await log.head();
  await writeFor(WARM_UP_MS, callers, appendOne);
  await writeFor(WARM_UP_MS, callers, insertOne);
  const rounds: { own: Round; plain: Round }[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    rounds.push({
      own: await writeFor(ROUND_MS, callers, appendOne),
      plain: await writeFor(ROUND_MS, callers, insertOne),
    });
  await assertWhole(before);
  const ratios = rounds.map(({ own, plain }) => own.perSecond / plain.perSecond);
  levels.push({
    callers,
    ...figuresOf(rounds.map(({ own }) => own)),
    plainInsert: figuresOf(rounds.map(({ plain }) => plain)),
    ratio: rounded(median(ratios)),
    ratios: ratios.map((ratio) => rounded(ratio)),
    ...(REACH[callers] && { reach: REACH[callers] }),
  });
  say(`append: ${JSON.stringify(levels.at(-1))}`);
}
await log.close();
await pool.end();
const bytes = Buffer.byteLength(JSON.stringify(data)) + Buffer.byteLength(JSON.stringify(metadata));
await printLine('append', database.connectionString, { eventBytes: bytes, pool: POOL, levels });
