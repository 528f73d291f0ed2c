import type pg from 'pg';
import type { Places } from '../core/log-copy.ts';

// What stands at no event, the place before the first, is the same in every log.
const BY_EVENT = [
  ['palabre_projections.checkpoints', 'position', 'event_id'],
  ['palabre_processes.progress', 'since_position', 'since_event_id'],
  ['palabre_processes.progress', 'position', 'event_id'],
  ['operations.webhooks', 'position', 'event_id'],
  ['operations.webhook_replays', 'position', 'event_id'],
  ['operations.deliveries', 'position', 'event_id'],
] as const;
const BY_PLACE = [
  ['operations.webhook_replays', 'until'],
  ['palabre_processes.settled', 'called_position'],
] as const;

/** Columns of read models that hold places, known by their names: `position`, `openedPosition`. */
const IN_READ_MODELS = `
  select format('%I.%I', c.table_schema, c.table_name) as relation, quote_ident(c.column_name) as name
    from information_schema.columns c
    join palabre_projections.checkpoints p on p.schema = c.table_schema
   where c.data_type = 'bigint' and c.column_name ~ '([pP]osition)$'`;

/**
 * After a log has moved: whatever in a database says a place of the old log says that of the new one, for the same event. Part of
 * the caller's transaction.
 */
export const translatePlaces = async (
  client: pg.ClientBase,
  places: AsyncIterable<readonly Places[]>,
): Promise<void> => {
  await client.query(`
    create temporary table moved (event_id uuid primary key, old bigint not null, new bigint not null) on commit drop`);
  for await (const page of places)
    await client.query('insert into moved select * from unnest($1::uuid[], $2::bigint[], $3::bigint[])', [
      page.map(({ eventId }) => eventId),
      page.map(({ from }) => from),
      page.map(({ to }) => to),
    ]);
  await client.query('create unique index on moved (old); analyze moved');
  for (const [table, position, eventId] of BY_EVENT)
    await client.query(`update ${table} t set ${position} = m.new from moved m where m.event_id = t.${eventId}`);
  for (const [table, position] of BY_PLACE)
    await client.query(`update ${table} t set ${position} = m.new from moved m where m.old = t.${position}`);
  await client.query(`update palabre_projections.checkpoints set halt = null`);
  const { rows } = await client.query<{ relation: string; name: string }>(IN_READ_MODELS);
  for (const { relation, name } of rows)
    await client.query(`update ${relation} t set ${name} = m.new from moved m where m.old = t.${name}`);
};
