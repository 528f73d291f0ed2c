import fc from 'fast-check';

/** A request as a client could send it: a valid document, or nearly, and variables that need not fit. */
export type Generated = {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
};

type Kind = 'Int' | 'Boolean' | 'Tag' | 'Colour' | 'Filter' | 'ID' | 'Float';

/** Variables that a document may use; names that objects have of themselves are names like others. */
const POOL: readonly { readonly name: string; readonly type: string; readonly kind: Kind; readonly value?: string }[] =
  [
    { name: 'n', type: 'Int!', kind: 'Int' },
    { name: 'm', type: 'Int! = 3', kind: 'Int' },
    { name: 'hasOwnProperty', type: 'Int = 1', kind: 'Int' },
    { name: 'toString', type: 'Boolean! = false', kind: 'Boolean' },
    { name: 'a', type: 'Boolean!', kind: 'Boolean' },
    { name: 'b', type: 'Boolean = true', kind: 'Boolean' },
    { name: 'constructor', type: 'Tag', kind: 'Tag' },
    { name: 't', type: 'Tag! = "made"', kind: 'Tag' },
    { name: 'c', type: 'Colour = RED', kind: 'Colour' },
    { name: 'd', type: 'Colour! = GREEN', kind: 'Colour' },
    { name: 'f', type: 'Filter', kind: 'Filter' },
    { name: 'g', type: 'Filter = { colour: BLUE, size: 1 }', kind: 'Filter' },
    { name: 'i', type: 'ID! = "2"', kind: 'ID' },
    { name: 'x', type: 'Float', kind: 'Float' },
  ];

const ofKind = (kind: Kind, canBeNull = true) =>
  POOL.filter((one) => one.kind === kind && (canBeNull || one.type.includes('!') || one.type.includes('='))).map(
    ({ name }) => `$${name}`,
  );

const tags = fc.constantFrom('"a"', '"b"', 'null', ...ofKind('Tag'));
const colours = fc.constantFrom('RED', 'GREEN', 'null', ...ofKind('Colour'));
const ints = fc.constantFrom('0', '1', '2', '-1', ...ofKind('Int', false));
const maybeInts = fc.oneof(ints, fc.constant('null'));
const filters: fc.Arbitrary<string> = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom('null', '{}', ...ofKind('Filter')),
    fc
      .record(
        { colour: colours, tags: fc.constantFrom('["a"]', '"b"', '["a", $t]'), size: ints, inner: tie('filter') },
        { requiredKeys: [] },
      )
      .map(
        (fields) =>
          `{ ${Object.entries(fields)
            .map(([name, value]) => `${name}: ${value}`)
            .join(', ')} }`,
      ),
  ),
})).filter;

const called = (values: Readonly<Record<string, fc.Arbitrary<string>>>) =>
  fc.record(values, { requiredKeys: [] }).map((given) => {
    const texts = Object.entries(given).map(([name, value]) => `${name}: ${value}`);
    return texts.length > 0 ? `(${texts.join(', ')})` : '';
  });

const directives = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('skip', 'include'), fc.constantFrom('true', 'false', ...ofKind('Boolean')))
      .map(([name, value]) => ` @${name}(if: ${value})`),
  },
);

type Field = { readonly name: string; readonly args?: fc.Arbitrary<string>; readonly of?: string };
const arguments_ = {
  parts: called({ n: ints, filter: filters }),
  echo: called({
    tag: tags,
    tags: fc.constantFrom('["a"]', '"b"', 'null', '[$t]'),
    filter: filters,
    colour: colours,
    n: maybeInts,
    flag: fc.constantFrom('true', 'null', ...ofKind('Boolean')),
  }),
};
const THING: readonly Field[] = [
  ...['id', 'name', 'colour', '__typename'].map((name) => ({ name })),
  { name: 'parts', args: arguments_.parts, of: 'Thing' },
];
const FIELDS: Readonly<Record<string, readonly Field[]>> = {
  Thing: THING,
  Box: [
    ...THING,
    ...['fragile', 'must', 'sizes', 'late', 'hasOwnProperty'].map((name) => ({ name })),
    { name: 'holds', of: 'Any' },
  ],
  Ball: [
    ...THING,
    { name: 'bounce', args: called({ x: fc.constantFrom('1.5', 'null', '$x'), tag: tags }) },
    { name: 'boxes', of: 'Box' },
    { name: 'wrong' },
  ],
  Any: [{ name: '__typename' }],
  Query: [
    { name: 'thing', args: called({ id: fc.constantFrom('"0"', '3', '"none"', '$i') }), of: 'Thing' },
    { name: 'things', args: called({ n: ints }), of: 'Thing' },
    { name: 'box', of: 'Box' },
    { name: 'any', of: 'Any' },
    { name: 'echo', args: arguments_.echo },
    { name: 'constructor' },
  ],
  Mutation: [
    { name: 'make', args: called({ n: ints, colour: colours }), of: 'Box' },
    { name: 'drop', args: called({ filter: filters }), of: 'Ball' },
    { name: 'broken' },
  ],
};
const WITHIN: Readonly<Record<string, readonly string[]>> = {
  Thing: ['Box', 'Ball', 'Thing'],
  Any: ['Box', 'Ball', 'Thing'],
};

