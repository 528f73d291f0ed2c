const VERSION = 1;

/** The byte that stands for a type in an id. Ids are permanent: add, never renumber. */
const BYTES = {
  Organisation: 1,
  Member: 2,
  Community: 3,
  Post: 4,
  Comment: 5,
  Project: 6,
  Milestone: 7,
  Objective: 8,
  Expectation: 9,
  Draft: 10,
  Review: 11,
  Webhook: 20,
  WebhookDelivery: 21,
  MachineKey: 22,
} as const;

export type NodeType = keyof typeof BYTES;

const types = new Map<number, NodeType>(Object.entries(BYTES).map(([type, byte]) => [byte, type as NodeType]));

const LENGTH = 18;
const HYPHEN = 45;
const DIGITS = '0123456789abcdef';
/** The value of a digit, by its character code. */
const digits = Uint8Array.from({ length: 128 }, (_, code) => DIGITS.indexOf(String.fromCharCode(code).toLowerCase()));
const scratch = Buffer.alloc(LENGTH, VERSION);

/** An entity's id as clients hold it: opaque, permanent, the same on every door. */
export const globalId = (type: NodeType, uuid: string): string => {
  // A page has dozens of ids: read digit by digit they cost a third of what texts and buffers in between would.
  const digit = (at: number) => digits[uuid.charCodeAt(at)] as number;
  scratch[1] = BYTES[type];
  let at = 0;
  for (let n = 2; n < LENGTH; n++) {
    if (uuid.charCodeAt(at) === HYPHEN) at++;
    scratch[n] = (digit(at) << 4) | digit(at + 1);
    at += 2;
  }
  return scratch.toString('base64url');
};

const UUID = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

/** What a global id stands for; null for text that is none. */
export const readGlobalId = (text: string): { type: NodeType; id: string } | null => {
  const bytes = Buffer.from(text, 'base64url');
  const type = types.get(bytes[1] ?? 0);
  // Lenient decoders make many texts of one id; only the one that was given out is honoured.
  if (bytes.length !== LENGTH || bytes[0] !== VERSION || !type || bytes.toString('base64url') !== text) return null;
  return { type, id: bytes.toString('hex', 2).replace(UUID, '$1-$2-$3-$4-$5') };
};

/** The entity's own id when the global id is of this type, else null. */
export const localId = (type: NodeType, text: string): string | null => {
  const read = readGlobalId(text);
  return read?.type === type ? read.id : null;
};

/**
 * An id for a part that is no node of its own: somebody's membership, a kind of reaction to a post. Opaque, and the same for the same part
 * in every answer, so that a client's cache tells it apart.
 */
export const partId = (type: string, ...keys: readonly (string | number)[]): string =>
  Buffer.from([type, ...keys].join(' ')).toString('base64url');

/** The keys in the id of a part; null for text that is none of this type. */
export const keysIn = (type: string, text: string): readonly string[] | null => {
  const read = Buffer.from(text, 'base64url');
  const [kind, ...keys] = read.toString().split(' ');
  return kind === type && read.toString('base64url') === text ? keys : null;
};

/** What every id of a part says of itself. */
export const PART_ID = 'Opaque: tells it apart from others of its type in a cache.';
