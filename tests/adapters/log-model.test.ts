import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openMemoryLog } from '../../src/adapters/memory-log.ts';
import { migrate } from '../../src/adapters/migrate.ts';
import { openPostgresLog } from '../../src/adapters/postgres-log/index.ts';
import type { StoredEvent } from '../../src/core/event.ts';
import type { AppendOutcome, AppendRequest, EventLog, Expected, LogBatch } from '../../src/core/event-log.ts';
import { derivedId } from '../../src/core/ids.ts';
import { type Cursor, START } from '../../src/core/position.ts';
import { atLength } from '../support/at-length.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { event } from './appends.ts';

let database: TestDatabase;
let admin: pg.Client;

beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database);
  admin = new pg.Client(database);
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});

/** The log in memory, which is what the other one must be like. */
type Model = { readonly log: EventLog };
/** The log on Postgres. It held something already when the run began: `base` is its end of that time. */
type Real = { log: EventLog; readonly base: Cursor; readonly run: string };

type Command = fc.AsyncCommand<Model, Real>;
const always = () => true;

/** Places of the log in memory, as places of the other one. */
const shifted = (cursor: Cursor, { base }: Real): Cursor =>
  cursor.position === 0n ? base : { ...cursor, position: cursor.position + base.position };
const shiftedEvent = (stored: StoredEvent, { base }: Real) => ({
  ...stored,
  position: stored.position + base.position,
  recordedAt: expect.any(String),
});
const shiftedBatch = ({ events, cursor, caughtUp }: LogBatch, real: Real) => ({
  events: events.map((each) => shiftedEvent(each, real)),
  cursor: shifted(cursor, real),
  caughtUp,
});
const shiftedOutcome = (outcome: AppendOutcome, real: Real): AppendOutcome =>
  'first' in outcome ? { ...outcome, first: shifted(outcome.first, real), last: shifted(outcome.last, real) } : outcome;

/** A cursor after so many of the events that there are. */
const place = async ({ log }: Model, share: number): Promise<Cursor> => {
  const { position } = await log.head();
  const { cursor } = await log.readAll({ after: START, limit: Math.max(1, Math.round(Number(position) * share)) });
  return share === 0 ? START : cursor;
};

type Asked = {
  readonly stream: number;
  readonly command: number;
  readonly input: number;
  readonly expected: Expected;
  readonly size: number;
  readonly bad: boolean;
};

const requestsOf = (asked: readonly Asked[], { run }: Real): AppendRequest[] =>
  asked.map(({ stream, command, input, expected, size, bad }) => ({
    commandId: derivedId(run, `command ${command}`),
    inputHash: `input ${input}`,
    stream: `lamp-${run}-${stream}`,
    expected,
    events: Array.from({ length: size }, (_, n) =>
      event(bad && n === size - 1 ? { text: '\0' } : { n }, n % 2 === 0 ? 'LampLit' : 'LampOut'),
    ),
  }));

const sessions = `select pg_terminate_backend(pid, 10000) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and application_name like 'palabre %'`;

/** A read from a connection that a crash has cut may fail, and is asked again. */
const again = <R>(read: () => Promise<R>): Promise<R> => vi.waitFor(read, { timeout: 10_000, interval: 1 });

/** Appends; with a crash, while all sessions of the log are ended: then a first answer may arrive as a repeated one. */
const appending = (asked: readonly Asked[], crash: boolean): Command => ({
  check: always,
  async run(model, real) {
    const requests = requestsOf(asked, real);
    const expected = (await model.log.append(requests)).map((outcome) => shiftedOutcome(outcome, real));
    const answer = real.log.append(requests);
    if (crash) await admin.query(sessions);
    const outcomes = await answer;
    const alike = (outcome: AppendOutcome) =>
      crash && 'first' in outcome ? { ...outcome, status: 'either' } : outcome;
    expect(outcomes.map(alike)).toEqual(expected.map(alike));
  },
  toString: () => `append${crash ? ' in a crash' : ''} ${JSON.stringify(asked)}`,
});

const reading = (share: number, limit: number, types: readonly string[] | null): Command => ({
  check: always,
  async run(model, real) {
    const after = await place(model, share);
    const filter = types && { filter: { types } };
    const expected = await model.log.readAll({ after, limit, ...filter });
    const read = await again(() => real.log.readAll({ after: shifted(after, real), limit, ...filter }));
    expect(read).toEqual(shiftedBatch(expected, real));
  },
  toString: () => `read ${limit} after ${share} of all${types ? `, only ${types}` : ''}`,
});

