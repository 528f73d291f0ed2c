import type { Operation } from './projection.ts';
import {
  keyText,
  keyValues,
  type NamedColumn,
  type Shape,
  type Shapes,
  sameValue,
  shapeNamed,
  timeText,
} from './table-shape.ts';

/**
 * The composition of operations per key. However a run of events is cut into batches, the composed changes leave the
 * same rows, because each key always holds one of three normal forms and composing them is associative:
 *
 *     any·Put = Put    any·Del = Del    Put·Upd = Put    Upd·Upd = Upd
 *     Del·Upd = Del for an entity, Put(defaults ⊕ δ) for a tally
 */
export type Change = {
  form: 'put' | 'upd' | 'del';
  /** The key's values, in the order of the table's key columns. */
  readonly key: readonly unknown[];
  /** One value for each `set` column; an `upd` touches those whose bit is in `mask`. */
  readonly set: unknown[];
  mask: number;
  /** One number for each `sum` column: the total of a `put`, the increment of an `upd`. */
  readonly sum: number[];
  /** What each tuple keeps, in the order of the table's tuples. */
  readonly kept: (Kept | undefined)[];
  /** True for a `del` of a row that the batch itself had put: finding no row is no miss. */
  quiet: boolean;
};

export type Kept = { readonly at: string; readonly position: bigint; readonly values: readonly unknown[] };

/** The changes of one table. `whole`: they start from an empty table, so they are its rows and not a difference. */
export type Delta = {
  readonly shape: Shape;
  readonly rows: Map<string, Change>;
  readonly whole: boolean;
  /** Of a whole one: the keys of rows that were taken out to be written, and what has become of these rows since. */
  readonly taken: Set<string>;
  later: Delta | null;
};

export type Deltas = ReadonlyMap<string, Delta>;

/** A sweep as the store executes it: all rows where these columns have these values. */
export type Sweep = {
  readonly shape: Shape;
  readonly where: Readonly<Record<string, unknown>>;
  readonly set: Readonly<Record<string, unknown>> | null;
};

/** What a run of events does to the tables of a projection: changes of rows in any order, then perhaps a sweep, and so on. */
export type Step = { readonly deltas: Deltas; readonly sweep: Sweep | null };

export type Fold = {
  readonly shapes: Shapes;
  readonly done: Step[];
  deltas: Map<string, Delta>;
  /** Operations that met no row, as far as the fold alone can tell. */
  missed: number;
};

export const startFold = (shapes: Shapes): Fold => ({ shapes, done: [], deltas: new Map(), missed: 0 });

/** A fold from empty tables: its deltas are rows, and only a table of which rows were taken out needs barriers again. */
export const startWhole = (shapes: Shapes): Fold => ({
  ...startFold(shapes),
  deltas: new Map(Object.values(shapes).map((shape) => [shape.name, noChanges(shape, true)])),
});

/**
 * Takes the rows of entities out of a fold from empty tables, so that they are written while it goes on: most are put once and
 * never touched again. Those of tallies stay, since they are counted up all the time.
 */
export const takeRows = (fold: Fold, atLeast: number): Step | null => {
  const deltas = new Map<string, Delta>();
  for (const delta of fold.deltas.values()) {
    const { shape, rows, whole, taken } = delta;
    if (!whole || shape.kind === 'tally' || rows.size < atLeast) continue;
    for (const text of rows.keys()) taken.add(text);
    deltas.set(shape.name, { ...noChanges(shape, true), rows });
    fold.deltas.set(shape.name, { ...delta, rows: new Map() });
  }
  return deltas.size > 0 ? { deltas, sweep: null } : null;
};

/** All steps so far, the open ones included. */
export const stepsOf = (fold: Fold): readonly Step[] => [...fold.done, ...openSteps(fold)];

const openSteps = ({ deltas }: Fold): Step[] => {
  const later = new Map<string, Delta>();
  for (const [table, delta] of deltas) if (delta.later) later.set(table, delta.later);
  return [deltas, later].filter(({ size }) => size > 0).map((deltas) => ({ deltas, sweep: null }));
};

/** How many rows a fold has in memory. One that was taken out leaves its key, which weighs a quarter. */
export const rowsIn = ({ deltas }: Fold): number => {
  let rows = 0;
  for (const { rows: held, taken, later } of deltas.values())
    rows += held.size + (later?.rows.size ?? 0) + taken.size / 4;
  return rows;
};

