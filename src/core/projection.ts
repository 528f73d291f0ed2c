import type { EventDefinitions, EventFacts, FoldedData, Sealed } from './event.ts';

/**
 * A projection is data: tables, and a pure map from an event to row operations. It never reads, so it can be
 * folded over any batch and rebuilt at any time with the same result.
 */

// Columns. `Write` is what operations carry, `Read` what queries get back.
export type Column<Write = unknown, Read = unknown, Kind extends 'set' | 'sum' = 'set' | 'sum'> = {
  readonly sql: string;
  readonly nullable: boolean;
  readonly kind: Kind;
  /** Never there: they carry the types. */
  readonly write?: Write;
  readonly read?: Read;
};

const column = <Write, Read = Write>(sql: string): Column<Write, Read, 'set'> => ({
  sql,
  nullable: false,
  kind: 'set',
});

export const uuid = column<string>('uuid');
export const text = column<string>('text collate "C"');
export const boolean = column<boolean>('boolean');
export const integer = column<number>('integer');
/** A measured quantity that is only stored and compared, never summed. */
export const number = column<number>('double precision');
export const position = column<bigint>('bigint');
/** Written as RFC 3339 text, read as a Date. */
export const timestamp = column<string, Date>('timestamptz(3)');
/** A sealed value (`Sealed`): long, incompressible, opened only by resolvers. */
export const sealed = column<Sealed>('text');
/** Counts up and down by integers; 0 in a new row. Read as bigint. */
export const sum: Column<number, bigint, 'sum'> = { sql: 'bigint', nullable: false, kind: 'sum' };
export const nullable = <W, R>(inner: Column<W, R, 'set'>): Column<W | null, R | null, 'set'> => ({
  ...inner,
  nullable: true,
});

export type Columns = Record<string, Column>;

/**
 * Columns that move together to the earliest (`first`) or latest (`last`) fact, ordered by (`occurredAt`, position).
 * A tuple named `opened` of `{ by: uuid }` is stored as `openedAt`, `openedPosition`, `openedBy`, null until kept.
 */
export type Tuple = { readonly order: 'first' | 'last'; readonly columns: Columns };
export const first = <C extends Columns>(columns: C) => ({ order: 'first', columns }) as const;
export const last = <C extends Columns>(columns: C) => ({ order: 'last', columns }) as const;

/**
 * `entity`: only `put` creates a row; the other operations on a missing row are counted as missed.
 * `tally`: `add` and `keep` create a row from defaults; it knows neither `put` nor `patch`.
 */
export type Table<
  K extends Columns = Columns,
  C extends Columns = Columns,
  T extends Record<string, Tuple> = Record<string, Tuple>,
> = {
  readonly kind: 'entity' | 'tally';
  readonly key: K;
  readonly columns: C;
  readonly tuples: T;
  /** Plain column lists, with an optional `desc` or `where` in SQL words; each becomes one index. */
  readonly indexes: readonly string[];
};

type TableShape<K, C, T> = { key: K; columns?: C; tuples?: T; indexes?: readonly string[] };
type None = Record<never, never>;

const table = <K extends Columns, C extends Columns, T extends Record<string, Tuple>>(
  kind: 'entity' | 'tally',
  { key, columns, tuples, indexes }: TableShape<K, C, T>,
) => ({ kind, key, columns: columns ?? ({} as C), tuples: tuples ?? ({} as T), indexes: indexes ?? [] });

export const entity = <K extends Columns, C extends Columns = None, T extends Record<string, Tuple> = None>(
  shape: TableShape<K, C, T>,
) => table('entity', shape) as Table<K, C, T> & { kind: 'entity' };

export const tally = <K extends Columns, C extends Columns = None, T extends Record<string, Tuple> = None>(
  shape: TableShape<K, C, T>,
) => table('tally', shape) as Table<K, C, T> & { kind: 'tally' };

export type Tables = Record<string, Table>;

// Row types.
type Write<C> = { [N in keyof C]: C[N] extends Column<infer W, unknown> ? W : never };
type Read<C> = { [N in keyof C]: C[N] extends Column<unknown, infer R> ? R : never };
type SetNames<C> = { [N in keyof C]: C[N] extends Column<unknown, unknown, 'set'> ? N : never }[keyof C];
type Optional<C> = {
  [N in keyof C]: C[N] extends Column<infer W, unknown, 'set'> ? (null extends W ? N : never) : N;
}[keyof C];
type Key<T> = T extends Table<infer K, infer _C, infer _T> ? Write<K> : never;
type PutRow<T> =
  T extends Table<infer K, infer C, infer _T>
    ? Write<K> & Write<Omit<C, Optional<C>>> & Partial<Write<Pick<C, Optional<C>>>>
    : never;
type PatchRow<T> = T extends Table<infer _K, infer C, infer _T> ? Partial<Write<Pick<C, SetNames<C>>>> : never;
type AddRow<T> =
  T extends Table<infer _K, infer C, infer _T> ? Partial<Record<Exclude<keyof C, SetNames<C>>, number>> : never;