const readingStream = (stream: number, from: number, limit: number | undefined): Command => ({
  check: always,
  async run(model, real) {
    const options = { from, ...(limit !== undefined && { limit }) };
    const name = `lamp-${real.run}-${stream}`;
    const expected = await model.log.readStream(name, options);
    expect(await again(() => real.log.readStream(name, options))).toEqual(
      expected.map((each) => shiftedEvent(each, real)),
    );
  },
  toString: () => `read stream ${stream} from ${from}, at most ${limit ?? 'all'}`,
});

/** Follows from somewhere, and is given what stands there and what is appended meanwhile. */
const following = (share: number, asked: readonly Asked[], crash: boolean): Command => ({
  check: always,
  async run(model, real) {
    const after = await place(model, share);
    const iterator = real.log.subscribe({ after: shifted(after, real) })[Symbol.asyncIterator]();
    const given: StoredEvent[] = [...(await iterator.next()).value.events];
    await appending(asked, crash).run(model, real);
    const { events } = await model.log.readAll({ after, limit: 100_000 });
    while (given.length < events.length) given.push(...(await iterator.next()).value.events);
    await iterator.return?.();
    expect(given).toEqual(events.map((each) => shiftedEvent(each, real)));
  },
  toString: () => `follow after ${share} of all, while: ${JSON.stringify(asked)}${crash ? ', in a crash' : ''}`,
});

const reopening: Command = {
  check: always,
  async run(model, real) {
    await real.log.close();
    real.log = await openPostgresLog(database);
    expect(await real.log.head()).toEqual(shifted(await model.log.head(), real));
  },
  toString: () => 'close and open again',
};

const share = fc.constantFrom(0, 0.2, 0.5, 0.9, 1);
const crash = fc.boolean();
const asked = fc.array(
  fc.record<Asked>({
    stream: fc.nat(3),
    command: fc.nat(12),
    input: fc.nat(8).map((n) => (n === 0 ? 1 : 0)),
    expected: fc.oneof(
      { weight: 4, arbitrary: fc.constant<Expected>('any') },
      { weight: 4, arbitrary: fc.constantFrom<Expected>('none', 'exists') },
      { weight: 3, arbitrary: fc.integer({ min: -1, max: 8 }) },
    ),
    size: fc.integer({ min: 0, max: 3 }),
    bad: fc.nat(10).map((n) => n === 0),
  }),
  { minLength: 1, maxLength: 6 },
);
const types = fc.constantFrom(null, ['LampLit'], ['LampOut'], ['LampStolen']);
const commands = fc.commands<Model, Real, never>(
  [
    fc.tuple(asked, fc.constant(false)).map((drawn) => appending(...drawn)),
    fc.tuple(asked, crash).map((drawn) => appending(...drawn)),
    fc.tuple(share, fc.integer({ min: 1, max: 40 }), types).map((drawn) => reading(...drawn)),
    fc
      .tuple(fc.nat(3), fc.nat(5), fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }))
      .map((drawn) => readingStream(...drawn)),
    fc.tuple(share, asked, crash).map((drawn) => following(...drawn)),
    fc.constant(reopening),
  ] as fc.Arbitrary<fc.AsyncCommand<Model, Real, false>>[],
  { maxCommands: 25 },
);

const alike = async (options: fc.Parameters<unknown>) =>
  fc.assert(
    fc.asyncProperty(commands, async (drawn) => {
      const model: Model = { log: await openMemoryLog() };
      const log = await openPostgresLog(database);
      const real: Real = { log, base: await log.head(), run: randomUUID() };
      try {
        await fc.asyncModelRun(() => ({ model, real }), drawn);
      } finally {
        await real.log.close();
      }
    }),
    options,
  );

/** What once went wrong, drawn again. */
const found = [
  // A subscription that began on a connection which a crash had cut failed, instead of waiting.
  -2_019_915_729,
];

test.each(found)('the history of seed %i is alike in both', { timeout: 900_000 }, (seed) =>
  alike({ seed, numRuns: 4 }),
);

test('whatever is asked of it, the log on Postgres does what the log in memory does, in crashes too', {
  timeout: 900_000,
}, async () => {
  await alike({ numRuns: atLength(10, 1_000) });
});
