import type { Pool, PoolClient } from 'pg';
import { type Cursor, START } from '../../core/position.ts';
import { definitionOf, shapesOf } from '../../core/table-shape.ts';
import type { Checkpoint, Generation, Halt, TableStore } from '../../core/table-store.ts';
import { createTable, quoted } from './ddl.ts';
import { inTransaction } from './transaction.ts';
import { createFunctions } from './writer.ts';

const CHECKPOINT = `
  c.projection, c.generation, c.version, c.schema, c.definition, c.position, c.event_id, c.missed, c.halt,
  to_char(c.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as recorded_at`;

// A read model may have been dropped by hand: what is not whole is not served.
export const SERVED = `
  select ${CHECKPOINT},
         (select format('session %s', l.owner_pid) from palabre_projections.leases l
           where l.name = c.projection and l.owner_pid is not null and l.expires_at > clock_timestamp()) as owner
    from palabre_projections.pointers p
    join palabre_projections.checkpoints c using (projection, generation)
   where projection = any($1)
     and not exists (select from unnest(c.tables) t where to_regclass(format('%I.%I', c.schema, t)) is null)`;

/** How long readers may go on with a generation that is no longer served. */
const RETIRED_FOR = '10 minutes';

/** Built whole, in a newer version than what is served. */
const WAITS = `(
  c.position > 0 and c.version > coalesce((
    select s.version from palabre_projections.pointers p join palabre_projections.checkpoints s using (projection, generation)
     where projection = c.projection), 0))`;

type Row = {
  projection: string;
  generation: bigint;
  version: number;
  schema: string;
  definition: string;
  position: bigint;
  event_id: string;
  missed: bigint;
  halt: string | null;
  recorded_at: string | null;
  owner?: string | null;
};

export const toCheckpoint = (row: Row): Checkpoint => ({
  projection: row.projection,
  generation: Number(row.generation),
  version: row.version,
  schema: row.schema,
  definition: row.definition,
  cursor: { position: row.position, eventId: row.event_id },
  recordedAt: row.recorded_at,
  missed: Number(row.missed),
  halt: row.halt === null ? null : toHalt(JSON.parse(row.halt)),
  owner: row.owner ?? null,
});

const toHalt = (halt: Record<keyof Halt, string>): Halt => ({ ...halt, position: BigInt(halt.position) });

type Generations = Pick<
  TableStore,
  'served' | 'adopt' | 'create' | 'takeBuilt' | 'swap' | 'discard' | 'clean' | 'drop' | 'halt'
>;

const readServed = async (pool: Pool, projections: readonly string[]): Promise<Map<string, Checkpoint>> => {
  const { rows } = await pool.query<Row>({ name: 'projections-served', text: SERVED, values: [projections] });
  return new Map(rows.map((row) => [row.projection, toCheckpoint(row)]));
};

