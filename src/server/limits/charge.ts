import { amount, type Plan, type Step, type Variables } from './plan.ts';

/** The most that an operation can cost with these variables: known before it runs. */
export const requestedCost = ({ points, steps }: Plan, variables: Variables): number => {
  let sum = points;
  for (const { own, times, each, plans } of steps) {
    let dearest = 0;
    for (const plan of plans) dearest = Math.max(dearest, requestedCost(plan, variables));
    sum += amount(own, variables) + amount(times, variables) * (each + dearest);
  }
  return sum;
};

/** What it did cost: lists count with the items that they had. */
export const actualCost = ({ points, steps }: Plan, variables: Variables, data: unknown): number => {
  let sum = points;
  for (const step of steps) sum += actualStep(step, variables, valueAt(data, step.key));
  return sum;
};

const actualStep = ({ own, each, plans }: Step, variables: Variables, value: unknown): number => {
  let sum = amount(own, variables);
  if (value === null || value === undefined) return sum;
  const [plan] = plans;
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (plans.length === 1 && plan?.steps.length === 0) return sum + items.length * (each + plan.points);
  for (const item of items) {
    let dearest = 0;
    for (const possible of plans) dearest = Math.max(dearest, actualCost(possible, variables, item));
    sum += each + dearest;
  }
  return sum;
};

const valueAt = (data: unknown, key: string): unknown =>
  typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[key] : undefined;
