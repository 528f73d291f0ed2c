import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { FromProcess, Sequence, ToProcess } from './order-process.ts';

export type OrderOptions = {
  readonly connectionString: string;
  readonly processes: number;
  readonly writers: number;
  readonly readers: number;
  /** How many at least. */
  readonly events: number;
  /** Processes of the database run here and may be stopped. */
  readonly local: boolean;
};

export type OrderVerdict = {
  readonly acknowledged: number;
  readonly stored: number;
  readonly readers: number;
  readonly faults: Readonly<Record<Fault, number>>;
  readonly unknown: number;
  readonly violations: readonly string[];
};

const SCRIPT = fileURLToPath(new URL('order-process.ts', import.meta.url));

/**
 * Several processes write to one log and read it while its transactions are killed, rolled back and paused, and while whole
 * processes stand still. Answers what every reader's sequence breaks: each must be exactly the log, in order, nothing missing.
 */
export const writeAndReadUnderFaults = async (options: OrderOptions): Promise<OrderVerdict> => {
  const { connectionString, processes, writers, readers, events } = options;
  const share = (whole: number, n: number) => Math.floor(whole / processes) + (n < whole % processes ? 1 : 0);
  const children = Array.from({ length: processes }, (_, n) => {
    const args = [connectionString, ...[writers, readers, events].map((whole) => String(share(whole, n)))];
    return fork(SCRIPT, args, { execArgv: ['--import', import.meta.resolve('tsx')] });
  });
  const admin = new pg.Client({ connectionString, application_name: 'order' });
  const stop = new AbortController();
  try {
    await admin.connect();
    await Promise.all(children.map((child) => told(child, 'open')));
    const harming = harm(admin, children, options, stop.signal);
    const written = await Promise.all(children.map((child) => told(child, 'written')));
    stop.abort();
    const faults = await harming;
    const { rows } = await admin.query<{ event_id: string }>('select event_id from palabre_log.log order by position');
    const stored = rows.map(({ event_id }) => event_id);
    for (const child of children) child.send({ kind: 'end', events: stored.length } satisfies ToProcess);
    const read = (await Promise.all(children.map((child) => told(child, 'read')))).flatMap((each) => each.readers);
    const acknowledged = written.flatMap((each) => each.acknowledged);
    return {
      acknowledged: acknowledged.length,
      stored: stored.length,
      readers: read.length,
      faults,
      unknown: written.reduce((sum, each) => sum + each.unknown, 0),
      violations: [...misstored(acknowledged, stored), ...misread(read, stored)],
    };
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await admin.end();
  }
};

const misstored = (acknowledged: readonly string[], stored: readonly string[]): string[] => {
  const places = new Set(stored);
  const lost = acknowledged.filter((id) => !places.has(id));
  return [
    ...(places.size < stored.length ? [`${stored.length - places.size} events are stored twice.`] : []),
    ...(lost.length > 0 ? [`${lost.length} acknowledged events are not stored.`] : []),
  ];
};

const misread = (readers: readonly Sequence[], stored: readonly string[]): string[] => {
  const hash = createHash('sha256');
  for (const id of stored) hash.update(id);
  const whole = hash.digest('hex');
  return readers.flatMap((reader, n) => [
    ...reader.disorder.map((each) => `reader ${n}: ${each}.`),
    ...(reader.hash === whole ? [] : [`reader ${n} was given ${reader.events} events that are not the log.`]),
  ]);
};

const told = <K extends FromProcess['kind']>(child: ChildProcess, kind: K) =>
  new Promise<Extract<FromProcess, { kind: K }>>((resolve, reject) => {
    child.on('message', (message: FromProcess) => {
      if (message.kind === kind) resolve(message as Extract<FromProcess, { kind: K }>);
    });
    child.once('exit', (code, signal) => reject(new Error(`A process ended early (${signal ?? code}).`)));
  });

const APPENDING = `datname = current_database() and application_name = 'palabre append'`;
const ANY = `datname = current_database() and application_name like 'palabre %'`;
const one = (condition: string) => `select pid from pg_stat_activity where ${condition} order by random() limit 1`;

type Harm = { admin: pg.Client; children: readonly ChildProcess[]; pause: number };

const pidOf = async (admin: pg.Client, condition: string): Promise<number> =>
  (await admin.query<{ pid: number }>(one(condition))).rows[0]?.pid ?? 0;

const stopped = async (pid: number, pause: number) => {
  if (!pid) return;
  process.kill(pid, 'SIGSTOP');
  await sleep(pause);
  process.kill(pid, 'SIGCONT');
};

const faultsByName = {
  killed: async ({ admin }: Harm) => {
    await admin.query('select pg_terminate_backend($1)', [await pidOf(admin, ANY)]);
  },
  'rolled back': async ({ admin }: Harm) => {
    await admin.query('select pg_cancel_backend($1)', [await pidOf(admin, `${APPENDING} and state = 'active'`)]);
  },
  'held up': async ({ admin, pause }: Harm) => {
    await admin.query('begin; select from palabre_log.head for update');
    await sleep(pause);
    await admin.query('rollback');
  },
  'session stopped': async ({ admin, pause }: Harm) => stopped(await pidOf(admin, APPENDING), pause),
  'process stopped': async ({ children, pause }: Harm) =>
    stopped(children[Math.floor(Math.random() * children.length)]?.pid ?? 0, pause),
};
export type Fault = keyof typeof faultsByName;

const harm = async (
  admin: pg.Client,
  children: readonly ChildProcess[],
  { local }: OrderOptions,
  signal: AbortSignal,
): Promise<Record<Fault, number>> => {
  const counts = { killed: 0, 'rolled back': 0, 'held up': 0, 'session stopped': 0, 'process stopped': 0 };
  const names = (Object.keys(faultsByName) as Fault[]).filter((name) => local || name !== 'session stopped');
  for (let n = 0; !signal.aborted; n++) {
    // Each once, then by chance.
    const name = names[n < names.length ? n : Math.floor(Math.random() * names.length)];
    if (!name) continue;
    await faultsByName[name]({ admin, children, pause: 100 + Math.random() * 400 });
    counts[name] += 1;
    if (n === names.length) for (const child of children) child.send({ kind: 'release' } satisfies ToProcess);
    await sleep(Math.random() * 200);
  }
  return counts;
};