export const createGenerations = (pool: Pool): Generations => ({
  served: (projections) => readServed(pool, projections),

  async adopt(projection, epoch) {
    // Whoever took the lease over since has a higher epoch: then this one is not ours to write any more.
    const { rows } = await pool.query<{ held: boolean }>(
      `with lease as (select from palabre_projections.leases where name = $1 and epoch = $2),
            adopted as (
              update palabre_projections.checkpoints c set epoch = $2
                from palabre_projections.pointers p
               where p.projection = $1 and c.projection = $1 and c.generation = p.generation and c.epoch <> $2
                 and exists (select from lease))
       select exists (select from lease) as held`,
      [projection, epoch],
    );
    if (!rows[0]?.held) return 'lost';
    return (await readServed(pool, [projection])).get(projection) ?? null;
  },

  async create(projection, epoch) {
    const shapes = shapesOf(projection);
    return inTransaction(pool, async (client) => {
      const { rows } = await client.query<{ number: bigint }>(
        `select nextval('palabre_projections.generation_numbers') as number`,
      );
      const number = Number(rows[0]?.number);
      const generation: Generation = {
        projection: projection.name,
        version: projection.version,
        generation: number,
        schema: `${projection.name}_v${projection.version}_g${number}`,
        definition: definitionOf(projection),
      };
      await client.query(`create schema ${quoted(generation.schema)}`);
      for (const shape of Object.values(shapes)) await client.query(createTable(generation, shape));
      await client.query(createFunctions(generation, shapes));
      await client.query(
        `insert into palabre_projections.checkpoints (projection, generation, version, schema, tables, definition, epoch)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [
          projection.name,
          number,
          projection.version,
          generation.schema,
          Object.keys(shapes),
          generation.definition,
          epoch,
        ],
      );
      return generation;
    });
  },

  async takeBuilt(projection, epoch) {
    const { rows } = await pool.query<Row>(
      `update palabre_projections.checkpoints c set epoch = $4
        where (projection, generation) = (
              select projection, generation from palabre_projections.checkpoints c
               where projection = $1 and version = $2 and definition = $3 and position > 0 and retired_at is null and halt is null
                 and not exists (select from palabre_projections.pointers p
                                  where p.projection = c.projection and p.generation = c.generation)
                 and not exists (select from unnest(c.tables) t where to_regclass(format('%I.%I', c.schema, t)) is null)
               order by position desc, generation desc limit 1)
    returning ${CHECKPOINT}`,
      [projection.name, projection.version, definitionOf(projection), epoch],
    );
    const [row] = rows;
    if (!row) return null;
    const { cursor, ...checkpoint } = toCheckpoint(row);
    return { generation: checkpoint, cursor };
  },

  swap: (generation, reach) =>
    inTransaction(pool, async (client) => {
      const old = await lockServed(client, generation.projection);
      if (old) await reach(old.cursor);
      const { rows } = await client.query<{ position: bigint; event_id: string }>(
        `select position, event_id from palabre_projections.checkpoints
          where projection = $1 and generation = $2 and retired_at is null for update`,
        [generation.projection, generation.generation],
      );
      const now: Cursor | undefined = rows[0] && { position: rows[0].position, eventId: rows[0].event_id };
      if (!now)
        throw new Error(`${generation.schema} is gone: another rebuild of "${generation.projection}" took over.`);
      if (old && now.position < old.cursor.position)
        throw new Error(`${generation.schema} is behind what is served: it cannot take its place.`);
      await client.query(
        `insert into palabre_projections.pointers (projection, generation) values ($1, $2)
         on conflict (projection) do update set generation = excluded.generation, swapped_at = now()`,
        [generation.projection, generation.generation],
      );
      // Nobody owns the new one yet, and nobody may go on with the old one.
      await client.query('update palabre_projections.checkpoints set epoch = -1 where projection = $1', [
        generation.projection,
      ]);
      await client.query(
        `update palabre_projections.checkpoints set retired_at = now()
          where projection = $1 and generation = $2 and generation <> $3`,
        [generation.projection, old?.generation ?? null, generation.generation],
      );
      return now;
    }),

  discard: ({ projection, generation }) => removeGeneration(pool, projection, generation),

  async clean(projections) {
    const { rows } = await pool.query<{ projection: string; generation: bigint }>(
      `select projection, generation from palabre_projections.checkpoints c
        where case when retired_at is null then projection = any($1) and not ${WAITS}
                   else retired_at < now() - interval '${RETIRED_FOR}' end
          and not exists (select from palabre_projections.pointers p
                           where p.projection = c.projection and p.generation = c.generation)`,
      [projections],
    );
    for (const { projection, generation } of rows) await removeGeneration(pool, projection, Number(generation));
  },

  drop: (projection) =>
    inTransaction(pool, async (client) => {
      await client.query('select from palabre_projections.pointers where projection = $1 for update', [projection]);
      const { rows } = await client.query<{ schema: string }>(
        'delete from palabre_projections.checkpoints where projection = $1 returning schema',
        [projection],
      );
      await client.query('delete from palabre_projections.pointers where projection = $1', [projection]);
      for (const { schema } of rows) await client.query(`drop schema if exists ${quoted(schema)} cascade`);
    }),

  async halt({ projection, generation }, epoch, halt) {
    await pool.query(
      'update palabre_projections.checkpoints set halt = $4 where projection = $1 and generation = $2 and epoch = $3',
      [projection, generation, epoch, JSON.stringify({ ...halt, position: String(halt.position) })],
    );
  },
});

const lockServed = async (
  client: PoolClient,
  projection: string,
): Promise<{ cursor: Cursor; generation: number } | null> => {
  const { rows } = await client.query<{ generation: bigint; position: bigint; event_id: string }>(
    `select c.generation, c.position, c.event_id
       from palabre_projections.pointers p join palabre_projections.checkpoints c using (projection, generation)
      where projection = $1 for update`,
    [projection],
  );
  const [row] = rows;
  return row
    ? {
        generation: Number(row.generation),
        cursor: { position: row.position ?? START.position, eventId: row.event_id },
      }
    : null;
};

// Somebody may still be reading: then the next cleaning finds it again.
const removeGeneration = (pool: Pool, projection: string, generation: number) =>
  inTransaction(pool, async (client) => {
    await client.query(`set local lock_timeout = '2s'`);
    const { rows } = await client.query<{ schema: string }>(
      'delete from palabre_projections.checkpoints where projection = $1 and generation = $2 returning schema',
      [projection, generation],
    );
    for (const { schema } of rows) await client.query(`drop schema if exists ${quoted(schema)} cascade`);
  });
