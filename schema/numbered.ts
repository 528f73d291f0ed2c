import type { NumberedPage, NumberedRows } from '../src/core/operations.ts';
import { type Connection, toConnection } from './connection.ts';
import { type ListOrder, type PageArguments, pageOf } from './cursor.ts';

type Numbered<R> = {
  readonly list: (page: NumberedPage) => Promise<NumberedRows<R>>;
  readonly count: () => Promise<number>;
};

/** A page of what is kept beside the log: newest first, by number. `of` is the id of whatever has the list. */
export const numberedConnection = async <R extends { readonly number: bigint }>(
  name: string,
  of: string,
  args: PageArguments,
  { list, count }: Numbered<R>,
): Promise<Connection<R>> => {
  const order: ListOrder = { name, of, parts: ['position'] };
  const page = pageOf(order, args);
  const paged = await list({
    size: page.size,
    fromEnd: page.fromEnd ?? false,
    ...(page.after && { after: BigInt(String(page.after[0])) }),
    ...(page.before && { before: BigInt(String(page.before[0])) }),
  });
  return toConnection({ order, page, paged, place: ({ number }) => [number], node: (row) => row, count });
};
