import {
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getArgumentValues,
  getNamedType,
  getNullableType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import {
  CONNECTION_POINTS,
  type FieldCost,
  INTROSPECTION_POINTS,
  MUTATION_POINTS,
  SUBSCRIPTION_POINTS,
} from '../../../schema/cost.ts';
import { DEFAULT_PAGE, MAX_PAGE } from '../../../schema/cursor.ts';
import { type Conditions, fieldsAsked } from './selection.ts';

export type Variables = Readonly<Record<string, unknown>>;
/** A number that is known, or that variables decide. */
type Amount = number | ((variables: Variables) => number);

/** What a selection costs: `points` for certain, and `steps` that variables or the answer decide. */
export type Plan = { readonly points: number; readonly steps: readonly Step[] };

/** A field of the answer: `own` points, and `times` (each + what is asked of the item). Of several plans the dearest counts. */
export type Step = {
  readonly key: string;
  readonly own: Amount;
  readonly times: Amount;
  readonly each: number;
  readonly plans: readonly Plan[];
};

export const amount = (given: Amount, variables: Variables): number =>
  typeof given === 'number' ? given : given(variables);

/** Works out once what an operation costs, for these values of the variables in its conditions. */
export const planOperation = (conditions: Conditions, operation: OperationDefinitionNode): Plan => {
  const root = conditions.schema.getRootType(operation.operation);
  if (!root) return { points: 0, steps: [] };
  const defaults = defaultsOf(operation);
  const known = new Map<string, Plan>();

  const plan = (type: GraphQLNamedType, selectionSets: readonly SelectionSetNode[], page: Amount | null): Plan => {
    // A selection that is met again in another place, as in nested interfaces, is not worked out again.
    const key = page === null ? `${type.name} ${selectionSets.map(({ loc }) => loc?.start).join()}` : null;
    const earlier = key === null ? undefined : known.get(key);
    if (earlier) return earlier;
    const steps = [...fieldsAsked(conditions, type, selectionSets)].flatMap(([name, nodes]) =>
      stepOf(type, name, nodes, page),
    );
    const made = fold(steps);
    if (key !== null) known.set(key, made);
    return made;
  };

  const stepOf = (type: GraphQLNamedType, key: string, nodes: readonly FieldNode[], page: Amount | null): Step[] => {
    const [node] = nodes;
    if (!node || node.name.value === '__typename') return [];
    if (node.name.value.startsWith('__'))
      return [{ key, own: INTROSPECTION_POINTS, times: 1, each: 0, plans: [NOTHING] }];
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
    if (!field) return [];
    const named = getNamedType(field.type);
    const cost = field.extensions.cost as FieldCost | undefined;
    const own = declared(cost?.points, field, node);
    if (isLeafType(named)) return own === null ? [] : [{ key, own, times: 1, each: 0, plans: [NOTHING] }];

    const selectionSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const types = isAbstractType(named) ? conditions.schema.getPossibleTypes(named) : [named];
    const plansFor = (inner: Amount | null) => distinct(types.map((possible) => plan(possible, selectionSets, inner)));
    const isList = isListType(getNullableType(field.type));

    if (isConnection(named))
      return [{ key, own: own ?? CONNECTION_POINTS, times: 1, each: 0, plans: plansFor(pageSize(field, node)) }];
    // Within a connection: the items are as many as the page has, and only nodes have a price.
    if (page !== null && isList)
      return [{ key, own: 0, times: page, each: isEdge(named) ? 0 : 1, plans: plansFor(null) }];
    if (page !== null && named.name === 'PageInfo') return [];
    if (isList) {
      const times = declared(cost?.times, field, node) ?? (argument(field, 'first') ? pageSize(field, node) : 1);
      return [{ key, own: own ?? 0, times, each: own === null ? 1 : 0, plans: plansFor(null) }];
    }
    const points = own ?? (type === root ? ROOT_POINTS[operation.operation] : undefined);
    return [{ key, own: points ?? 0, times: 1, each: points === undefined ? 1 : 0, plans: plansFor(null) }];
  };

  /** What a field says of its own cost, as its arguments have it; null where it says nothing. */
  const declared = (
    given: number | ((asked: Variables) => number) | undefined,
    field: GraphQLField<unknown, unknown>,
    node: FieldNode,
  ): Amount | null => {
    if (given === undefined) return null;
    if (typeof given === 'number') return given;
    return (variables) => {
      const value = given(argumentsOf(field, node, { ...defaults, ...variables }));
      return Number.isFinite(value) ? Math.max(0, value) : 0;
    };
  };

  const pageSize = (field: GraphQLField<unknown, unknown>, node: FieldNode): Amount => {
    const first = intArgument(field, node, 'first');
    const last = intArgument(field, node, 'last');
    if (typeof first !== 'function' && typeof last !== 'function') return clamp(first ?? last);
    return (variables) => clamp(chosen(first, variables) ?? chosen(last, variables));
  };

  type Given = number | null | ((variables: Variables) => unknown);
  const chosen = (given: Given, variables: Variables) => (typeof given === 'function' ? given(variables) : given);

  const intArgument = (field: GraphQLField<unknown, unknown>, node: FieldNode, name: string): Given => {
    const value = node.arguments?.find((given) => given.name.value === name)?.value;
    const otherwise = (argument(field, name)?.defaultValue as number | undefined) ?? null;
    if (value === undefined) return otherwise;
    if (value.kind === Kind.INT) return Number(value.value);
    if (value.kind !== Kind.VARIABLE) return null;
    const variable = value.name.value;
    return (variables) => (variable in variables ? variables[variable] : (defaults[variable] ?? otherwise));
  };

  return plan(root, [operation.selectionSet], null);
};

const NOTHING: Plan = { points: 0, steps: [] };
const ROOT_POINTS: Readonly<Record<string, number | undefined>> = {
  mutation: MUTATION_POINTS,
  subscription: SUBSCRIPTION_POINTS,
};

/** A page out of range is refused by its field, by name: here it only has to have a price. */
const clamp = (size: unknown): number =>
  typeof size === 'number' ? Math.min(Math.max(size, 0), MAX_PAGE) : DEFAULT_PAGE;

/** What neither variables nor the answer change is added up at once. */
const fold = (steps: readonly Step[]): Plan => {
  let points = 0;
  const open: Step[] = [];
  for (const step of steps) {
    const { own, times, each, plans } = step;
    const dearest = Math.max(...plans.map((plan) => plan.points));
    const isKnown = plans.every((plan) => plan.steps.length === 0);
    if (typeof own === 'number' && times === 1 && isKnown) points += own + each + dearest;
    else open.push(step);
  }
  return { points, steps: open };
};

/** Plans that differ. Of those without steps only the dearest can count. */
const distinct = (plans: readonly Plan[]): readonly Plan[] => {
  const open = plans.filter(({ steps }) => steps.length > 0);
  const points = Math.max(0, ...plans.filter(({ steps }) => steps.length === 0).map((plan) => plan.points));
  return open.length === plans.length ? open : [...open, { points, steps: [] }];
};

const isConnection = (type: GraphQLNamedType): type is GraphQLObjectType =>
  isObjectType(type) && type.name.endsWith('Connection') && 'pageInfo' in type.getFields();

const isEdge = (type: GraphQLNamedType) =>
  isObjectType(type) && type.name.endsWith('Edge') && 'node' in type.getFields();

const argument = (field: GraphQLField<unknown, unknown>, name: string) =>
  field.args.find((given) => given.name === name);

const argumentsOf = (field: GraphQLField<unknown, unknown>, node: FieldNode, variables: Variables): Variables => {
  try {
    return getArgumentValues(field, node, variables);
  } catch {
    // What is missing is refused by the execution itself.
    return {};
  }
};

const defaultsOf = ({ variableDefinitions }: OperationDefinitionNode): Variables => {
  const defaults: Record<string, unknown> = {};
  for (const { variable, defaultValue } of variableDefinitions ?? []) {
    if (defaultValue?.kind === Kind.INT) defaults[variable.name.value] = Number(defaultValue.value);
    if (defaultValue?.kind === Kind.BOOLEAN) defaults[variable.name.value] = defaultValue.value;
  }
  return defaults;
};
