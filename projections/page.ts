import { type Expression, type ExpressionBuilder, type Kysely, type SelectQueryBuilder, sql } from 'kysely';

/** A row's place in an ordered list: the values of the columns that order it. */
export type Place = readonly (string | number | bigint | Date)[];

/** Which rows of an ordered list: at most `size` after or before a place, from the list's start or its end. */
export type Page = {
  readonly size: number;
  readonly after?: Place;
  readonly before?: Place;
  readonly fromEnd?: boolean;
};

/** The page that a list begins with, which is asked for more often than all others. */
export const isFirst = ({ after, before, fromEnd }: Page): boolean => !after && !before && !fromEnd;

/** A page's rows in list order. `more` says whether rows follow in the direction of reading. */
export type Paged<R> = { readonly rows: readonly R[]; readonly more: boolean };

/** How a list is ordered: its last column tells rows apart that are otherwise equal. */
export type Order = { readonly columns: readonly string[]; readonly direction: 'asc' | 'desc' };

/** A span of time: from `gte` on, up to and without `lt`; an end that is not given is open. */
export type Span = { readonly gte?: Date | undefined; readonly lt?: Date | undefined };

/** The condition on a column of times that it lies in the span. */
export const inSpan = (column: string, { gte, lt }: Span = {}) => {
  const at = sql.ref(column);
  const ends = [...(gte ? [sql`${at} >= ${gte}`] : []), ...(lt ? [sql`${at} < ${lt}`] : [])];
  return ends.length > 0 ? sql<boolean>`(${sql.join(ends, sql` and `)})` : sql<boolean>`true`;
};

/**
 * Adds a keyset page to a query: where the rows begin, their order, and one row more than asked so that `paged`
 * can say whether there are more. Its cost does not depend on how far the page is from the start.
 */
export const onPage = <DB, T extends keyof DB, R>(
  query: SelectQueryBuilder<DB, T, R>,
  { columns, direction }: Order,
  { size, after, before, fromEnd = false }: Page,
): SelectQueryBuilder<DB, T, R> => {
  const place = sql.join(columns.map((column) => sql.ref(column)));
  const beyond = (values: Place, forward: boolean) =>
    sql<boolean>`(${place}) ${sql.raw((direction === 'desc') === forward ? '<' : '>')} (${sql.join(values)})`;
  let paged = query;
  if (after) paged = paged.where((_: ExpressionBuilder<DB, T>) => beyond(after, true));
  if (before) paged = paged.where((_: ExpressionBuilder<DB, T>) => beyond(before, false));
  const reading = fromEnd === (direction === 'desc') ? 'asc' : 'desc';
  for (const column of columns) paged = paged.orderBy(sql.ref(column), reading);
  return paged.limit(size + 1);
};

/** The rows of a page query in list order. */
export const paged = <R>(rows: readonly R[], { size, fromEnd = false }: Page): Paged<R> => {
  const kept = rows.slice(0, size);
  return { rows: fromEnd ? kept.toReversed() : kept, more: rows.length > size };
};

/** The page of a list whose rows stand in several that have nothing in common: each is ordered alike, and was read with this page. */
export const merged = <R extends object>(
  lists: readonly Paged<R>[],
  { columns, direction }: Order,
  { size, fromEnd = false }: Page,
): Paged<R> => {
  const all = lists.flatMap(({ rows }) => rows);
  const rows = all.toSorted((a, b) => compare(a, b, columns) * (direction === 'desc' ? -1 : 1));
  return {
    rows: fromEnd ? rows.slice(-size) : rows.slice(0, size),
    more: rows.length > size || lists.some(({ more }) => more),
  };
};

const compare = (a: object, b: object, columns: readonly string[]): number => {
  for (const column of columns) {
    const [one, other] = [Reflect.get(a, column), Reflect.get(b, column)];
    if (one < other) return -1;
    if (one > other) return 1;
  }
  return 0;
};

/**
 * The same page of several lists in one statement, each a walk of its own along the index. `list` is the page of the
 * list whose owner is `owner.id`; the rows that come back name their owner as `ownerId`.
 */
export const pageOfEach = async <DB, R>(
  db: Kysely<DB>,
  ownerIds: readonly string[],
  list: Expression<R>,
  page: Page,
): Promise<ReadonlyMap<string, Paged<R>>> => {
  // A lateral join is a loop: the rows of one owner come in the order of its list.
  const { rows } = await sql<R & { readonly ownerId: string }>`
    select owner.id as "ownerId", item.*
      from unnest(${ownerIds}::uuid[]) as owner(id)
     cross join lateral (${list}) as item`.execute(db);
  const lists = new Map<string, R[]>(ownerIds.map((id) => [id, []]));
  for (const row of rows) lists.get(row.ownerId)?.push(row);
  return new Map([...lists].map(([id, all]) => [id, paged(all, page)]));
};

/** How many rows a list has, counted no further than any. */
export const countOf = async <DB, T extends keyof DB, R>(
  db: Kysely<DB>,
  list: SelectQueryBuilder<DB, T, R>,
): Promise<number> => {
  const few = list.clearSelect().select(sql`1`.as('one')).limit(COUNTED_TO);
  const { rows } = await sql<{ readonly count: number }>`select count(*)::int as count from (${few}) as item`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
};

/** How many rows several lists have, in one statement; `list` is limited, and its owner is `owner.id`. */
export const countEach = async <DB, R>(
  db: Kysely<DB>,
  ownerIds: readonly string[],
  list: Expression<R>,
): Promise<ReadonlyMap<string, number>> => {
  const { rows } = await sql<{ readonly id: string; readonly count: number }>`
    select owner.id, counted.count
      from unnest(${ownerIds}::uuid[]) as owner(id)
     cross join lateral (select count(*)::int as count from (${list}) as item) as counted`.execute(db);
  return new Map(rows.map(({ id, count }) => [id, count]));
};

/** No list is counted further than this. */
export const COUNTED_TO = 10_000;
