import type { Operation, Tables } from '../../../src/core/projection.ts';

/** Rows by table and key: what the words of the algebra say, one operation after the other, with no cleverness at all. */
export type NaiveRows = Map<string, Map<string, Record<string, unknown>>>;

export const interpret = (tables: Tables, operations: readonly Operation[]): { rows: NaiveRows; missed: number } => {
  const rows: NaiveRows = new Map(Object.keys(tables).map((table) => [table, new Map()]));
  let missed = 0;
  for (const operation of operations) {
    const table = tables[operation.table];
    const held = rows.get(operation.table);
    if (!table || !held) throw new Error('No such table.');
    const keyText = (row: Readonly<Record<string, unknown>>) =>
      JSON.stringify(Object.keys(table.key).map((name) => String(row[name])));
    const defaults = (key: Readonly<Record<string, unknown>>) => ({
      ...Object.fromEntries(Object.entries(table.columns).map(([name, { kind }]) => [name, kind === 'sum' ? 0 : null])),
      ...Object.fromEntries(
        Object.entries(table.tuples).flatMap(([tuple, { columns }]) =>
          ['at', 'position', ...Object.keys(columns)].map((name) => [
            tuple + name.charAt(0).toUpperCase() + name.slice(1),
            null,
          ]),
        ),
      ),
      ...key,
    });
    if (operation.op === 'put') {
      held.set(keyText(operation.row), { ...defaults({}), ...operation.row });
    } else if (operation.op === 'sweep') {
      for (const [text, row] of [...held])
        if (Object.entries(operation.where).every(([name, value]) => value !== null && row[name] === value)) {
          if (operation.set) Object.assign(row, operation.set);
          else held.delete(text);
        }
    } else {
      const text = keyText(operation.key);
      if (!held.has(text) && table.kind === 'tally' && operation.op !== 'remove')
        held.set(text, defaults(operation.key));
      const row = held.get(text);
      if (!row) {
        if (table.kind === 'entity') missed += 1;
        continue;
      }
      if (operation.op === 'remove') held.delete(text);
      if (operation.op === 'patch') Object.assign(row, operation.set);
      if (operation.op === 'add')
        for (const [name, n] of Object.entries(operation.sum)) row[name] = Number(row[name]) + n;
      if (operation.op === 'keep') {
        const { tuple, at, position, values } = operation;
        const [keptAt, kept] = [row[`${tuple}At`] as string | null, row[`${tuple}Position`] as bigint | null];
        const later = keptAt !== null && kept !== null && (at > keptAt || (at === keptAt && position > kept));
        const same = at === keptAt && position === kept;
        const wins = keptAt === null || (!same && (table.tuples[tuple]?.order === 'last' ? later : !later));
        if (!wins) continue;
        row[`${tuple}At`] = at;
        row[`${tuple}Position`] = position;
        for (const [name, value] of Object.entries(values))
          row[tuple + name.charAt(0).toUpperCase() + name.slice(1)] = value;
      }
    }
  }
  return { rows, missed };
};
