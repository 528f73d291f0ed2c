import { buildSchema, GraphQLError, GraphQLScalarType, type GraphQLSchema, Kind } from 'graphql';

// A schema with one of everything: what differs between two executors differs on it.
const SDL = /* GraphQL */ `
  scalar Tag
  enum Colour { RED GREEN BLUE }
  input Filter { colour: Colour = RED, tags: [Tag!], size: Int! = 3, inner: Filter }
  interface Thing { id: ID! name: String colour: Colour parts(n: Int! = 2, filter: Filter): [Thing] }
  type Box implements Thing {
    id: ID! name: String colour: Colour parts(n: Int! = 2, filter: Filter): [Thing]
    fragile: String must: String! sizes: [Int!] holds: Any late: String hasOwnProperty: Int
  }
  type Ball implements Thing {
    id: ID! name: String colour: Colour parts(n: Int! = 2, filter: Filter): [Thing]
    bounce(x: Float, tag: Tag = "made"): String boxes: [Box!]! wrong: Int
  }
  union Any = Box | Ball
  type Query {
    thing(id: ID! = "1"): Thing
    things(n: Int! = 2): [Thing!]!
    box: Box
    any: Any
    echo(tag: Tag, tags: [Tag!], filter: Filter, colour: Colour = GREEN, n: Int, flag: Boolean = true): String
    constructor: String
  }
  type Mutation {
    make(n: Int! = 1, colour: Colour = BLUE): Box
    drop(filter: Filter): Ball
    broken: String!
  }
`;

type Row = { readonly __typename: 'Box' | 'Ball'; readonly id: string };

const row = (n: number): Row => ({ __typename: n % 2 === 0 ? 'Box' : 'Ball', id: String(n) });
const COLOURS = ['RED', 'GREEN', 'BLUE'];
const soon = <T>(value: T): Promise<T> => new Promise((resolve) => setImmediate(resolve, value));
const faulty = () => new GraphQLError('The box is broken.', { extensions: { code: 'FORBIDDEN' } });

type Resolvers = Readonly<Record<string, Readonly<Record<string, (parent: Row, args: never) => unknown>>>>;

const thing = {
  name: ({ id }: Row) => (Number(id) % 3 === 0 ? null : `Thing ${id}`),
  colour: ({ id }: Row) => COLOURS[Number(id) % 3],
  parts: ({ id }: Row, { n, filter }: { n: number; filter?: { size: number } }) => {
    if (n < 0) throw faulty();
    const parts = Array.from({ length: Math.min(n, 4) }, (_, k) => (k === filter?.size ? null : row(Number(id) + k)));
    return n % 2 === 0 ? parts : soon(parts);
  },
};

const resolvers: Resolvers = {
  Query: {
    thing: (_, { id }: { id: string }) => (/^\d{1,3}$/.test(id) ? row(Number(id)) : null),
    things: (_, { n }: { n: number }) => soon(Array.from({ length: Math.max(0, Math.min(n, 4)) }, (_, k) => row(k))),
    box: () => row(2),
    any: () => soon(row(1)),
    echo: (_, args: object) => JSON.stringify(args),
    constructor: () => 'made',
  },
  Box: {
    ...thing,
    fragile: ({ id }) => (Number(id) % 4 === 0 ? soon(null).then(() => Promise.reject(faulty())) : 'whole'),
    must: ({ id }) => soon(Number(id) % 4 === 2 ? null : `must ${id}`),
    sizes: ({ id }) => (Number(id) % 4 === 0 ? [1, null, 3] : [1, 2]),
    holds: ({ id }) => row(Number(id) + 1),
    late: () => soon('late'),
    hasOwnProperty: () => 7,
  },
  Ball: {
    ...thing,
    bounce: (_, args: object) => soon(JSON.stringify(args)),
    boxes: ({ id }) => {
      if (id === '3') throw new Error('A secret of ours.');
      return [row(0), row(2)];
    },
    wrong: ({ id }) => (id === '1' ? 'no number' : 1),
  },
  Mutation: {
    make: (_, { n }: { n: number }) => soon(row(2 * n)),
    drop: () => row(1),
    broken: () => {
      throw new Error('A secret of ours.');
    },
  },
};

const tag = new GraphQLScalarType({
  name: 'Tag',
  serialize: String,
  parseValue: (value) => tagOf(value),
  parseLiteral: (node) => tagOf(node.kind === Kind.STRING ? node.value : undefined),
});
const tagOf = (value: unknown) => {
  if (typeof value !== 'string' || value === 'bad') throw new GraphQLError('A tag is a text, and not "bad".');
  return `#${value}`;
};

export const everything = (): GraphQLSchema => {
  const schema = buildSchema(SDL);
  Object.assign(schema.getType('Tag') as object, {
    serialize: tag.serialize,
    parseValue: tag.parseValue,
    parseLiteral: tag.parseLiteral,
  });
  for (const [type, fields] of Object.entries(resolvers))
    for (const [name, resolve] of Object.entries(fields)) {
      const known = schema.getType(type);
      if (!known || !('getFields' in known)) throw new Error(`The schema has no fields of ${type}.`);
      const field = known.getFields()[name];
      if (!field || !('args' in field)) throw new Error(`The schema has no ${type}.${name}.`);
      field.resolve = resolve as never;
    }
  for (const name of ['Thing', 'Any']) {
    const type = schema.getType(name);
    if (type && 'resolveType' in type) type.resolveType = ({ __typename }: Row) => __typename;
  }
  return schema;
};
