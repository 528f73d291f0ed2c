import { globalId, type NodeType } from './global-id.ts';

/** What a JSON Schema says of a value, as far as events make use of it. */
export type Shape = {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly anyOf?: readonly Shape[];
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly examples?: readonly unknown[];
};

/** An id of a kind of node, of something that is nowhere. */
export const exampleId = (node: NodeType): string => globalId(node, '0198c0de-0000-7000-8000-000000000001');

/** A value of this shape, the same each time. */
export const exampleOf = (shape: Shape): unknown => {
  const { type, format, pattern, minimum = 0, anyOf, items, properties, examples } = shape;
  if (examples) return examples[0];
  if ('const' in shape) return shape.const;
  if (shape.enum) return shape.enum[0];
  if (anyOf?.[0]) return exampleOf(anyOf[0]);
  if (properties)
    return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, exampleOf(property)]));
  if (items) return [exampleOf(items)];
  if (type === 'boolean') return true;
  if (type === 'integer' || type === 'number') return Math.max(1, minimum);
  if (format === 'date-time') return '2026-11-24T12:00:00.000Z';
  // The one pattern of a text that is told: what a reaction is called.
  return pattern ? 'heart' : 'text';
};
