import { z } from 'zod';
import { domainEvents } from '../src/domain/index.ts';
import { EVENT_SCHEMAS, isToldAsItIs, nodeTypesOf, PARTS } from './cloud-event.ts';

/** A JSON Schema (2020-12) of what the event feed and webhooks tell as an event's `data`. */
export type EventSchema = {
  readonly $schema: string;
  readonly $id: string;
  readonly title: string;
  readonly type: 'object';
  readonly properties: Readonly<Record<string, object>>;
  readonly required: readonly string[];
};

/** Made of what the domain declares, with ids as they are told; null for a type that there is not. More fields may come. */
export const eventSchemaOf = (publicUrl: string, type: string): EventSchema | null => {
  if (!Object.hasOwn(domainEvents, type)) return null;
  const declared = z.toJSONSchema(domainEvents[type as keyof typeof domainEvents].data, { target: 'draft-2020-12' });
  const given = Object.entries(declared.properties ?? {}) as [string, object][];
  const properties = given.flatMap(([name, property]) => {
    const nodes = nodeTypesOf(name);
    if (nodes.length > 0) return [[name, idProperty(nodes, property)] as const];
    if (Object.hasOwn(PARTS, name)) return [[name, partsOf(property, PARTS[name])] as const];
    return isToldAsItIs(name) ? [[name, property] as const] : [];
  });
  const names = new Set(properties.map(([name]) => name));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `${publicUrl}${EVENT_SCHEMAS}${type}`,
    title: type,
    type: 'object',
    properties: Object.fromEntries(properties),
    required: (declared.required ?? []).filter((name) => names.has(name)),
  };
};

type Declared = {
  readonly anyOf?: readonly Declared[];
  readonly properties?: object;
  readonly required?: readonly string[];
};

/** Of the properties of an object, or of what else it may be, only some. */
const partsOf = (declared: Declared, parts: readonly string[] = []): object => {
  const { anyOf, properties, required } = declared;
  if (anyOf) return { anyOf: anyOf.map((each) => partsOf(each, parts)) };
  if (!properties) return declared;
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => parts.includes(name))),
    required: (required ?? []).filter((name) => parts.includes(name)),
  };
};

const idProperty = (nodes: readonly string[], declared: object) => ({
  type: JSON.stringify(declared).includes('"null"') ? ['string', 'null'] : 'string',
  description: `The id of a ${nodes.join(' or a ')}, as \`node(id:)\` takes it.`,
});
