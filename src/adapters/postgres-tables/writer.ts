import type { Change, Delta, Kept } from '../../core/fold.ts';
import type { Shape, Shapes } from '../../core/table-shape.ts';
import type { Generation } from '../../core/table-store.ts';
import { literal, quoted, tableName, tupleTypes } from './ddl.ts';

/**
 * The functions of a generation that write a batch in one round trip. `write` merges the changes of each table, one
 * statement a table, and answers how many operations met no row. `advance` moves the checkpoint first, so that whoever
 * was robbed of the lease or comes second stops before touching a row (null), and then writes.
 */
export const createFunctions = (generation: Generation, shapes: Shapes): string => {
  const tables = Object.values(shapes);
  const parameters = tables.map((_, i) => `t${i} json`).join(', ');
  const passed = tables.map((_, i) => `t${i}`).join(', ');
  // A look-up by key for each row, whatever the planner believes: plans are kept while a table grows a thousandfold.
  return `
create function ${quoted(generation.schema)}.write(expected integer[], ${parameters}) returns bigint language plpgsql
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set timezone = 'UTC' as $write$
declare
  found_rows bigint;
  missed bigint := 0;
begin
${tables.map((shape, i) => mergeInto(generation, shape, i)).join('\n')}
  return missed;
end $write$;

create function ${quoted(generation.schema)}.advance(
  owner bigint, old_position bigint, new_position bigint, new_event uuid, recorded timestamptz, known integer,
  expected integer[], ${parameters}
) returns bigint language plpgsql as $advance$
declare
  missed_now bigint;
begin
  -- On the disk before anybody hears of it, as everything here: whoever was told of a place goes on from there, and a
  -- crash of the server must not take its rows back.
  update palabre_projections.checkpoints
     set position = new_position, event_id = new_event, recorded_at = greatest(recorded_at, recorded), halt = null, updated_at = clock_timestamp()
   where projection = ${literal(generation.projection)} and generation = ${generation.generation}
     and epoch = owner and position = old_position;
  if not found then return null; end if;
  missed_now := known + ${quoted(generation.schema)}.write(expected, ${passed});
  if missed_now > 0 then
    update palabre_projections.checkpoints set missed = missed + missed_now
     where projection = ${literal(generation.projection)} and generation = ${generation.generation};
  end if;
  return missed_now;
end $advance$`;
};

const PUT = 0;
const UPD = 1;
const DEL = 2;

const mergeInto = (generation: Generation, shape: Shape, i: number): string => {
  const fields = [
    'f smallint',
    'm integer',
    ...shape.key.map(({ sql }, k) => `k${k} ${sql}`),
    ...shape.set.map(({ sql }, k) => `s${k} ${sql}`),
    ...shape.sum.map((_, k) => `n${k} bigint`),
    ...shape.tuples.flatMap((tuple, k) => tupleTypes(tuple).map((type, c) => `t${k}_${c} ${type}`)),
  ];
  const names = [
    ...shape.key.map(({ name }, k) => [name, `s.k${k}`]),
    ...shape.set.map(({ name }, k) => [name, `s.s${k}`]),
    ...shape.sum.map(({ name }, k) => [name, `s.n${k}`]),
    ...shape.tuples.flatMap(({ stored }, k) => stored.map((name, c) => [name, `s.t${k}_${c}`])),
  ] as [string, string][];
  const assign = (assignments: string[]) =>
    // A table of keys alone still has to count the rows that it met.
    (assignments.length > 0 ? assignments : [`${quoted(shape.key[0]?.name ?? '')} = s.k0`]).join(', ');
  const replaced = names.slice(shape.key.length).map(([name, value]) => `${quoted(name)} = ${value}`);
  const inserted = shape.kind === 'tally' ? `s.f < ${DEL}` : `s.f = ${PUT}`;
  return `
  if t${i} is not null then
    merge into ${tableName(generation, shape)} as t
    using json_to_recordset(t${i}) as s (${fields.join(', ')})
       on ${shape.key.map(({ name }, k) => `t.${quoted(name)} = s.k${k}`).join(' and ')}
    when matched and s.f = ${DEL} then delete
    when matched and s.f = ${PUT} then update set ${assign(replaced)}
    when matched then update set ${assign(updated(shape))}
    when not matched and ${inserted} then
      insert (${names.map(([name]) => quoted(name)).join(', ')}) values (${names.map(([, value]) => value).join(', ')});
    get diagnostics found_rows = row_count;
    missed := missed + greatest(0, expected[${i + 1}] - found_rows);
  end if;`;
};

const updated = (shape: Shape): string[] => [
  ...shape.set.map(
    ({ name }, k) => `${quoted(name)} = case when s.m & ${2 ** k} <> 0 then s.s${k} else t.${quoted(name)} end`,
  ),
  ...shape.sum.map(({ name }, k) => `${quoted(name)} = t.${quoted(name)} + s.n${k}`),
  ...shape.tuples.flatMap(({ order, stored }, k) => {
    const [at = '', position = ''] = stored.map((name) => `t.${quoted(name)}`);
    const sign = order === 'first' ? '<' : '>';
    const replaces = `s.t${k}_0 is not null and (${at} is null or (s.t${k}_0, s.t${k}_1) ${sign} (${at}, ${position}))`;
    return stored.map(
      (name, c) => `${quoted(name)} = case when ${replaces} then s.t${k}_${c} else t.${quoted(name)} end`,
    );
  }),
];

const FORM = { put: PUT, upd: UPD, del: DEL } as const;

/** The changes of one table as `write` takes them, in the order of their keys; and how many rows they must at least meet. */
export const encodeDelta = ({ shape, rows }: Delta): { json: string; expected: number } => {
  let json = '[';
  let expected = 0;
  for (const [, change] of [...rows].sort(byKey)) {
    if (shape.kind === 'entity' && !change.quiet) expected += 1;
    json += `${json === '[' ? '' : ','}${encodeChange(change)}`;
  }
  return { json: `${json}]`, expected };
};

const byKey = ([a]: [string, Change], [b]: [string, Change]) => (a < b ? -1 : 1);

const encodeChange = ({ form, key, mask, set, sum, kept }: Change): string => {
  let text = `{"f":${FORM[form]}`;
  for (let i = 0; i < key.length; i++) text += `,"k${i}":${value(key[i])}`;
  if (form !== 'del') {
    if (form === 'upd') text += `,"m":${mask}`;
    for (let i = 0; i < set.length; i++)
      if (set[i] !== null && set[i] !== undefined) text += `,"s${i}":${value(set[i])}`;
    for (let i = 0; i < sum.length; i++) text += `,"n${i}":${sum[i]}`;
    for (let i = 0; i < kept.length; i++) if (kept[i]) text += encodeKept(kept[i] as Kept, i);
  }
  return `${text}}`;
};

const encodeKept = ({ at, position, values }: Kept, i: number) =>
  [at, position, ...values].map((each, c) => `,"t${i}_${c}":${value(each)}`).join('');

const value = (value: unknown): string =>
  typeof value === 'bigint' ? `"${value}"` : (JSON.stringify(value) ?? 'null');
