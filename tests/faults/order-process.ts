import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPostgresLog } from '../../src/adapters/postgres-log/index.ts';
import type { AppendRequest, EventLog } from '../../src/core/event-log.ts';
import { type Cursor, START } from '../../src/core/position.ts';

/** What one reader was given: how much, and one hash over all of it in its order. */
export type Sequence = { readonly events: number; readonly hash: string; readonly disorder: readonly string[] };

/** `release`: every fault has had its turn, so whoever has written its share may stop. `end`: how many events the log has. */
export type ToProcess = { readonly kind: 'release' } | { readonly kind: 'end'; readonly events: number };
export type FromProcess =
  | { readonly kind: 'open' }
  | { readonly kind: 'written'; readonly acknowledged: readonly string[]; readonly unknown: number }
  | { readonly kind: 'read'; readonly readers: readonly Sequence[] };

/**
 * One of several processes on one log: writers that append until the process has its share, and readers that begin at random
 * moments, half of them as subscribers and half by asking for page after page. Told where the log ends, it says what they read.
 */
const [connectionString = '', writers = '1', readers = '1', share = '1'] = process.argv.slice(2);
const log = await openPostgresLog({ connectionString });
const say = (message: FromProcess) => process.send?.(message);
const STREAMS = 20;

const event = () => ({
  id: randomUUID(),
  type: 'LampLit',
  version: 1,
  data: { by: process.pid },
  metadata: {
    actor: 'system',
    occurredAt: new Date().toISOString(),
    commandId: 'none',
    inputHash: 'none',
    correlationId: 'none',
    causationId: 'none',
    source: 'NATIVE' as const,
  },
});

const heard = <K extends ToProcess['kind']>(kind: K) =>
  new Promise<Extract<ToProcess, { kind: K }>>((resolve) =>
    process.on('message', (message: ToProcess) => {
      if (message.kind === kind) resolve(message as Extract<ToProcess, { kind: K }>);
    }),
  );
const ended = heard('end');
let released = false;
void heard('release').then(() => {
  released = true;
});

let left = Number(share);
const acknowledged: string[] = [];
let unknown = 0;

const writer = async () => {
  while (left > 0 || !released) {
    const size = 1 + Math.floor(Math.random() * 3);
    left -= size;
    const stream = Math.random() < 0.5 ? `shared-${Math.floor(Math.random() * STREAMS)}` : `own-${randomUUID()}`;
    const events = Array.from({ length: size }, event);
    const request: AppendRequest = { commandId: randomUUID(), inputHash: 'hash', stream, expected: 'any', events };
    // The very same request, until there is a definite answer.
    for (let settled = false; !settled; ) {
      const [outcome] = await log.append([request]);
      settled = outcome?.status === 'appended' || outcome?.status === 'duplicate';
      if (outcome?.status === 'unknown') unknown += 1;
      else if (!settled) throw new Error(`An append ended as ${JSON.stringify(outcome)}.`);
    }
    acknowledged.push(...events.map(({ id }) => id));
  }
};

let end = Number.POSITIVE_INFINITY;

/** Takes in what a reader is given: places without a hole, revisions that count on in each stream, times that never go back. */
const taking = () => {
  const hash = createHash('sha256');
  const revisions = new Map<string, number>();
  const disorder: string[] = [];
  let [at, events, recorded] = [0n, 0, ''];
  return {
    take: (batch: Awaited<ReturnType<EventLog['readAll']>>) => {
      for (const { position, id, stream, revision, recordedAt } of batch.events) {
        if (position !== at + 1n) disorder.push(`position ${position} after ${at}`);
        if (revision !== (revisions.get(stream) ?? -1) + 1) disorder.push(`${stream}: ${revision} too early or late`);
        if (recordedAt < recorded) disorder.push(`position ${position} was recorded before the one before it`);
        [at, recorded] = [position, recordedAt];
        revisions.set(stream, revision);
        hash.update(id);
        events += 1;
      }
    },
    whole: () => events >= end,
    result: (): Sequence => ({ events, hash: hash.digest('hex'), disorder: disorder.slice(0, 5) }),
  };
};

const subscriber = async (): Promise<Sequence> => {
  const taken = taking();
  const stop = new AbortController();
  // Whoever has all that there is hears no more: somebody has to look.
  const look = setInterval(() => taken.whole() && stop.abort(), 50);
  for await (const batch of log.subscribe({ after: START, signal: stop.signal })) {
    taken.take(batch);
    if (taken.whole()) break;
  }
  clearInterval(look);
  return taken.result();
};

const pager = async (): Promise<Sequence> => {
  const taken = taking();
  for (let after: Cursor = START; !taken.whole(); ) {
    // A session that is ended in the middle of a page is no end of the reading.
    const batch = await log.readAll({ after, limit: 200 }).catch(() => undefined);
    if (!batch) continue;
    taken.take(batch);
    after = batch.cursor;
    if (batch.caughtUp) await sleep(1);
  }
  return taken.result();
};

const reading = Promise.all(
  Array.from({ length: Number(readers) }, async (_, n) => {
    await sleep(Math.random() * 1_000);
    return n % 2 === 0 ? subscriber() : pager();
  }),
);
say({ kind: 'open' });
await Promise.all(Array.from({ length: Number(writers) }, writer));
say({ kind: 'written', acknowledged, unknown });
end = (await ended).events;
say({ kind: 'read', readers: await reading });
await log.close();
process.disconnect();
