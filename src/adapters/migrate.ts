import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from 'pg';
import { type Database, newClient } from './postgres.ts';

type Migration = { readonly number: number; readonly name: string; readonly sql: string; readonly checksum: string };
type Applied = Pick<Migration, 'number' | 'name' | 'checksum'>;

const FILE_NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;
const LOCK = 7_252_252;

/**
 * Brings a database to this version: applies the numbered files of `migrations/` that it has not seen, each in
 * a transaction of its own. Several processes may call it at once. Answers the names of the files it applied;
 * throws when an applied file was edited since, or when the database knows more than this version.
 */
export const migrate = async (database: Database, folder = migrationsFolder()): Promise<string[]> => {
  const migrations = await readMigrations(folder);
  const client = newClient(database, { name: 'migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    const pending = notApplied(migrations, await readApplied(client));
    for (const migration of pending) await apply(client, migration);
    return pending.map(({ name }) => name);
  } finally {
    await client.end();
  }
};

const readMigrations = async (folder: string): Promise<Migration[]> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name, index) => {
      const number = Number(FILE_NAME.exec(name)?.[1]);
      if (number !== index + 1)
        throw new Error(`Migrations are numbered 0001, 0002, … without gaps: "${name}" in ${folder} is out of line.`);
      const sql = await readFile(join(folder, name), 'utf8');
      return { number, name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
};

const readApplied = async (client: Client): Promise<Applied[]> => {
  await client.query(`
    create schema if not exists palabre;
    create table if not exists palabre.migrations (
      number     integer     primary key,
      name       text        not null,
      checksum   text        not null,
      applied_at timestamptz not null default now()
    )`);
  const { rows } = await client.query<Applied>('select number, name, checksum from palabre.migrations order by number');
  return rows;
};

const notApplied = (migrations: readonly Migration[], applied: readonly Applied[]): Migration[] => {
  for (const { number, name, checksum } of applied) {
    const known = migrations[number - 1];
    if (!known)
      throw new Error(
        `This database knows migration ${name}: start the version of Palabre that brought it, or a later one.`,
      );
    if (known.checksum !== checksum)
      throw new Error(
        `Migration ${known.name} differs from the one that this database applied: install the released version of Palabre again. ` +
          '(Whoever develops Palabre restores the file, and puts the change into a new one.)',
      );
  }
  return migrations.slice(applied.length);
};

const apply = async (client: Client, { number, name, sql, checksum }: Migration) => {
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query('insert into palabre.migrations (number, name, checksum) values ($1, $2, $3)', [
      number,
      name,
      checksum,
    ]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback');
    throw new Error(`Migration ${name} failed: ${(cause as Error).message}`, { cause });
  }
};

/** The compiler leaves .sql files where they are, so they are looked for from here upwards: from `src/` and from `dist/src/`. */
const migrationsFolder = (): string => {
  const path = join('src', 'adapters', 'migrations');
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, path))) {
    if (folder === dirname(folder)) throw new Error(`The folder ${path} is missing: install Palabre again.`);
    folder = dirname(folder);
  }
  return join(folder, path);
};
