import { z } from 'zod';
import { domainEvents, isConfidential } from '../src/domain/index.ts';
import { bareType, EVENT_SCHEMAS, isToldAsItIs, nodeTypesOf, PARTS, toldType } from './cloud-event.ts';
import { exampleId, exampleOf, type Shape } from './event-example.ts';
import { scopeOfEvent } from './event-sight.ts';
import type { NodeType } from './global-id.ts';

/** A JSON Schema (2020-12) of what the event feed and webhooks tell as an event's `data`. */
export type EventSchema = {
  readonly $schema: string;
  readonly $id: string;
  readonly title: string;
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
  readonly examples: readonly unknown[];
};

const isDeclared = (type: string): type is keyof typeof domainEvents => Object.hasOwn(domainEvents, type);

/** Made of what the domain declares, with ids as they are told; null for a type that there is not. More fields may come. */
export const eventSchemaOf = (publicUrl: string, name: string): EventSchema | null => {
  const type = bareType(name);
  if (!isDeclared(type)) return null;
  const declared = z.toJSONSchema(domainEvents[type].data, { target: 'draft-2020-12' });
  const given = Object.entries(declared.properties ?? {}) as [string, Shape][];
  const told = given.flatMap(([name, property]) => {
    const nodes = nodeTypesOf(name);
    if (nodes.length > 0) return [[name, idProperty(nodes, property)] as const];
    if (Object.hasOwn(PARTS, name)) return [[name, opened(name, partsOf(property, PARTS[name]))] as const];
    return isToldAsItIs(name) ? [[name, opened(name, property)] as const] : [];
  });
  const properties: Readonly<Record<string, Shape>> = Object.fromEntries(told);
  const required = (declared.required ?? []).filter((name) => Object.hasOwn(properties, name));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `${publicUrl}${EVENT_SCHEMAS}${type}`,
    title: toldType(type),
    type: 'object',
    properties,
    required,
    examples: [exampleOf({ type: 'object', properties })],
  };
};

/** All that anybody can be told, with the scope that it takes and where its schema is. */
export const eventIndex = (publicUrl: string) => ({
  types: (Object.keys(domainEvents) as (keyof typeof domainEvents)[])
    .filter((type) => !isConfidential(type))
    .sort()
    .map((type) => ({
      type: toldType(type),
      dataversion: domainEvents[type].version,
      dataschema: `${publicUrl}${EVENT_SCHEMAS}${type}`,
      scope: scopeOfEvent(type),
    })),
});

/** Of the properties of an object, or of what else it may be, only some. */
const partsOf = (declared: Shape, parts: readonly string[] = []): Shape => {
  const { anyOf, properties, required } = declared;
  if (anyOf) return { anyOf: anyOf.map((each) => partsOf(each, parts)) };
  if (!properties) return declared;
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => parts.includes(name))),
    required: (required ?? []).filter((name) => parts.includes(name)),
  };
};

/** More fields may come at every depth, and a time says that it is one. */
const opened = (name: string, { additionalProperties: _, ...shape }: Shape): Shape => ({
  ...shape,
  ...(shape.type === 'string' && IS_TIME.test(name) && { format: 'date-time' }),
  ...(shape.anyOf && { anyOf: shape.anyOf.map((each) => opened(name, each)) }),
  ...(shape.items && { items: opened(name, shape.items) }),
  ...(shape.properties && {
    properties: Object.fromEntries(Object.entries(shape.properties).map(([part, each]) => [part, opened(part, each)])),
  }),
});
const IS_TIME = /(At|^until)$/;

const idProperty = (nodes: readonly NodeType[], declared: object): Shape => ({
  type: JSON.stringify(declared).includes('"null"') ? ['string', 'null'] : 'string',
  description: `The id of ${nodes.map((node) => `${/^[AEIO]/.test(node) ? 'an' : 'a'} ${node}`).join(' or ')}, as \`node(id:)\` takes it.`,
  examples: nodes.slice(0, 1).map((node) => exampleId(node)),
});
