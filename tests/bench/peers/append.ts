import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { type Round, writeFor } from '../support/callers.ts';
import { say } from '../support/line.ts';
import { assertTrue, median, percentile, rounded } from '../support/measures.ts';
import type { NativePostgres } from './postgres.ts';
import type { BenchEvent, Store } from './store.ts';
import { TABLE } from './stores/plain-insert.ts';
import type { Figure } from './table.ts';

// Durable appends of one event to a new stream, store by store in turn, on one server. Then what each store's own reader delivers
// while fifty write.

const CALLERS = [1, 32, 128];
const ROUNDS = 3;
const SECONDS = 2;
const WRITERS = 50;
const WRITTEN = 10_000;
const QUIET_MS = 4_000;

const [communityId, authorId] = [randomUUID(), randomUUID()];
const made = (id: string): BenchEvent => ({
  id,
  type: 'PostPublished',
  data: { postId: id, communityId, authorId, kind: 'DISCUSSION', body: 'Shall we meet under the tree?' },
  metadata: { actor: authorId, occurredAt: '2026-02-03T04:05:06.789Z', source: 'NATIVE', correlationId: id },
});

type Measured = { readonly name: string; readonly rounds: readonly Round[] };

export const measureAppends = async (
  postgres: NativePostgres,
  stores: ReadonlyMap<string, Store>,
): Promise<readonly Figure[]> => {
  await using pgbench = await startPgbench(postgres);
  const acknowledged = new Map([...stores.keys()].map((name): [string, string[]] => [name, []]));
  const figures: Figure[] = [];
  for (const callers of CALLERS) {
    const measured = new Map<string, Round[]>();
    const keep = (name: string, round: Round) => measured.set(name, [...(measured.get(name) ?? []), round]);
    for (const [name, store] of stores) await appending(store, callers, 0.3, acknowledged.get(name) ?? []);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, store] of stores)
        keep(name, await appending(store, callers, SECONDS, acknowledged.get(name) ?? []));
      keep('pgbench, one insert a transaction', await pgbench.run(callers, SECONDS));
    }
    figures.push(
      ...figuresOf(
        `${callers} callers`,
        [...measured].map(([name, rounds]) => ({ name, rounds })),
      ),
    );
    say(`append: ${callers} callers measured`);
  }
  for (const [name, store] of stores) {
    const stored = new Set(await store.stored());
    const lost = (acknowledged.get(name) ?? []).filter((id) => !stored.has(id)).length;
    assertTrue(lost === 0, `${name} acknowledged ${lost} appends that it does not have.`);
  }
  return figures;
};

const appending = (store: Store, callers: number, seconds: number, ids: string[]): Promise<Round> =>
  writeFor(seconds * 1_000, callers, async (id) => {
    await store.append(made(id));
    ids.push(id);
  });

const figuresOf = (level: string, measured: readonly Measured[]): Figure[] => {
  const own = measured[0]?.rounds ?? [];
  return measured.map(({ name, rounds }) => {
    const rates = rounds.map(({ perSecond }) => perSecond);
    const latencies = rounds.flatMap((round) => round.latencies);
    const ratios = rounds.map(({ perSecond }, n) => (own[n]?.perSecond ?? Number.NaN) / perSecond);
    return {
      part: 'append',
      level,
      name,
      median: Math.round(median(rates)),
      range: `${Math.round(Math.min(...rates))}–${Math.round(Math.max(...rates))}`,
      unit: '/s',
      // pgbench tells a mean, not each append.
      p50Ms: latencies.length > ROUNDS ? rounded(percentile(latencies, 0.5)) : null,
      p99Ms: latencies.length > ROUNDS ? rounded(percentile(latencies, 0.99)) : null,
      ratio: rounded(median(ratios)),
      note: '',
    };
  });
};

/** What each store's reader delivers, from the first event on, while fifty writers append: what it never delivers is lost. */
export const measureLoss = async (stores: ReadonlyMap<string, Store>): Promise<readonly Figure[]> => {
  const figures: Figure[] = [];
  for (const [name, store] of stores) {
    const delivered: string[] = [];
    let last = performance.now();
    const following = await store.follow((id) => {
      delivered.push(id);
      last = performance.now();
    });
    let left = WRITTEN;
    const write = async () => {
      while (left-- > 0) await store.append(made(randomUUID()));
    };
    await Promise.all(Array.from({ length: WRITERS }, write));
    last = performance.now();
    while (delivered.length < WRITTEN && performance.now() - last < QUIET_MS) await pause(50);
    await following.stop();
    const order = new Map((await store.stored()).map((id, place) => [id, place]));
    const seen = new Set(delivered);
    const lost = [...order.keys()].filter((id) => !seen.has(id)).length;
    const places = delivered.map((id) => order.get(id) ?? -1);
    const disordered = places.filter((place, n) => n > 0 && place <= (places[n - 1] ?? -1)).length;
    const marks = [lost > 0 && `loses ${lost} of ${WRITTEN}`, disordered > 0 && `${disordered} out of order`];
    const note = marks.filter(Boolean).join(', ') || 'whole and in order';
    figures.push({
      part: 'loss',
      level: `${WRITERS} writers, ${WRITTEN} events`,
      name,
      median: lost + disordered,
      range: '',
      unit: 'lost or disordered',
      p50Ms: null,
      p99Ms: null,
      ratio: null,
      note,
    });
    say(`loss: ${name}: ${note}`);
  }
  return figures;
};

const startPgbench = async ({ bin, port, database }: NativePostgres) => {
  const url = await database('pgbench');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(TABLE);
  await client.end();
  const folder = await mkdtemp(join(tmpdir(), 'palabre-pgbench-'));
  const script = join(folder, 'insert.sql');
  const { id, type, data, metadata } = made(randomUUID());
  await writeFile(
    script,
    `insert into plain (stream, revision, type, version, event_id, data, meta)
     values ('post-' || gen_random_uuid(), 0, '${type}', 1, '${id}', '${JSON.stringify(data)}', '${JSON.stringify(metadata)}');`
      .split('\n')
      .join(' '),
  );
  return {
    run: async (callers: number, seconds: number): Promise<Round> => {
      const options = ['-n', '-M', 'prepared', '-f', script, '-T', String(seconds), '-c', String(callers)];
      const threads = ['-j', String(Math.min(callers, 2))];
      const server = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', 'pgbench'];
      const { stdout } = await promisify(execFile)(join(bin, 'pgbench'), [...options, ...threads, ...server]);
      const perSecond = Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
      const mean = Number(/latency average = ([\d.]+)/.exec(stdout)?.[1]);
      assertTrue(perSecond > 0, `pgbench told no rate: ${stdout}`);
      return { perSecond, latencies: [mean] };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
};
