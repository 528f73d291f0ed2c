import type { NewEvent } from '../core/event.ts';
import {
  type AppendOutcome,
  type AppendRequest,
  MAX_APPEND_BYTES,
  MAX_EVENT_BYTES,
  type RefusalCode,
} from '../core/event-log.ts';

/** An append that passed every check which needs no database, its events written as JSON once and for all. */
export type Storable = {
  readonly request: AppendRequest;
  readonly events: readonly StorableEvent[];
  /** Of data and metadata, as UTF-8. */
  readonly bytes: number;
};

export type StorableEvent = { readonly event: NewEvent; readonly data: string; readonly metadata: string };

export type Refusal = Extract<AppendOutcome, { status: 'refused' }>;

export const refusal = (code: RefusalCode, message: string): Refusal => ({ status: 'refused', code, message });

const MAX_STREAM_NAME = 512;
const MAX_EVENT_TYPE = 128;
const MAX_VERSION = 32_767;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
// With the u flag, \p{Cs} matches a surrogate only when it stands alone.
const NOT_IN_NAMES = /\p{Cc}|\p{Cs}/u;
// Nearly every name is of these alone, and to look for them is a fraction of the price.
const USUAL = /^[ -~]*$/;
// JSON.stringify writes exactly these as escapes; an even run of backslashes before them is a person's own text.
const NOT_IN_JSON = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** The checks that every log makes before it takes an append; what fails here would fail for ever. */
export const toStorable = (request: AppendRequest): Storable | Refusal => {
  assertExpected(request);
  const problem = requestProblem(request);
  if (problem) return problem;
  const events: StorableEvent[] = [];
  let bytes = 0;
  for (const [index, event] of request.events.entries()) {
    const where = `Event ${index + 1} of ${request.events.length} (${event.type}) for "${request.stream}"`;
    const stored = toStorableEvent(event, where);
    if ('status' in stored) return stored;
    const size = Buffer.byteLength(stored.data) + Buffer.byteLength(stored.metadata);
    if (size > MAX_EVENT_BYTES)
      return refusal(
        'EVENT_TOO_LARGE',
        `${where} takes ${size} bytes as stored; at most ${MAX_EVENT_BYTES} are allowed.`,
      );
    bytes += size;
    events.push(stored);
  }
  if (bytes > MAX_APPEND_BYTES)
    return refusal(
      'APPEND_TOO_LARGE',
      `The ${events.length} events for "${request.stream}" take ${bytes} bytes together; at most ${MAX_APPEND_BYTES} are allowed.`,
    );
  return { request, events, bytes };
};

export const isRefusal = (result: Storable | Refusal): result is Refusal => 'status' in result;

const assertExpected = ({ expected, stream }: AppendRequest) => {
  if (typeof expected === 'number' && !(Number.isInteger(expected) && expected >= -1))
    throw new RangeError(`The expected revision of "${stream}" must be an integer from -1 up, not ${expected}.`);
};

const requestProblem = ({ commandId, inputHash, stream, events }: AppendRequest): Refusal | undefined => {
  if (events.length === 0) return refusal('EMPTY_APPEND', `An append to "${stream}" must carry at least one event.`);
  if (stream.length < 1 || stream.length > MAX_STREAM_NAME || !isName(stream))
    return refusal(
      'STREAM_NAME_INVALID',
      `A stream name has 1 to ${MAX_STREAM_NAME} characters and no control characters; ${JSON.stringify(stream.slice(0, 40))} does not.`,
    );
  if (!UUID.test(commandId)) return refusal('NOT_STORABLE', `The command id "${commandId}" is not a lower-case UUID.`);
  if (inputHash === '' || !isName(inputHash))
    return refusal('NOT_STORABLE', 'The input hash must be plain text, and there must be one.');
  return undefined;
};

const toStorableEvent = (event: NewEvent, where: string): StorableEvent | Refusal => {
  if (!UUID.test(event.id))
    return refusal('NOT_STORABLE', `${where} has the id "${event.id}", which is not a lower-case UUID.`);
  if (event.type.length < 1 || event.type.length > MAX_EVENT_TYPE || !isName(event.type))
    return refusal('NOT_STORABLE', `${where} must have a type of 1 to ${MAX_EVENT_TYPE} plain characters.`);
  if (!Number.isInteger(event.version) || event.version < 0 || event.version > MAX_VERSION)
    return refusal(
      'NOT_STORABLE',
      `${where} has version ${event.version}: it must be an integer from 0 to ${MAX_VERSION}.`,
    );
  for (const [name, value] of Object.entries(event.metadata))
    if (typeof value !== 'string') return refusal('NOT_STORABLE', `${where} has metadata "${name}" that is not text.`);
  const data = toJson(event.data);
  if (data?.[0] !== '{') return refusal('NOT_STORABLE', `${where} has data that cannot be written as a JSON object.`);
  const metadata = JSON.stringify(event.metadata);
  if (hasUnstorableText(data) || hasUnstorableText(metadata))
    return refusal('TEXT_NOT_STORABLE', `${where} has text with a NUL character or half a surrogate pair.`);
  return { event, data, metadata };
};

const isName = (text: string) => USUAL.test(text) || !NOT_IN_NAMES.test(text);

const hasUnstorableText = (json: string) => json.includes('\\u') && NOT_IN_JSON.test(json);

/** Undefined for what JSON cannot say: cycles, bigints, nesting deeper than the stack. */
const toJson = (value: object): string | undefined => {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
};
