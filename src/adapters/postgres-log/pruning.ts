import type pg from 'pg';
import type { Logger } from './logger.ts';

const EVERY = 60 * 60 * 1_000;
const AT_ONCE = 5_000;

const PRUNE = `
  delete from palabre_log.commands
   where ctid = any (array(
     select ctid from palabre_log.commands
      where recorded_at < now() - interval '14 days'
      limit $1 for update skip locked))`;

/** Forgets commands older than 14 days, a bounded number at a time, away from the appending connection. Answers how many. */
export const pruneCommands = async (pool: pg.Pool): Promise<number> => {
  let forgotten = 0;
  for (let deleted = AT_ONCE; deleted === AT_ONCE; forgotten += deleted)
    deleted = (await pool.query(PRUNE, [AT_ONCE])).rowCount ?? 0;
  return forgotten;
};

/** Prunes every hour until it is stopped. */
export const startPruning = (pool: pg.Pool, logger: Logger): { stop(): void } => {
  const prune = () =>
    pruneCommands(pool).catch((error) => logger.warn({ error }, 'Old commands cannot be pruned for now.'));
  const timer = setInterval(prune, EVERY).unref();
  return { stop: () => clearInterval(timer) };
};
