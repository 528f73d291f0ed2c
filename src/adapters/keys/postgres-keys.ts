import type { Pool } from 'pg';
import type { KeyStore, StoredKey } from './key-store.ts';

/** Keys in the schema `palabre_keys` of the deployment's Postgres. */
export const postgresKeys = (pool: Pool): KeyStore => {
  const rows = async (where: string, values: readonly string[]) =>
    (
      await pool.query<StoredKey>(`select subject, kid, wrapped from palabre_keys.keys where ${where} = any($1)`, [
        values,
      ])
    ).rows;

  const fingerprint = async () =>
    (await pool.query<{ fingerprint: string }>('select fingerprint from palabre_keys.master')).rows[0]?.fingerprint ??
    null;

  return {
    find: (subjects) => rows('subject', subjects),
    findByKid: (kids) => rows('kid', kids),

    add: async (keys) => {
      await pool.query(
        `insert into palabre_keys.keys (subject, kid, wrapped)
         select * from unnest($1::uuid[], $2::uuid[], $3::bytea[])
             on conflict (subject) do nothing`,
        [keys.map((key) => key.subject), keys.map((key) => key.kid), keys.map((key) => key.wrapped)],
      );
    },

    destroy: async (subject) => {
      await pool.query(
        'update palabre_keys.keys set wrapped = null, destroyed_at = now() where subject = $1 and wrapped is not null',
        [subject],
      );
    },

    fingerprint,

    claimFingerprint: async (first) => {
      await pool.query('insert into palabre_keys.master (fingerprint) values ($1) on conflict do nothing', [first]);
      return (await fingerprint()) ?? first;
    },
  };
};