type TupleName<T> = T extends Table<infer _K, infer _C, infer U> ? keyof U & string : never;
type KeepValues<T, N> =
  T extends Table<infer _K, infer _C, infer U>
    ? N extends keyof U
      ? U[N] extends { columns: infer C }
        ? Write<C>
        : never
      : never
    : never;
type UnionToIntersection<U> = (U extends unknown ? (x: U) => void : never) extends (x: infer I) => void ? I : never;
type TupleRead<U> = UnionToIntersection<
  {
    [N in keyof U & string]: U[N] extends { columns: infer C }
      ? { [P in `${N}At`]: Date | null } & { [P in `${N}Position`]: bigint | null } & {
          [M in keyof C & string as `${N}${Capitalize<M>}`]: C[M] extends Column<unknown, infer R> ? R | null : never;
        }
      : never;
  }[keyof U & string]
>;

/** A row of a table as queries read it. */
export type Row<T> =
  T extends Table<infer K, infer C, infer U>
    ? Read<K> & Read<C> & (keyof U extends never ? unknown : TupleRead<U>)
    : never;

/** The tables of a projection as Kysely's database type. */
export type Rows<T extends Tables> = { [N in keyof T]: Row<T[N]> };

/** A total function row|∅ → row|∅ on one row of one table. */
export type Operation =
  | { readonly op: 'put'; readonly table: string; readonly row: Readonly<Record<string, unknown>> }
  | {
      readonly op: 'patch';
      readonly table: string;
      readonly key: Readonly<Record<string, unknown>>;
      readonly set: Readonly<Record<string, unknown>>;
    }
  | {
      readonly op: 'add';
      readonly table: string;
      readonly key: Readonly<Record<string, unknown>>;
      readonly sum: Readonly<Record<string, number>>;
    }
  | {
      readonly op: 'keep';
      readonly table: string;
      readonly key: Readonly<Record<string, unknown>>;
      readonly tuple: string;
      readonly at: string;
      readonly position: bigint;
      readonly values: Readonly<Record<string, unknown>>;
    }
  | { readonly op: 'remove'; readonly table: string; readonly key: Readonly<Record<string, unknown>> }
  /** A barrier: all rows where the indexed columns have these values are patched (`set`) or removed (`set: null`). */
  | {
      readonly op: 'sweep';
      readonly table: string;
      readonly where: Readonly<Record<string, unknown>>;
      readonly set: Readonly<Record<string, unknown>> | null;
    };

type EntityName<T extends Tables> = { [N in keyof T]: T[N] extends { kind: 'entity' } ? N : never }[keyof T] & string;

/** The operations of a projection, checked against its tables. */
export const operationsOn = <T extends Tables>(_tables: T) => ({
  put: <N extends EntityName<T>>(table: N, row: PutRow<T[N]>): Operation => ({ op: 'put', table, row: row as never }),
  patch: <N extends EntityName<T>>(table: N, key: Key<T[N]>, set: PatchRow<T[N]>): Operation => ({
    op: 'patch',
    table,
    key: key as never,
    set: set as never,
  }),
  add: <N extends keyof T & string>(table: N, key: Key<T[N]>, sum: AddRow<T[N]>): Operation => ({
    op: 'add',
    table,
    key: key as never,
    sum: sum as never,
  }),
  /** Keeps the tuple's values if the event is earlier (`first`) or later (`last`) than what is kept. Only for facts that nothing can withdraw. */
  keep: <N extends keyof T & string, U extends TupleName<T[N]>>(
    table: N,
    key: Key<T[N]>,
    tuple: U,
    { occurredAt, position }: EventFacts,
    values: KeepValues<T[N], U>,
  ): Operation => ({ op: 'keep', table, key: key as never, tuple, at: occurredAt, position, values: values as never }),
  remove: <N extends keyof T & string>(table: N, key: Key<T[N]>): Operation => ({
    op: 'remove',
    table,
    key: key as never,
  }),
  sweep: <N extends keyof T & string>(
    table: N,
    where: Partial<PutRow<T[N]>>,
    set: PatchRow<T[N]> | null,
  ): Operation => ({ op: 'sweep', table, where: where as never, set: set as never }),
});

/** What a projection does with each event type that it handles; the others pass it by. */
export type Handlers<E extends EventDefinitions> = {
  readonly [T in keyof E & string]?: (data: FoldedData<E[T]>, event: EventFacts) => readonly Operation[];
};

/** A statement that begins so is asked all the time: database sessions keep its plan. */
export const ASKED_OFTEN = '/* asked often */ ';

export type Projection<T extends Tables = Tables> = {
  readonly name: string;
  /** Raise it whenever tables or handlers change: the runtime then builds a new generation. */
  readonly version: number;
  readonly tables: T;
  readonly on: Readonly<Record<string, (data: never, event: EventFacts) => readonly Operation[]>>;
};

/** Declares a projection over the events of `E`. */
export const defineProjection =
  <E extends EventDefinitions>() =>
  <T extends Tables>(projection: { name: string; version: number; tables: T; on: Handlers<E> }): Projection<T> =>
    projection as Projection<T>;
