import type { AnyEmitted } from './decider.ts';
import {
  type Envelope,
  type EventDefinition,
  type EventDefinitions,
  type EventMetadata,
  envelope,
  type FoldedEvent,
  type NewEvent,
  type StoredEvent,
} from './event.ts';
import { bind, type Sealing } from './sealing.ts';
import { unstorableAt } from './storable-text.ts';

/**
 * A retired stored shape, `Type@version`, and how it reads today. Pure; chained until the current version is reached.
 * The envelope passes through as it is: only clear data changes its shape.
 */
export type Upcasts = Readonly<
  Record<string, (data: Record<string, unknown>) => { type: string; version: number; data: Record<string, unknown> }>
>;

/** Every event type declared once: validates and seals what is appended, reads what is stored. */
export type Catalogue = {
  readonly types: readonly string[];
  /** The stored form of an emitted event; throws for one that its declaration does not allow, or with text that no log keeps. */
  write(emitted: AnyEmitted, at: { id: string; stream: string; metadata: EventMetadata }): NewEvent;
  /** The person under whose key the event's personal data is sealed. */
  subject(emitted: AnyEmitted): string | null;
  /**
   * Today's shape of a stored event, its envelope bound to it; `null` for a type that nobody declared. Throws for a declared type
   * in a version that nothing leads from: passing it by would tell another story than the one that happened.
   */
  read(event: StoredEvent): FoldedEvent | null;
};

export const createCatalogue = (
  definitions: EventDefinitions,
  sealing: Pick<Sealing, 'seal'>,
  upcasts: Upcasts = {},
): Catalogue => {
  const definitionOf = (type: string): EventDefinition => {
    const definition = definitions[type];
    if (!definition) throw new Error(`No event type "${type}" is declared.`);
    return definition;
  };
  const subject = ({ type, data }: AnyEmitted) => definitionOf(type).subject?.(data as never) ?? null;

  return {
    types: Object.keys(definitions),
    subject,

    write: (emitted, { id, stream, metadata }) => {
      const { type, data, personal } = emitted;
      const definition = definitionOf(type);
      const clear = check(type, 'data', definition.data.safeParse(data));
      if (!definition.personal) return { id, type, version: definition.version, data: clear, metadata };
      const value = check(type, 'personal', definition.personal.safeParse(personal));
      const unstorable = unstorableAt(value);
      if (unstorable) throw new Error(`${type}: its ${unstorable.join('.')} has a NUL or half a surrogate pair.`);
      const sealed = sealing.seal(subject(emitted) ?? '', { stream, eventId: id, type }, value);
      return { id, type, version: definition.version, data: { ...clear, sealed }, metadata };
    },

    read: (event) => {
      let { type, version } = event;
      let data = event.data as Record<string, unknown>;
      let definition = definitions[type];
      if (definition?.version !== version) {
        for (let upcast = upcasts[`${type}@${version}`]; upcast; upcast = upcasts[`${type}@${version}`])
          ({ type, version, data } = upcast(data));
        definition = definitions[type];
      }
      if (!definition) return null;
      if (definition.version !== version)
        throw new Error(
          `The event ${event.id} is a ${type} of version ${version}, and this Palabre reads version ${definition.version}: run the one that wrote it, or a newer one.`,
        );
      const { id, stream, revision, position, recordedAt } = event;
      const { actor, occurredAt, commandId, inputHash, correlationId, causationId, source } = event.metadata;
      // An envelope is bound to the event as it was stored, not to the shape that it reads as today.
      if ('sealed' in data)
        data = { ...data, sealed: bind(data.sealed as Envelope, { stream, eventId: id, type: event.type }) };
      // One literal of one shape, however the event came to be: a rebuild makes one for each event of the log.
      return {
        actor,
        occurredAt,
        commandId,
        inputHash,
        correlationId,
        causationId,
        source,
        id,
        stream,
        revision,
        position,
        recordedAt,
        type,
        data,
      };
    },
  };
};

/** The whole stored data of an event type, envelope included: what golden examples and importers are checked against. */
export const storedData = ({ data, personal }: EventDefinition) =>
  personal ? data.extend({ sealed: envelope }) : data;

const check = <T>(
  type: string,
  part: string,
  result: { success: true; data: T } | { success: false; error: { message: string } },
): T => {
  if (result.success) return result.data;
  throw new Error(`${type}: its ${part} is not as declared: ${result.error.message}`);
};