/** Fragments stand on a type and spread only those after them: each is used several times, and none contains itself. */
const FRAGMENTS = ['Box', 'Thing', 'Ball', 'Any', 'Query', 'Mutation'].flatMap((type) => [`${type}One`, `${type}Two`]);
const typeOf = (fragment: string) => fragment.replace(/(One|Two)$/, '');
const fits = (type: string, on: string) => type === on || Boolean(WITHIN[type]?.includes(on));

/** What stands in one pair of braces. Aliases follow from arguments, so that what has one name is one thing. */
const selections = (type: string, depth: number, from: number): fc.Arbitrary<string> => {
  const fields = (FIELDS[type] ?? []).filter(({ of }) => of === undefined || depth > 0);
  const field = fc.constantFrom(...fields).chain(({ name, args, of }) =>
    fc
      .tuple(args ?? fc.constant(''), directives, of ? selections(of, depth - 1, from) : fc.constant(''), fc.boolean())
      .map(([given, directive, inner, isPlain]) => {
        const alias = given === '' && isPlain ? '' : `${name}_${hashOf(given)}: `;
        return `${alias}${name}${given}${directive}${inner && ` ${inner}`}`;
      }),
  );
  const choices = [{ weight: 5, arbitrary: field }];
  const inline = (WITHIN[type] ?? [type]).filter((on) => on !== 'Any');
  if (depth > 0)
    choices.push({
      weight: 2,
      arbitrary: fc
        .constantFrom(...inline)
        .chain((on) =>
          fc.tuple(directives, selections(on, depth - 1, from)).map(([d, inner]) => `... on ${on}${d} ${inner}`),
        ),
    });
  const spread = FRAGMENTS.slice(from).filter((name) => fits(type, typeOf(name)));
  if (spread.length > 0)
    choices.push({
      weight: 4,
      arbitrary: fc.tuple(fc.constantFrom(...spread), directives).map(([name, d]) => `...${name}${d}`),
    });
  return fc.array(fc.oneof(...choices), { minLength: 1, maxLength: 3 }).map((parts) => `{ ${parts.join(' ')} }`);
};

const hashOf = (text: string) => {
  let hash = 0;
  for (const character of text) hash = (hash * 31 + character.charCodeAt(0)) % 9_973;
  return hash;
};

const values: Readonly<Record<Kind, fc.Arbitrary<unknown>>> = {
  Int: fc.constantFrom<unknown>(0, 1, 2, 3, null, 'x', 1.5),
  Boolean: fc.constantFrom<unknown>(true, false, true, false, null, 'yes'),
  Tag: fc.constantFrom<unknown>('a', 'b', null, 'bad', 7),
  Colour: fc.constantFrom<unknown>('RED', 'BLUE', null, 'PINK'),
  Filter: fc.constantFrom<unknown>(
    {},
    { colour: 'RED' },
    { size: 1, inner: { size: 2 } },
    null,
    { size: null },
    { nothing: 1 },
  ),
  ID: fc.constantFrom<unknown>('1', 2, 'none', null),
  Float: fc.constantFrom<unknown>(1, 2.5, null, 'x'),
};

const fragments = fc.tuple(
  ...FRAGMENTS.map((name, n) =>
    selections(typeOf(name), 1, n + 1).map((inner) => `fragment ${name} on ${typeOf(name)} ${inner}`),
  ),
);

const usedIn = (text: string, pattern: RegExp) => new Set([...text.matchAll(pattern)].map(([, name = '']) => name));

export const requests: fc.Arbitrary<Generated> = fc
  .record({
    bodies: fc.array(
      fc
        .constantFrom('query', 'query', 'query', 'mutation')
        .chain((kind) => selections(kind === 'query' ? 'Query' : 'Mutation', 3, 0).map((inner) => ({ kind, inner }))),
      { minLength: 1, maxLength: 2 },
    ),
    fragments,
    given: fc.record(
      Object.fromEntries(
        POOL.map(({ name, kind }) => [
          name,
          fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 5, arbitrary: values[kind] }),
        ]),
      ),
    ),
    named: fc.boolean(),
  })
  .map(({ bodies, fragments, given, named }) => {
    // Only what is used stands in the document, in an order that has nothing to do with that.
    const known = new Map(FRAGMENTS.map((name, n) => [name, fragments[n] ?? '']));
    const reached = (text: string, seen = new Set<string>()): Set<string> => {
      for (const name of usedIn(text, /\.\.\.(\w+(?:One|Two))\b/g)) {
        if (seen.has(name)) continue;
        seen.add(name);
        reached(known.get(name) ?? '', seen);
      }
      return seen;
    };
    const all = new Set<string>();
    const operations = bodies.map(({ kind, inner }, n) => {
      const mine = reached(inner);
      for (const name of mine) all.add(name);
      const variables = usedIn([inner, ...[...mine].map((name) => known.get(name))].join(' '), /\$(\w+)/g);
      const defined = POOL.filter(({ name }) => variables.has(name)).map(({ name, type }) => `$${name}: ${type}`);
      return `${kind} Op${n}${defined.length > 0 ? `(${defined.join(', ')})` : ''} ${inner}`;
    });
    const query = [...[...all].map((name) => known.get(name)), ...operations].join('\n');
    const variables = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return { query, variables, operationName: bodies.length > 1 || named ? 'Op0' : undefined };
  })
  // Longer ones have more tokens than a document may have.
  .filter(({ query }) => query.length < 3_000);