const noChanges = (shape: Shape, whole: boolean): Delta => ({
  shape,
  rows: new Map(),
  whole,
  taken: new Set(),
  later: null,
});

/** Composes one operation; throws for one that its table cannot hold. */
export const compose = (fold: Fold, operation: Operation) => {
  const shape = shapeNamed(fold.shapes, operation.table);
  if (operation.op === 'sweep') return sweep(fold, { shape, where: operation.where, set: operation.set });
  const text = keyText(shape, operation.op === 'put' ? operation.row : operation.key);
  const delta = deltaOf(fold, shape, text);
  switch (operation.op) {
    case 'put':
      return put(delta, text, operation.row);
    case 'remove':
      return remove(fold, delta, text, operation.key);
    default: {
      const change = updatable(fold, delta, text, operation.key);
      if (!change) return;
      if (operation.op === 'patch') patch(shape, change, operation.set);
      else if (operation.op === 'add') add(shape, change, operation.sum);
      else keep(shape, change, operation);
    }
  }
};

/** Where the change of a row goes. */
const deltaOf = (fold: Fold, shape: Shape, text: string): Delta => {
  let delta = fold.deltas.get(shape.name);
  if (!delta) {
    delta = noChanges(shape, false);
    fold.deltas.set(shape.name, delta);
  }
  if (delta.taken.size === 0 || !delta.taken.has(text)) return delta;
  delta.later ??= noChanges(shape, false);
  return delta.later;
};

const put = ({ shape, rows }: Delta, text: string, row: Readonly<Record<string, unknown>>) => {
  if (shape.kind === 'tally') throw new Error(`"${shape.name}" is a tally: it knows no put.`);
  const change = fresh(shape, keyValues(shape, row), 'put');
  let known = shape.key.length;
  for (let i = 0; i < shape.set.length; i++) {
    const { name, nullable } = shape.set[i] as NamedColumn;
    const value = row[name];
    if (value !== undefined) known += 1;
    if (value !== undefined && value !== null) change.set[i] = value;
    else if (!nullable) throw new Error(`"${shape.name}"."${name}" needs a value: ${text} was put without one.`);
  }
  for (let i = 0; i < shape.sum.length; i++) {
    const { name } = shape.sum[i] as NamedColumn;
    if (row[name] === undefined) continue;
    known += 1;
    change.sum[i] = whole(shape, name, row[name]);
  }
  for (const name in row) if (row[name] !== undefined) known -= 1;
  if (known < 0) throw unknownColumn(shape, strangerIn(shape, row));
  rows.set(text, change);
};

const strangerIn = (shape: Shape, row: Readonly<Record<string, unknown>>): string =>
  Object.keys(row).find(
    (name) => !shape.keys.has(name) && !shape.setAt.has(name) && !shape.sum.some((column) => column.name === name),
  ) ?? '';

const remove = (fold: Fold, { shape, rows, whole }: Delta, text: string, of: Readonly<Record<string, unknown>>) => {
  const before = rows.get(text);
  if (shape.kind === 'entity' && (before?.form === 'del' || (whole && !before))) fold.missed += 1;
  if (whole) return void rows.delete(text);
  const quiet = before !== undefined && (before.form === 'put' || before.quiet);
  rows.set(text, { ...fresh(shape, keyValues(shape, of), 'del'), quiet: quiet || shape.kind === 'tally' });
};

/** The change that an update of this key goes into; undefined when it certainly meets no row. */
const updatable = (
  fold: Fold,
  { shape, rows, whole }: Delta,
  text: string,
  of: Readonly<Record<string, unknown>>,
): Change | undefined => {
  const before = rows.get(text);
  if (before && before.form !== 'del') return before;
  if (shape.kind === 'entity' && (before || whole)) {
    fold.missed += 1;
    return undefined;
  }
  const change = fresh(shape, keyValues(shape, of), before || whole ? 'put' : 'upd');
  rows.set(text, change);
  return change;
};

const patch = (shape: Shape, change: Change, set: Readonly<Record<string, unknown>>) => {
  if (shape.kind === 'tally') throw new Error(`"${shape.name}" is a tally: it knows no patch.`);
  for (const name in set) {
    const value = set[name];
    if (value === undefined) continue;
    const i = setAt(shape, name, value);
    change.set[i] = value;
    change.mask |= 1 << i;
  }
};

