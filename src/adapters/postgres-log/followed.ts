import type pg from 'pg';
import type { LogIdentity } from '../../core/position.ts';

/** What a database says about logs: its own, and the one that everything else in it is about. */
export type Standing = {
  readonly own: LogIdentity;
  readonly hasEvents: boolean;
  readonly isReadOnly: boolean;
  /** Null: its own. */
  readonly followed: LogIdentity | null;
};

const STANDING = `
  select log_id, incarnation, read_only, followed_log_id, followed_incarnation,
         exists (select from palabre_log.log) as has_events
    from palabre_log.head`;

export const standingOf = async (client: pg.Pool | pg.ClientBase): Promise<Standing> => {
  const { rows } = await client.query(STANDING);
  const [row] = rows;
  if (!row) throw new Error('The table palabre_log.head is empty: this database was not migrated whole.');
  return {
    own: { logId: row.log_id, incarnation: row.incarnation },
    hasEvents: row.has_events,
    isReadOnly: row.read_only,
    followed: row.followed_log_id && { logId: row.followed_log_id, incarnation: row.followed_incarnation },
  };
};

/** From now on everything else in the database is about this log; null: about its own. */
export const setFollowed = async (client: pg.Pool | pg.ClientBase, followed: LogIdentity | null): Promise<void> => {
  await client.query('update palabre_log.head set followed_log_id = $1, followed_incarnation = $2', [
    followed?.logId ?? null,
    followed?.incarnation ?? null,
  ]);
};

/** No append succeeds once this has answered; those on their way were stored before. */
export const setReadOnly = async (client: pg.Pool | pg.ClientBase, isReadOnly: boolean): Promise<void> => {
  await client.query('update palabre_log.head set read_only = $1', [isReadOnly]);
};
