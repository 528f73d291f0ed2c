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
const prefixes = Object.fromEntries(
  Object.entries(BYTES).map(([type, byte]) => [type, Buffer.from([VERSION, byte]).toString('hex')]),
) as Readonly<Record<NodeType, string>>;

/** An entity's id as clients hold it: opaque, permanent, the same on every door. */
export const globalId = (type: NodeType, uuid: string): string =>
  Buffer.from(prefixes[type] + uuid.replaceAll('-', ''), 'hex').toString('base64url');

const LENGTH = 18;
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
