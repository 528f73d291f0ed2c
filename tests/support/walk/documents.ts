import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { schema } from '../../../schema/index.ts';

// Documents that a walk asks, made of the schema alone: a new type, field or argument is walked without a change here.

export type Field = GraphQLField<unknown, unknown>;

const samples: Readonly<Record<string, string>> = {
  String: '"x"',
  Int: '1',
  Float: '1',
  Boolean: 'true',
  DateTime: '"2026-01-01T00:00:00Z"',
};

/** A literal that fits a type, with what it must have and no more. */
const literalOf = (type: GraphQLInputType, id: string): string => {
  if (isNonNullType(type)) return literalOf(type.ofType, id);
  if (isListType(type)) return `[${literalOf(type.ofType, id)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? 'NONE';
  if (isInputObjectType(type))
    return `{ ${Object.values(type.getFields())
      .filter((field) => isNonNullType(field.type))
      .map((field) => `${field.name}: ${literalOf(field.type, id)}`)
      .join(', ')} }`;
  return type.name === 'ID' ? JSON.stringify(id) : (samples[type.name] ?? '"x"');
};

/** What must be given, ids, and what widens an answer: a larger page, and each switch turned on. */
const isGiven = ({ name, type }: GraphQLArgument) =>
  isNonNullType(type) || name === 'first' || ['ID', 'Boolean'].includes(getNamedType(type).name);

const argumentsOf = ({ args }: Field, id: string): string => {
  const given = args
    .filter(isGiven)
    .map(({ name, type }) => `${name}: ${name === 'first' ? '100' : literalOf(type, id)}`);
  return given.length > 0 ? `(${given.join(', ')})` : '';
};

export const asksForAnId = ({ args }: Field): boolean => args.some(({ type }) => getNamedType(type).name === 'ID');

export const isNode = (type: unknown): boolean =>
  isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node');

/** All that a field leads to before the next node: of nodes the id alone, which are walked for themselves. */
export const selectionOf = (field: Field, id: string, alias = '', within: readonly string[] = []): string => {
  const head = `${alias}${field.name}${argumentsOf(field, id)}`;
  const type = getNamedType(field.type);
  if (isLeafType(type)) return head;
  if (isNode(type)) return `${head} { __typename id }`;
  if (isAbstractType(type)) {
    const kinds = schema.getPossibleTypes(type);
    if (kinds.every(isNode)) return `${head} { __typename ... on Node { id } }`;
    // Fields of one name may differ in type from kind to kind: each kind says which it is.
    const inside = kinds.map(
      (kind) => `... on ${kind.name} { ${inner(kind, id, [...within, kind.name], `${kind.name}_`)} }`,
    );
    return `${head} { __typename ${inside.join(' ')} }`;
  }
  if (!isObjectType(type) || within.includes(type.name)) return '';
  return `${head} { __typename ${inner(type, id, [...within, type.name])} }`;
};

const inner = (type: GraphQLObjectType, id: string, within: readonly string[], prefix = ''): string =>
  isNode(type)
    ? `${prefix}id: id`
    : Object.values(type.getFields())
        .map((field) => selectionOf(field, id, prefix && `${prefix}${field.name}: `, within))
        .join(' ');