const add = (shape: Shape, change: Change, sum: Readonly<Record<string, number>>) => {
  for (const name in sum) {
    const i = sumAt(shape, name);
    change.sum[i] = whole(shape, name, (change.sum[i] ?? 0) + whole(shape, name, sum[name] ?? 0));
  }
};

const keep = (shape: Shape, change: Change, operation: Extract<Operation, { op: 'keep' }>) => {
  const i = shape.tuples.findIndex(({ name }) => name === operation.tuple);
  const tuple = shape.tuples[i];
  if (!tuple) throw new Error(`"${shape.name}" has no tuple "${operation.tuple}".`);
  const at = timeText(operation.at);
  const before = change.kept[i];
  if (before && !replaces(tuple.order, { at, position: operation.position }, before)) return;
  change.kept[i] = {
    at,
    position: operation.position,
    values: tuple.columns.map(({ name }) => operation.values[name] ?? null),
  };
};

/** Whether a fact takes the place of a kept one. The same fact twice does not. */
export const replaces = (
  order: 'first' | 'last',
  next: Omit<Kept, 'values'>,
  before: Omit<Kept, 'values'>,
): boolean => {
  if (next.at === before.at)
    return order === 'first' ? next.position < before.position : next.position > before.position;
  return order === 'first' ? next.at < before.at : next.at > before.at;
};

const sweep = (fold: Fold, sweep: Sweep) => {
  const { shape, where, set } = sweep;
  if (Object.keys(where).length === 0) throw new Error(`A sweep of "${shape.name}" needs a column to look for.`);
  for (const name in where) if (!shape.keys.has(name) && !shape.setAt.has(name)) throw unknownColumn(shape, name);
  for (const name in set ?? {}) setAt(shape, name, set?.[name]);
  const delta = fold.deltas.get(shape.name);
  if (delta?.whole && delta.taken.size === 0) return sweepRows(delta, sweep);
  // A later operation may meet what the sweep leaves, so nothing moves across it.
  const steps = openSteps(fold);
  const last = steps.pop() ?? { deltas: new Map() };
  fold.done.push(...steps, { ...last, sweep });
  fold.deltas = new Map();
};

const sweepRows = ({ shape, rows }: Delta, { where, set }: Sweep) => {
  const wanted = Object.entries(where).map(([name, value]) => {
    const inKey = shape.key.findIndex((column) => column.name === name);
    const inSet = shape.setAt.get(name) ?? -1;
    const column = (shape.key[inKey] ?? shape.set[inSet]) as NamedColumn;
    return (change: Change) => sameValue(column, inKey >= 0 ? change.key[inKey] : change.set[inSet], value);
  });
  for (const [text, change] of rows) {
    if (!wanted.every((matches) => matches(change))) continue;
    if (set) patch(shape, change, set);
    else rows.delete(text);
  }
};

const NONE: never[] = [];

// Most rows of a large fold live long: what a table has no columns for is not allocated for each of them.
const fresh = (shape: Shape, key: readonly unknown[], form: Change['form']): Change => ({
  form,
  key,
  set: shape.set.length > 0 ? new Array(shape.set.length).fill(null) : NONE,
  mask: 0,
  sum: shape.sum.length > 0 ? new Array(shape.sum.length).fill(0) : NONE,
  kept: shape.tuples.length > 0 ? [] : NONE,
  quiet: false,
});

const setAt = (shape: Shape, name: string, value: unknown): number => {
  const i = shape.setAt.get(name);
  if (i === undefined) throw unknownColumn(shape, name);
  if (value === null && !shape.set[i]?.nullable) throw new Error(`"${shape.name}"."${name}" cannot be null.`);
  return i;
};

const sumAt = (shape: Shape, name: string): number => {
  const i = shape.sum.findIndex((column) => column.name === name);
  if (i < 0) throw unknownColumn(shape, name);
  return i;
};

const whole = (shape: Shape, name: string, value: unknown): number => {
  if (Number.isSafeInteger(value)) return value as number;
  throw new Error(`"${shape.name}"."${name}" counts in whole numbers: ${String(value)} is none.`);
};

const unknownColumn = (shape: Shape, name: string) =>
  new Error(`"${shape.name}" has no column "${name}" for this operation.`);
