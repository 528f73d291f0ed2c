import { type DocumentNode, type GraphQLError, type GraphQLSchema, getOperationAST, Kind } from 'graphql';
import { type LimitName, type Limits, limitTable } from '../../config/limits.ts';
import { createBudget } from './budget.ts';
import { actualCost, requestedCost } from './charge.ts';
import { type Plan, planOperation, type Variables } from './plan.ts';
import { tooMuch } from './refusal.ts';
import { conditionsOf, fragmentsOf, shapeRefusal } from './shape.ts';

/** What every answer tells of its cost, as `extensions.cost`. */
export type Cost = {
  readonly requestedQueryCost: number;
  readonly actualQueryCost: number;
  readonly throttleStatus: {
    readonly maximumAvailable: number;
    readonly currentlyAvailable: number;
    readonly restoreRate: number;
  };
};

export type Operation = {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Variables | null | undefined;
  /** Whose budget pays. */
  readonly payer: string;
};

/** An operation that may run and is paid for. */
export type AdmittedOperation = {
  readonly requested: number;
  /** Settles what it did cost with its budget: all of it where it was given up, for then it did the work. Called once. */
  settle(data: unknown, isGivenUp?: boolean): Cost;
};

/** Limits, cost and budget of operations: one for the whole server, asked by every door. */
export type OperationLimits = {
  /** Refuses a document by its shape, before it is validated. */
  refuseShape(document: DocumentNode): GraphQLError | null;
  /** Takes the cost of a valid operation from its payer's budget. Throws the refusal. */
  admit(operation: Operation): AdmittedOperation;
  /** Takes the price of something that is no operation, and is settled by whether it came about. Throws the refusal. */
  charge(payer: string, points: number): AdmittedOperation;
  /** What an answer tells that ran nothing: a refused one is charged the least that there is. */
  refused(payer: string): Cost;
};

type Known = {
  readonly refusal: GraphQLError | null;
  readonly conditions: readonly string[];
  readonly plans: Map<string, Plan>;
};

/** Whatever is asked, asking has a price. */
const LEAST = 1;
const MAX_PLANS = 32;

export const createOperationLimits = (schema: GraphQLSchema, limits: Limits, now?: () => number): OperationLimits => {
  const budget = createBudget(limits.BUDGET, limits.BUDGET_PER_SECOND, now);
  const documents = new WeakMap<DocumentNode, Known>();

  const knownOf = (document: DocumentNode): Known => {
    let known = documents.get(document);
    if (!known) {
      known = { refusal: shapeRefusal(document, limits), conditions: conditionsOf(document), plans: new Map() };
      documents.set(document, known);
    }
    return known;
  };

  const planOf = ({ document, operationName }: Operation, variables: Variables): Plan | null => {
    const { conditions, plans } = knownOf(document);
    const key =
      conditions.length === 0
        ? (operationName ?? '')
        : `${operationName ?? ''} ${conditions.map((name) => variables[name]).join()}`;
    const earlier = plans.get(key);
    if (earlier) return earlier;
    const operation = getOperationAST(document, operationName);
    if (!operation) return null;
    const isTrue = (name: string) => {
      const given = variables[name];
      if (typeof given === 'boolean') return given;
      const { defaultValue } =
        operation.variableDefinitions?.find(({ variable }) => variable.name.value === name) ?? {};
      return defaultValue?.kind === Kind.BOOLEAN ? defaultValue.value : undefined;
    };
    const plan = planOperation({ schema, fragments: fragmentsOf(document), isTrue }, operation);
    if (plans.size < MAX_PLANS) plans.set(key, plan);
    return plan;
  };

  const costOf = (requestedQueryCost: number, actualQueryCost: number, left: number): Cost => ({
    requestedQueryCost,
    actualQueryCost,
    throttleStatus: {
      maximumAvailable: told(limits.BUDGET, 'BUDGET'),
      currentlyAvailable: Math.floor(told(left, 'BUDGET')),
      restoreRate: limits.BUDGET_PER_SECOND,
    },
  });

  /** Takes what something may cost at most; `actualOf` is what it did cost, once there is an answer. */
  const take = (payer: string, requested: number, actualOf: (data: unknown) => number): AdmittedOperation => {
    const taken = Math.max(LEAST, requested);
    const { left, waitSeconds } = budget.take(payer, taken);
    if (waitSeconds > 0) throw spent(limits, taken, left, waitSeconds);
    return {
      requested,
      settle: (data, isGivenUp = false) => {
        if (isGivenUp) return costOf(requested, requested, budget.giveBack(payer, 0));
        const actual = data ? Math.min(requested, actualOf(data)) : 0;
        return costOf(requested, actual, budget.giveBack(payer, taken - Math.max(LEAST, actual)));
      },
    };
  };

  return {
    refuseShape: (document) => knownOf(document).refusal,
    admit: (operation) => {
      const variables = operation.variables ?? {};
      assertShortLists(variables, limits.LIST_ITEMS);
      const plan = planOf(operation, variables);
      const requested = plan ? requestedCost(plan, variables) : 0;
      if (requested > limits.COST)
        throw tooMuch(
          'COST',
          limits.COST,
          requested,
          `An operation costs at most ${limits.COST} points (limit COST): this one could cost ${requested}. Ask for smaller pages, or for less of each item.`,
        );
      return take(operation.payer, requested, (data) => (plan ? actualCost(plan, variables, data) : 0));
    },
    charge: (payer, points) => take(payer, points, () => points),
    refused: (payer) => costOf(0, 0, budget.take(payer, LEAST).left),
  };
};

/** A limit that does not hold is told as it would be. */
const told = (value: number, name: LimitName) => (Number.isFinite(value) ? value : limitTable[name].default);

const spent = (limits: Limits, wanted: number, left: number, waitSeconds: number): GraphQLError => {
  const refusal = tooMuch(
    'BUDGET',
    limits.BUDGET,
    wanted,
    `The budget of ${limits.BUDGET} points (limit BUDGET) is spent: this needs ${wanted}, there are ${Math.floor(left)}, and ${limits.BUDGET_PER_SECOND} come back each second. Ask again in ${waitSeconds} s.`,
  );
  Object.assign(refusal.extensions.http as object, { headers: { 'Retry-After': String(waitSeconds) } });
  return refusal;
};

/** No list among the variables is longer than one in a document may be. Looked through without recursion: they may be as deep as a body is long. */
const assertShortLists = (variables: Variables, max: number) => {
  const open: unknown[] = Object.values(variables);
  for (let value = open.pop(); value !== undefined || open.length > 0; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value) && value.length > max)
      throw tooMuch(
        'LIST_ITEMS',
        max,
        value.length,
        `A list among the arguments has at most ${max} items (limit LIST_ITEMS): one of the variables has ${value.length}.`,
      );
    open.push(...Object.values(value));
  }
};
