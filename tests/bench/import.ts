import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ZulipArchive } from '../../src/adapters/zulip-archive/index.ts';
import type { StoredEvent } from '../../src/core/event.ts';
import { zulipIds } from '../../src/imports/zulip-ids.ts';
import { allEvents } from '../support/importing.ts';
import { archiveFor } from './support/archive.ts';
import { printLine, say } from './support/line.ts';
import { assertTrue, median, rounded } from './support/measures.ts';
import { throwAwayDatabase } from './support/throw-away-database.ts';

// An archive from its file to the log, and on to every read model, by the compiled program; then the same archive again.
// The archive is the largest that PALABRE_ARCHIVES names, or one of 50,000 messages made up here.

const ROUNDS = 3;
const REACH = { stored: 5_000, projected: 4_000 };

type Round = { readonly read: number; readonly store: number; readonly project: number; readonly again: number };

const compiled = async <T>(path: string): Promise<T> =>
  import(new URL(`../../dist/src/${path}`, import.meta.url).href) as Promise<T>;
const { openApp } = await compiled<typeof import('../../src/app.ts')>('app.js');
const { loadConfig } = await compiled<typeof import('../../src/config.ts')>('config.js');
const { openLogLines } = await compiled<typeof import('../../src/adapters/log-lines.ts')>('adapters/log-lines.js');
const { importZulip } = await compiled<typeof import('../../src/imports/zulip.ts')>('imports/zulip.js');
const { readZulipArchive } = await compiled<typeof import('../../src/adapters/zulip-archive/index.ts')>(
  'adapters/zulip-archive/index.js',
);

const measure = async (path: string, connectionString: string) => {
  const variables = { DATABASE_URL: connectionString, PALABRE_MASTER_KEY: 'ab'.repeat(32) };
  const logger = openLogLines({ level: 'warn', readable: true });
  const app = await openApp(loadConfig(variables), { projections: 'none', logger });
  try {
    const clock = stopwatch();
    const archive = await readZulipArchive(path);
    const read = clock();
    const { last, events } = await importZulip(app, archive);
    const store = clock();
    const { names } = app.readModels;
    await app.readModels.run();
    const waited = await app.readModels.waitFor(names, last, { timeoutMs: 600_000 });
    const project = clock();
    assertTrue(waited === 'reached', 'The read models did not become level.');
    assertWhole(archive, await allEvents(app.log));
    clock();
    const repeated = await importZulip(app, archive);
    const again = clock();
    assertTrue(repeated.events === 0, `The second import stored ${repeated.events} events.`);
    return { round: { read, store, project, again }, messages: archive.messages.length, events };
  } finally {
    await app.close();
  }
};

/** Every message once, at positions that follow time, then id. */
const assertWhole = ({ realm, messages }: ZulipArchive, events: readonly StoredEvent[]) => {
  const ids = zulipIds(realm);
  const told = events.filter(({ type }) => type === 'PostPublished' || type === 'CommentPublished').map(idIn);
  assertTrue(told.length === messages.length, `Of ${messages.length} messages ${told.length} are stored.`);
  assertTrue(
    messages.every(({ id }, n) => ids.message(id) === told[n]),
    'The messages are not in the order of time.',
  );
  assertTrue(
    events.every(({ position }, n) => position === BigInt(n + 1)),
    'Positions have gaps.',
  );
};

const idIn = ({ data }: StoredEvent) => {
  const { commentId, postId } = data as { commentId?: string; postId: string };
  return commentId ?? postId;
};

/** Seconds since it was last asked. */
const stopwatch = () => {
  let since = performance.now();
  return () => {
    const now = performance.now();
    const seconds = (now - since) / 1_000;
    since = now;
    return seconds;
  };
};

const folder = await mkdtemp(join(tmpdir(), 'palabre-bench-archive-'));
try {
  const { path, isGiven } = await archiveFor('import', folder, 50_000);
  const rounds: Round[] = [];
  let facts = { messages: 0, events: 0 };
  let connectionString = '';
  for (let n = 1; n <= ROUNDS; n += 1) {
    await using database = await throwAwayDatabase();
    connectionString = database.connectionString;
    const { round, ...counted } = await measure(path, connectionString);
    rounds.push(round);
    facts = counted;
    const { read, store, project, again } = round;
    const seconds = [read, store, project, again].map((value) => value.toFixed(1));
    say(
      `import: round ${n}: ${seconds[0]} s read, ${seconds[1]} s stored, ${seconds[2]} s projected, ${seconds[3]} s again`,
    );
    if (n < ROUNDS) continue;
    const perSecond = (secondsOf: (round: Round) => number) =>
      Math.round(facts.messages / median(rounds.map(secondsOf)));
    const stored = perSecond(({ read, store }) => read + store);
    const projected = perSecond(({ read, store, project }) => read + store + project);
    await printLine('import', connectionString, {
      archive: isGiven ? 'given' : 'made up',
      ...facts,
      storedPerSecond: stored,
      projectedPerSecond: projected,
      readSeconds: rounded(median(rounds.map(({ read }) => read))),
      storeSeconds: rounded(median(rounds.map(({ store }) => store))),
      projectSeconds: rounded(median(rounds.map(({ project }) => project))),
      againSeconds: rounded(median(rounds.map(({ again }) => again))),
      reach: REACH,
      reached: stored >= REACH.stored && projected >= REACH.projected,
    });
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
// Whatever is still open has done its work.
process.exit();
