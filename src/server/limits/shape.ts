import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { LimitName, Limits } from '../../config/limits.ts';
import { tooMuch } from './refusal.ts';

/** `own`: the fields of the selection itself; `breadth`: with all that is within them. */
type Size = { readonly depth: number; readonly breadth: number; readonly own: number };

const NOTHING: Size = { depth: 0, breadth: 0, own: 0 };
/** A fragment that spreads itself. */
const ENDLESS: Size = { depth: Number.POSITIVE_INFINITY, breadth: Number.POSITIVE_INFINITY, own: 0 };

/** Refuses a document whose shape alone is too much, whatever its variables. Looked at before it is even validated. */
export const shapeRefusal = (document: DocumentNode, limits: Limits): GraphQLError | null => {
  const { aliases, directives, longestList } = countNodes(document);
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const measure = createMeasure(document);
  const sizes = operations.map(({ operation, selectionSet }) => ({ operation, ...measure(selectionSet) }));
  const most = (count: (size: (typeof sizes)[number]) => number) => Math.max(0, ...sizes.map(count));

  const asked: readonly (readonly [LimitName, number, string])[] = [
    ['OPERATIONS', operations.length, 'A document has at most % operations'],
    ['ALIASES', aliases, 'A document has at most % aliases'],
    ['DIRECTIVES', directives, 'A document has at most % directives'],
    ['LIST_ITEMS', longestList, 'A list among the arguments has at most % items'],
    ['DEPTH', most(({ depth }) => depth), 'Fields nest at most % deep'],
    [
      'MUTATIONS',
      most(({ operation, own }) => (operation === 'mutation' ? own : 0)),
      'A mutation has at most % root fields',
    ],
    ['ROOT_FIELDS', most(({ own }) => own), 'An operation has at most % root fields'],
    ['BREADTH', most(({ breadth }) => breadth), 'An operation has at most % fields'],
  ];
  for (const [name, count, sentence] of asked) {
    const max = limits[name];
    if (count <= max) continue;
    const told = Number.isFinite(count) ? ` (limit ${name}): this one has ${count}.` : ` (limit ${name}).`;
    return tooMuch(name, max, Number.isFinite(count) ? count : null, sentence.replace('%', String(max)) + told);
  }
  return null;
};

const countNodes = (document: DocumentNode) => {
  const counts = { aliases: 0, directives: 0, longestList: 0 };
  visit(document, {
    Field: ({ alias }) => {
      if (alias) counts.aliases += 1;
    },
    Directive: () => {
      counts.directives += 1;
    },
    ListValue: ({ values }) => {
      counts.longestList = Math.max(counts.longestList, values.length);
    },
  });
  return counts;
};

/** Depth and number of fields, each fragment measured once however often it is spread. */
const createMeasure = (document: DocumentNode) => {
  const fragments = fragmentsOf(document);
  const measured = new Map<string, Size>();

  const ofFragment = (name: string): Size => {
    const known = measured.get(name);
    if (known) return known;
    measured.set(name, ENDLESS);
    const fragment = fragments.get(name);
    const size = fragment ? measure(fragment.selectionSet) : NOTHING;
    measured.set(name, size);
    return size;
  };

  const ofSelection = (node: SelectionNode): Size => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return ofFragment(node.name.value);
    if (node.kind === Kind.INLINE_FRAGMENT) return measure(node.selectionSet);
    const inner = node.selectionSet && !isIntrospection(node.name.value) ? measure(node.selectionSet) : NOTHING;
    return { depth: inner.depth + 1, breadth: inner.breadth + 1, own: 1 };
  };

  const measure = ({ selections }: SelectionSetNode): Size =>
    selections.map(ofSelection).reduce(
      (sum, { depth, breadth, own }) => ({
        depth: Math.max(sum.depth, depth),
        breadth: sum.breadth + breadth,
        own: sum.own + own,
      }),
      NOTHING,
    );

  return measure;
};

/** Tools ask for the schema in one deep operation: how deep is held back by a rule of validation, its price by its cost. */
const isIntrospection = (name: string) => name === '__schema' || name === '__type';

export const fragmentsOf = (document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );

/** The variables that decide whether something is asked at all. */
export const conditionsOf = (document: DocumentNode): readonly string[] => {
  const found = new Set<string>();
  visit(document, {
    Directive: ({ name, arguments: args }: DirectiveNode) => {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of args ?? []) if (value.kind === Kind.VARIABLE) found.add(value.name.value);
    },
  });
  return [...found].sort();
};
