import type { Order, Span } from '../projections/page.ts';
import { builder } from './builder.ts';
import type { ListOrder, Part } from './cursor.ts';

// What the lists have in common that let a client choose their order and their items.

const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Which way a list runs.',
  values: {
    ASC: { description: 'The smallest, earliest or alphabetically first item comes first.' },
    DESC: { description: 'The largest, latest or alphabetically last item comes first.' },
  },
});

/** What a list can be ordered by: columns, the last of which tells equal rows apart, and how cursors read them back. */
type Choice = {
  readonly description: string;
  readonly columns: readonly string[];
  readonly parts: readonly Part[];
};

type Given = { readonly field: string; readonly direction: 'ASC' | 'DESC' };

/** An order as a resolver needs it: for cursors, and for the query. */
type Chosen = { readonly order: ListOrder; readonly by: Order };

/** Declares `<name>Order`, the input with which a client orders a list, and reads it. */
export const orderingOf = <C extends Readonly<Record<string, Choice>>>(
  name: string,
  ordered: string,
  choices: C,
  usual: Given & { readonly field: keyof C & string },
) => {
  const Field = builder.enumType(`${name}OrderField`, {
    description: `What ${ordered} can be ordered by.`,
    values: Object.fromEntries(
      Object.entries(choices).map(([field, { description }]) => [field, { description }]),
    ) as Record<string, { description: string }>,
  });
  const input = builder.inputType(`${name}Order`, {
    description: `How ${ordered} are ordered.`,
    fields: (t) => ({
      field: t.field({ type: Field, required: true, description: 'What they are ordered by.' }),
      direction: t.field({ type: OrderDirection, required: true, description: 'Which way the list runs.' }),
    }),
  });
  return {
    input,
    /** What was asked for, or the usual order; `of` is the id of whatever has the list. */
    choose: (given: Given | null | undefined, of: string): Chosen => {
      const { field, direction } = given ?? usual;
      const { columns, parts } = choices[field] as Choice;
      return {
        order: { name: `${name} by ${field}`, of, parts },
        by: { columns, direction: direction === 'ASC' ? 'asc' : 'desc' },
      };
    },
  };
};

/** A row's place in a list that is ordered by these columns of it. */
export const placeIn =
  <R extends object>({ columns }: Order) =>
  (row: R) =>
    columns.map((column) => row[column as keyof R] as never);

export const DateTimeFilter = builder.inputType('DateTimeFilter', {
  description: 'A span of time; an end that is not given is open. Where `lt` is not after `gte`, nothing lies in it.',
  fields: (t) => ({
    gte: t.field({ type: 'DateTime', description: 'At this instant or later.' }),
    lt: t.field({ type: 'DateTime', description: 'Before this instant.' }),
  }),
});

type GivenSpan = { readonly gte?: Date | null | undefined; readonly lt?: Date | null | undefined };

export const spanOf = (given: GivenSpan | null | undefined): Span | undefined =>
  given ? { gte: given.gte ?? undefined, lt: given.lt ?? undefined } : undefined;
