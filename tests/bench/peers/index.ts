import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { say } from '../support/line.ts';
import { measureAppends, measureLoss } from './append.ts';
import { type NativePostgres, SETTINGS, startNativePostgres } from './postgres.ts';
import { measureQueries } from './query.ts';
import { measureRebuild } from './rebuild.ts';
import { POOL, type Store } from './store.ts';
import { open as openPalabre } from './stores/palabre.ts';
import { open as openPlain } from './stores/plain-insert.ts';
import { asMarkdown, asText, type Figure } from './table.ts';

// `npm run bench:peers` measures Palabre next to what people would take instead, all on one native Postgres, in alternating rounds.
// `npm run bench:peers -- append query` measures these parts. The peers are installed into this folder, and only when asked.

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const PARTS = ['append', 'loss', 'rebuild', 'query'];

type OpenStore = (connectionString: string, options: { pool: number }) => Promise<Store>;

const asked = process.argv.slice(2);
const parts = asked.length > 0 ? asked : PARTS;
const unknown = parts.filter((part) => !PARTS.includes(part));
if (unknown.length > 0) {
  say(`There is no part "${unknown.join('", "')}": there are ${PARTS.join(', ')}.`);
  process.exit(2);
}

const install = () => {
  if (existsSync(here('node_modules/.package-lock.json'))) return;
  say('peers: installing them beside the bench');
  const { status } = spawnSync('npm', ['ci', '--silent'], { cwd: here('.'), stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('The peers could not be installed.');
};

/** message-db comes as SQL with a script around psql, which also makes its database. */
const installMessageDb = async ({ bin, port }: NativePostgres, database: string): Promise<string> => {
  execFileSync('bash', ['install.sh'], {
    cwd: here('node_modules/@eventide/message-db/database'),
    env: {
      PATH: `${bin}:${process.env.PATH}`,
      PGHOST: '127.0.0.1',
      PGPORT: String(port),
      PGUSER: 'postgres',
      DATABASE_NAME: database,
    },
    stdio: 'ignore',
  });
  return `postgres://postgres@127.0.0.1:${port}/${database}`;
};

install();
const messageDb: { openOneCategory: OpenStore; openManyCategories: OpenStore } = await import(
  here('stores/message-db.mjs')
);
const emmett = await import(here('stores/emmett.mjs'));
await using postgres = await startNativePostgres();
const version = execFileSync(`${postgres.bin}/postgres`, ['--version'], { encoding: 'utf8' }).trim();
const settings = Object.entries(SETTINGS).map(([name, value]) => `${name}=${value}`);
say(
  `peers: ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}, ${version}, ${settings.join(' ')}`,
);

const figures: Figure[] = [];
/** All of them, each in a new database of its own. */
const openStores = async (part: string) => {
  const pool = { pool: POOL };
  const messageDbOf = (name: string) => installMessageDb(postgres, `message_db_${name}_${part}`);
  return new Map<string, Store>([
    ['Palabre', await openPalabre(await postgres.database(`palabre_${part}`))],
    ['plain prepared INSERT', await openPlain(await postgres.database(`plain_${part}`))],
    ['message-db, one category', await messageDb.openOneCategory(await messageDbOf('one'), pool)],
    ['message-db, 64 categories', await messageDb.openManyCategories(await messageDbOf('many'), pool)],
    ['Emmett', await emmett.open(await postgres.database(`emmett_${part}`), pool)],
  ]);
};
if (parts.includes('append')) {
  const stores = await openStores('append');
  figures.push(...(await measureAppends(postgres, stores)));
  for (const store of stores.values()) await store.close();
}
if (parts.includes('loss')) {
  const stores = await openStores('loss');
  // Over several categories message-db has no reader of one order.
  figures.push(...(await measureLoss(new Map([...stores].filter(([name]) => name !== 'message-db, 64 categories')))));
  for (const store of stores.values()) await store.close();
}
if (parts.includes('rebuild')) figures.push(...(await measureRebuild(postgres, emmett)));
if (parts.includes('query')) figures.push(...(await measureQueries(postgres)));

say(`\n${asText(figures)}\n`);
process.stdout.write(`${asMarkdown(figures)}\n`);
