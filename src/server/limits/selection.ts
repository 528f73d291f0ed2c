import {
  type ASTNode,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/** What decides about a selection before anything runs. */
export type Conditions = {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly isTrue: (variable: string) => boolean | undefined;
};

/** The fields that are asked of a type, by the key of the answer: as execution collects them, so that nothing counts twice. */
export const fieldsAsked = (
  { schema, fragments, isTrue }: Conditions,
  type: GraphQLNamedType,
  selectionSets: readonly SelectionSetNode[],
): ReadonlyMap<string, readonly FieldNode[]> => {
  const fields = new Map<string, FieldNode[]>();
  const spread = new Set<string>();

  const isLeftOut = ({ directives }: { readonly directives?: readonly DirectiveNode[] | undefined }) =>
    directives?.some(({ name, arguments: args }) => {
      const leavesOut = name.value === 'skip' ? true : name.value === 'include' ? false : undefined;
      return leavesOut !== undefined && known(args?.[0]?.value) === leavesOut;
    });

  const known = (value: ASTNode | undefined) => {
    if (value?.kind === Kind.BOOLEAN) return value.value;
    return value?.kind === Kind.VARIABLE ? isTrue(value.name.value) : undefined;
  };

  const collect = ({ selections }: SelectionSetNode) => {
    for (const node of selections) {
      if (isLeftOut(node)) continue;
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value;
        const same = fields.get(key);
        if (same) same.push(node);
        else fields.set(key, [node]);
        continue;
      }
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        if (spread.has(node.name.value)) continue;
        spread.add(node.name.value);
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
      if (fragment && fits(schema, type, fragment.typeCondition?.name.value)) collect(fragment.selectionSet);
    }
  };

  for (const selectionSet of selectionSets) collect(selectionSet);
  return fields;
};

const fits = (schema: GraphQLSchema, type: GraphQLNamedType, condition: string | undefined) => {
  if (condition === undefined || condition === type.name) return true;
  const wanted = schema.getType(condition);
  return isAbstractType(wanted) && 'getFields' in type && schema.isSubType(wanted, type as never);
};
