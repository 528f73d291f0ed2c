import type { Pool } from 'pg';
import type { Mark, Marked, TableStore } from '../../core/table-store.ts';

// Whoever swaps a generation holds its checkpoint for a while: the others do not wait for that.
const MARK = `
  with asked as (
    select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::uuid[], $7::timestamptz[])
             with ordinality as a (projection, generation, epoch, least, position, event_id, recorded_at, n)
  ), ours as (
    select a.* from asked a join palabre_projections.checkpoints c using (projection, generation, epoch)
     where c.position between a.least and a.position
  ), free as (
    select c.projection, c.generation from palabre_projections.checkpoints c join ours using (projection, generation, epoch)
       for update of c skip locked
  ), marked as (
    update palabre_projections.checkpoints c
       set position = o.position, event_id = o.event_id, recorded_at = greatest(c.recorded_at, o.recorded_at),
           updated_at = clock_timestamp()
      from ours o join free using (projection, generation)
     where c.projection = o.projection and c.generation = o.generation and c.epoch = o.epoch
       and c.position between o.least and o.position
    returning o.n
  )
  select n::int, exists (select from marked m where m.n = ours.n) as marked from ours`;

type Row = { readonly n: number; readonly marked: boolean };

export const createMarking = (pool: Pool): Pick<TableStore, 'mark'> => ({
  async mark(marks) {
    const column = (of: (mark: Mark) => unknown) => marks.map(of);
    const { rows } = await pool.query<Row>({
      name: 'projections-mark',
      text: MARK,
      values: [
        column(({ generation }) => generation.projection),
        column(({ generation }) => generation.generation),
        column(({ epoch }) => epoch),
        column(({ from }) => from.position),
        column(({ to }) => to.position),
        column(({ to }) => to.eventId),
        column(({ recordedAt }) => recordedAt),
      ],
    });
    const outcomes = new Map(rows.map(({ n, marked }): [number, Marked] => [n, marked ? 'marked' : 'busy']));
    return marks.map((_, i) => outcomes.get(i + 1) ?? 'moved');
  },
});
