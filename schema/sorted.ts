import type { Page, Paged, Place } from '../projections/page.ts';

/** A page of a short list that is in memory as a whole, in the order of its places. */
export const pageOfSorted = <R>(
  rows: readonly R[],
  place: (row: R) => Place,
  { size, after, before, fromEnd = false }: Page,
  direction: 'asc' | 'desc',
): Paged<R> => {
  const inOrder = (a: Place, b: Place) => (direction === 'asc' ? compare(a, b) : compare(b, a));
  const between = rows
    .filter((row) => !after || inOrder(place(row), after) > 0)
    .filter((row) => !before || inOrder(place(row), before) < 0)
    .sort((a, b) => inOrder(place(a), place(b)));
  return { rows: fromEnd ? between.slice(-size) : between.slice(0, size), more: between.length > size };
};

/** Texts are ordered by their bytes, as the database orders them. */
const compare = (a: Place, b: Place): number => {
  for (const [n, value] of a.entries()) {
    const other = b[n];
    const order =
      typeof value === 'string'
        ? Buffer.compare(Buffer.from(value), Buffer.from(String(other)))
        : Number(value) - Number(other);
    if (order !== 0) return order;
  }
  return 0;
};
