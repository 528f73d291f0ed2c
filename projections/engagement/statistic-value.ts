import type { MeasurableStatistic } from '../../src/domain/statistic.ts';
import { type Db, openScope, type Scope } from './scope.ts';
import { type Asked, statisticOf } from './statistics/index.ts';

/**
 * The one number that a statistic comes down to: what an objective is measured by. Of a survival curve that is the median. Null where
 * there is nothing to compute it from, and for a statistic that is not computed yet.
 */
export const statisticValue = async (db: Db, key: MeasurableStatistic, asked: Asked<Scope>): Promise<number | null> => {
  const scope = await openScope(db, asked.scope);
  const computed = await statisticOf(key)?.compute(db, { ...asked, scope });
  return computed ? (computed.value ?? computed.median) : null;
};
