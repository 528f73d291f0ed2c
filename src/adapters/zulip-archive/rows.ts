import { z } from 'zod';
import { ArchiveFault } from './fault.ts';

// Rows as Zulip writes them: the fields that the import needs must be there and right, further ones are welcome.

// A Zulip database holds neither NUL nor half a surrogate pair; no event could.
const isStorable = (text: string) => !/\0|\p{Cs}/u.test(text);
const NOT_STORABLE = 'has a NUL character or half a surrogate pair, which no text can hold';
// What fits an event once it is encrypted. Zulip's own limits are 10,000 characters for a text and 100 for a name.
const MAX_TEXT_BYTES = 180_000;
const isShort = (text: string) =>
  6 * text.length <= MAX_TEXT_BYTES || Buffer.byteLength(JSON.stringify(text)) <= MAX_TEXT_BYTES;
const text = z.string().refine(isShort, 'takes more than 180,000 bytes').refine(isStorable, NOT_STORABLE);
const name = z.string().max(10_000, 'is longer than 10,000 characters').refine(isStorable, NOT_STORABLE);

const id = z.int().min(0, 'must be a number from 0');
const YEAR_9999 = 253_402_300_799;
/** No clock is so far ahead. */
const DAY = 86_400;
const seconds = z
  .number()
  .min(0, 'must be seconds since 1970-01-01')
  .max(YEAR_9999, 'must be seconds since 1970-01-01, not milliseconds')
  .refine(
    (value) => value <= Date.now() / 1_000 + DAY,
    'lies in the future: no export holds what is younger than itself',
  );

export const realmRow = z.object({ id, name, string_id: name.nullish(), date_created: seconds });

export const userRow = z.object({
  id,
  full_name: name,
  email: name.nullish(),
  delivery_email: name.nullish(),
  is_bot: z.boolean(),
  is_active: z.boolean().nullish(),
  role: z.int().nullish(),
  date_joined: seconds,
});

/** A bot of the platform: it sends notices in every organisation and belongs to none. */
export const systemBotRow = z.object({ id, email: name });

export const channelRow = z.object({
  id,
  name,
  description: text.nullish(),
  date_created: seconds.nullish(),
  invite_only: z.boolean().nullish(),
  deactivated: z.boolean().nullish(),
  creator: id.nullish(),
  history_public_to_subscribers: z.boolean().nullish(),
});

/** `type` 1 is a person, 2 a channel, 3 a group of people; `type_id` is the id of what it is. */
export const recipientRow = z.object({ id, type: z.int(), type_id: id });

export const subscriptionRow = z.object({
  user_profile: id,
  recipient: id,
  active: z.boolean(),
  is_user_active: z.boolean().nullish(),
});

export const reactionRow = z.object({
  user_profile: id,
  message: id,
  emoji_name: name,
  emoji_code: name.nullish(),
  reaction_type: name.nullish(),
});

export const auditRow = z.object({
  event_type: z.unknown(),
  event_time: seconds,
  modified_user: id.nullish(),
  modified_stream: id.nullish(),
});

export const messageRow = z.object({
  id,
  sender: id,
  recipient: id,
  subject: name,
  content: text,
  date_sent: seconds,
  last_edit_time: seconds.nullish(),
  has_attachment: z.boolean().nullish(),
  rendered_content: z.string().nullish(),
});
/** What is looked at of every message, also of those that are left out: nothing else of them is judged. */
export const anyMessageRow = z.object({ id, sender: id, recipient: id, is_channel_message: z.boolean().nullish() });

/** Hears of a row that is wrong: throws, or takes note of it, and the row is left out. */
export type OnFault = (fault: ArchiveFault) => void;

type Place = { readonly file: string; readonly table: string; readonly word?: string };

/** One row; null for a wrong one. A fault names file, table, row and field. */
export const readRow = <T extends z.ZodObject>(
  { file, table, word = `${table}, row` }: Place,
  row: unknown,
  index: number,
  schema: T,
  onFault: OnFault,
): z.infer<T> | null => {
  const result = schema.safeParse(row);
  if (result.success) return result.data as z.infer<T>;
  onFault(new ArchiveFault(file, `${word} ${index + 1}${idOf(row)}: ${problem(result.error, row)}`));
  return null;
};

/** The rows of one table. Tables that are not there are empty. */
export const readRows = <T extends z.ZodObject>(
  place: Place,
  value: unknown,
  schema: T,
  onFault: OnFault,
): z.infer<T>[] =>
  rowsOf(place, value).flatMap((row, index) => {
    const read = readRow(place, row, index, schema, onFault);
    return read === null ? [] : [read];
  });

export const rowsOf = ({ file, table }: Place, value: unknown): readonly unknown[] => {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new ArchiveFault(file, `"${table}" must be a list of rows`);
  return value;
};

const idOf = (row: unknown) => {
  const { id } = (row ?? {}) as { id?: unknown };
  return typeof id === 'number' ? ` (id ${id})` : '';
};

const problem = (error: z.ZodError, row: unknown): string => {
  const issue = error.issues[0];
  const field = issue?.path[0];
  if (!issue || field === undefined) return 'is not an object';
  const value = (row as Record<PropertyKey, unknown>)[field];
  if (value === undefined) return `"${String(field)}" is missing`;
  if (issue.code === 'invalid_type' && !/^must/.test(issue.message))
    return `"${String(field)}" must be ${WORDS[issue.expected] ?? issue.expected}, not ${kindOf(value)}`;
  return `"${String(field)}" ${issue.message}`;
};

const WORDS: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
};

const kindOf = (value: unknown) => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'text';
  return typeof value === 'object' ? 'an object' : String(value);
};
