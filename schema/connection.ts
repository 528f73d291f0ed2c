import type { ArgBuilder, ObjectRef } from '@pothos/core';
import type { Page, Paged, Place } from '../projections/page.ts';
import { builder, type Types } from './builder.ts';
import { encodePlace, type ListOrder } from './cursor.ts';

/** A page of a list as resolvers answer it. */
export type Connection<R> = {
  readonly edges: readonly Edge<R>[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Where to go on, where that is further than the last edge. */
  readonly end?: () => string;
  /** Counts the whole list; called only when a client asks for it. */
  readonly count: () => Promise<number | null> | number | null;
};

/** A row and its place in the list; the cursor is made only when somebody reads it. */
export type Edge<R> = { readonly node: R; readonly cursor: () => string };

type Listed<R, N> = {
  readonly order: ListOrder;
  readonly page: Page;
  readonly paged: Paged<R>;
  readonly place: (row: R) => Place;
  /** The node of each row; a row whose node is not there is left out. */
  readonly node: (row: R) => N | null;
  readonly count: () => Promise<number | null> | number | null;
};

export const toConnection = <R, N>({ order, page, paged, place, node, count }: Listed<R, N>): Connection<N> => ({
  edges: paged.rows.flatMap((row) => {
    const found = node(row);
    return found === null ? [] : [{ node: found, cursor: () => encodePlace(order, place(row)) }];
  }),
  hasNextPage: page.fromEnd ? page.before !== undefined : paged.more,
  hasPreviousPage: page.fromEnd ? paged.more : page.after !== undefined,
  count,
});

export const PageInfo = builder.objectRef<Connection<unknown>>('PageInfo').implement({
  description: 'Where a page stands in its list.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      description: 'Whether items follow this page. Read backward, it is only known to be so after a `before`.',
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: 'Whether items stand before this page. Read forward, it is only known to be so after an `after`.',
    }),
    startCursor: t.string({
      nullable: true,
      description: 'The cursor of the first edge; null for an empty page.',
      resolve: ({ edges }) => edges[0]?.cursor() ?? null,
    }),
    endCursor: t.string({
      nullable: true,
      description: 'Send it as `after` for the next page: the cursor of the last edge, null for an empty page.',
      resolve: ({ edges, end }) => end?.() ?? edges.at(-1)?.cursor() ?? null,
    }),
  }),
});

/** The one connection type of a node type. */
export const connectionOf = <N extends object>(node: ObjectRef<Types, N>, plural: string) => {
  const Edge = builder.objectRef<Edge<N>>(`${node.name}Edge`).implement({
    description: `One of the ${plural} of a page, with its place in the list.`,
    fields: (t) => ({
      cursor: t.string({
        description: 'The place in the list: valid for as long as the list exists.',
        resolve: ({ cursor }) => cursor(),
      }),
      node: t.field({ type: node, description: 'The item that stands there.', resolve: (edge) => edge.node as never }),
    }),
  });
  return builder.objectRef<Connection<N>>(`${node.name}Connection`).implement({
    description: `A page of a list of ${plural}.`,
    fields: (t) => ({
      edges: t.field({
        type: [Edge],
        description: 'The items with their places in the list.',
        resolve: ({ edges }) => edges,
      }),
      nodes: t.field({
        type: [node],
        description: 'The items of the page, without their places.',
        resolve: ({ edges }) => edges.map((edge) => edge.node) as never,
      }),
      pageInfo: t.field({ type: PageInfo, description: 'Whether there is more.', resolve: (connection) => connection }),
      totalCount: t.int({
        nullable: true,
        description: 'How many items the whole list has, counted to 10,000. Null for a list that is not counted.',
        resolve: ({ count }) => count(),
      }),
    }),
  });
};

/** The arguments of every list. */
export const pageArguments = (t: ArgBuilder<Types>) => ({
  first: t.int({
    description: 'How many items from the start of the list: 1 to 100, 20 when neither first nor last is given.',
  }),
  after: t.string({ description: 'Only items after this cursor.' }),
  last: t.int({ description: 'How many items from the end of the list: 1 to 100. Not together with first.' }),
  before: t.string({ description: 'Only items before this cursor.' }),
});
