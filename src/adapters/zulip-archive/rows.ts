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
const name = z.string().max(1_000, 'is longer than 1,000 characters').refine(isStorable, NOT_STORABLE);

const id = z.int().positive('must be a number above 0');
const YEAR_9999 = 253_402_300_799;
const seconds = z
  .number()
  .min(0, 'must be seconds since 1970-01-01')
  .max(YEAR_9999, 'must be seconds since 1970-01-01, not milliseconds');

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
});

/** `type` 1 is a person, 2 a channel, 3 a group of people; `type_id` is the id of what it is. */
export const recipientRow = z.object({ id, type: z.int(), type_id: id });

export const subscriptionRow = z.object({ user_profile: id, recipient: id, active: z.boolean() });

export const reactionRow = z.object({ user_profile: id, message: id, emoji_name: name });

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
});
export type MessageRow = z.infer<typeof messageRow>;

/** Validates the rows of one table; a fault names file, table, row and field. Tables that are not there are empty. */
export const readRows = <T extends z.ZodObject>(
  { file, table, word = `${table}, row` }: { file: string; table: string; word?: string },
  value: unknown,
  schema: T,
): z.infer<T>[] => {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new ArchiveFault(file, `"${table}" must be a list of rows`);
  return value.map((row: unknown, index) => {
    const result = schema.safeParse(row);
    if (result.success) return result.data as z.infer<T>;
    const place = `${word} ${index + 1}${idOf(row)}`;
    throw new ArchiveFault(file, `${place}: ${problem(result.error, row)}`);
  });
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
