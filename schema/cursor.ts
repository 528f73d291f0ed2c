import { createHash } from 'node:crypto';
import type { Page, Place } from '../projections/page.ts';
import { fault } from './fault.ts';

/** An order of a list: its cursors are good for no other list, and its parts say how they read back. */
export type ListOrder = {
  readonly name: string;
  /** The id of whatever has the list; of the log, where it is the organisation's. */
  readonly of: string;
  readonly parts: readonly Part[];
};

/** What a cursor is made of. */
export type Part = keyof typeof readers;

/** What a client asks of a list. */
export type PageArguments = {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
};

export const DEFAULT_PAGE = 20;
export const MAX_PAGE = 100;

const CHECK = 4;
/** The last instant that a Date can be, in milliseconds. */
const LAST_TIME = 8.64e15;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const readers = {
  time: (value: unknown) =>
    Number.isInteger(value) && Math.abs(Number(value)) <= LAST_TIME ? new Date(Number(value)) : null,
  position: (value: unknown) => (typeof value === 'string' && /^\d{1,18}$/.test(value) ? BigInt(value) : null),
  text: (value: unknown) => (typeof value === 'string' && !value.includes('\0') ? value : null),
  uuid: (value: unknown) => (typeof value === 'string' && UUID.test(value) ? value : null),
};

const checksum = ({ name, of }: ListOrder, text: Buffer) =>
  createHash('sha256').update(`page cursor of ${name} of ${of}:`).update(text).digest().subarray(0, CHECK);

/** A row's place in a list as clients hold it. */
export const encodePlace = (order: ListOrder, place: Place): string => {
  const values = place.map((value) =>
    value instanceof Date ? value.getTime() : typeof value === 'bigint' ? String(value) : value,
  );
  const text = Buffer.from(JSON.stringify(values));
  return Buffer.concat([checksum(order, text), text]).toString('base64url');
};

export const decodePlace = (order: ListOrder, cursor: string): Place => {
  const { parts } = order;
  const bytes = Buffer.from(cursor, 'base64url');
  const text = bytes.subarray(CHECK);
  // A lenient decoder makes many texts of one cursor; only the one that was given out is honoured.
  const isWhole = bytes.length > CHECK && bytes.toString('base64url') === cursor;
  if (isWhole && checksum(order, text).equals(bytes.subarray(0, CHECK))) {
    const values = parse(text);
    const place = parts.map((part, n) => readers[part](values[n])).filter((value) => value !== null);
    if (place.length === parts.length && values.length === parts.length) return place;
  }
  throw fault('CURSOR_MALFORMED', 'This is not a cursor of this list: take one from its edges or its pageInfo.');
};

/** The page that a client asked for: 20 items from the start unless it says otherwise. */
export const pageOf = (order: ListOrder, { first, after, last, before }: PageArguments): Page => {
  const fromEnd = first == null && last != null;
  if (first != null && last != null)
    throw fault('PAGE_SIZE_OUT_OF_RANGE', 'Ask for the first or for the last items of a list, not for both.');
  return {
    size: pageSize(fromEnd ? last : first),
    fromEnd,
    ...(after != null && { after: decodePlace(order, after) }),
    ...(before != null && { before: decodePlace(order, before) }),
  };
};

export const pageSize = (asked: number | null | undefined): number => {
  const size = asked ?? DEFAULT_PAGE;
  if (size < 1 || size > MAX_PAGE)
    throw fault('PAGE_SIZE_OUT_OF_RANGE', `A page has 1 to ${MAX_PAGE} items: ${size} were asked for.`);
  return size;
};

const parse = (text: Buffer): readonly unknown[] => {
  try {
    const values: unknown = JSON.parse(text.toString());
    return Array.isArray(values) ? values : [];
  } catch {
    return [];
  }
};
