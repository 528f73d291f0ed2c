import { type GraphQLObjectType, getNamedType, isObjectType } from 'graphql';
import { schema } from '../../../schema/index.ts';
import type { Asker } from '../service.ts';
import { asksForAnId, type Field, selectionOf } from './documents.ts';

// What one viewer reaches. Every node that is reached is walked field by field from `node(id)`: since each must be given there, what
// one step leads to is all that a path of any length does.

export type Reached = { readonly id: string; readonly type: string; readonly by: string };
export type Walked = {
  /** Every node that an answer named, with the first path to it. */
  readonly reached: ReadonlyMap<string, Reached>;
  /** Those of them that `node(id)` does not give. */
  readonly denied: readonly Reached[];
  /** Every text that an answer held, with the path to it. */
  readonly texts: readonly { readonly text: string; readonly by: string }[];
  /** Each field that was asked for, as `Type.field`. */
  readonly asked: ReadonlySet<string>;
};

type Options = {
  /** Ids that the viewer may have heard of, or guessed. */
  readonly ids: readonly string[];
  /** How many nodes of one type are walked field by field. */
  readonly each: number;
};

/** How a field is refused to a viewer, or for what the walk sends to it. */
const CLEAR: ReadonlySet<string> = new Set(['FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT', 'WINDOW_INVALID']);

const rootType = schema.getQueryType();

export const walk = async (asker: Asker, { ids, each }: Options): Promise<Walked> => {
  const reached = new Map<string, Reached>();
  const texts: { text: string; by: string }[] = [];
  const asked = new Set<string>();

  const take = (value: unknown, by: string): void => {
    if (typeof value === 'string') texts.push({ text: value, by });
    if (Array.isArray(value)) for (const item of value) take(item, by);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const { __typename: type, id } = value as { __typename?: string; id?: string };
    if (type && typeof id === 'string' && nodeTypes.has(type) && !reached.has(id)) reached.set(id, { id, type, by });
    for (const [name, inner] of Object.entries(value))
      if (name !== '__typename' && name !== 'id') take(inner, `${by}.${name}`);
  };

  /** One field in a document of its own, so that none takes another down when it is refused. */
  const askFor = async ([by, selection]: readonly [by: string, selection: string]) => {
    const { data, errors = [] } = await asker.query(`{ ${selection} }`);
    const unclear = errors.filter(({ extensions: { code } }) => !CLEAR.has(code));
    if (data === undefined || unclear.length > 0) throw new Error(`${by} is not answered: ${JSON.stringify(errors)}`);
    take(data, by);
  };
  const ask = (fields: readonly (readonly [by: string, selection: string])[]) => Promise.all(fields.map(askFor));

  const roots = fieldsOf(rootType).filter(({ name }) => !['node', 'nodes'].includes(name));
  for (const field of roots) asked.add(`Query.${field.name}`);
  await ask(roots.filter((field) => !asksForAnId(field)).map((field) => [field.name, selectionOf(field, '')] as const));
  for (const id of ids)
    await ask([
      ['node', `node(id: ${JSON.stringify(id)}) { __typename id }`],
      ...roots.filter(asksForAnId).map((field) => [field.name, selectionOf(field, id)] as const),
    ]);

  const denied: Reached[] = [];
  const walked = new Map<string, number>();
  // A map is iterated with what is put into it on the way.
  for (const node of reached.values()) {
    const type = schema.getType(node.type) as GraphQLObjectType;
    const id = JSON.stringify(node.id);
    const { data } = await asker.query(`{ node(id: ${id}) { id } }`);
    if ((data as { node: unknown } | null)?.node == null) {
      denied.push(node);
      continue;
    }
    const before = walked.get(type.name) ?? 0;
    if (before >= each) continue;
    walked.set(type.name, before + 1);
    const fields = fieldsOf(type);
    for (const field of fields) asked.add(`${type.name}.${field.name}`);
    await ask(
      fields.map((field) => [
        `${node.by} → ${type.name}.${field.name}`,
        `node(id: ${id}) { ... on ${type.name} { ${selectionOf(field, node.id)} } }`,
      ]),
    );
  }
  return { reached, denied, texts, asked };
};

const fieldsOf = (type: GraphQLObjectType | null | undefined): readonly Field[] =>
  Object.values(type?.getFields() ?? {});

export const nodeTypes: ReadonlySet<string> = new Set(
  Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => type.getInterfaces().some(({ name }) => name === 'Node'))
    .map((type) => getNamedType(type).name),
);
