import type { Pool } from 'pg';
import type { MachineKeyRow, MachineKeyStore, Standings } from '../../core/machine-keys.ts';
import { countOf, type NumberedList, pageOf } from '../operations/numbered.ts';
import { once } from '../operations/once.ts';

const KEY = `
  k.id, k.number, k.name, k.owner_id as "ownerId", k.owner_kind as "ownerKind", k.made_by as "madeBy", k.roles, k.scopes,
  k.created_at as "createdAt", k.last_used_at as "lastUsedAt", k.revoked_at as "revokedAt",
  coalesce((select max(s.expires_at) from operations.machine_key_secrets s where s.key_id = k.id), k.created_at) as "expiresAt"`;

const ALIVE = 's.expires_at > now() and k.revoked_at is null';

/** Machine keys in the schema `operations`: hashes of secrets, never secrets. */
export const machineKeys = (pool: Pool): MachineKeyStore => {
  const ofOwner = (ownerId: string | null): NumberedList => ({
    select: KEY,
    from: 'operations.machine_keys k',
    where: '($1::uuid is null or k.owner_id = $1)',
    values: [ownerId],
  });
  const addSecret = 'insert into operations.machine_key_secrets (hash, key_id, expires_at) values ($1, $2, $3)';

  return {
    create: (command, { id, name, ownerId, ownerKind, madeBy, roles, scopes }, { hash, expiresAt }) =>
      once(pool, command, async (client) => {
        await client.query(
          `insert into operations.machine_keys (id, name, owner_id, owner_kind, made_by, roles, scopes)
           values ($1, $2, $3, $4, $5, $6, $7)`,
          [id, name, ownerId, ownerKind, madeBy, roles, scopes],
        );
        await client.query(addSecret, [hash, id, expiresAt]);
      }),

    rotate: (command, keyId, { hash, expiresAt }, oldUntil) =>
      once(pool, command, async (client) => {
        await client.query('select from operations.machine_keys where id = $1 for update', [keyId]);
        await client.query(
          `delete from operations.machine_key_secrets where key_id = $1 and hash not in (
             select hash from operations.machine_key_secrets where key_id = $1 order by created_at desc limit 1)`,
          [keyId],
        );
        await client.query(
          'update operations.machine_key_secrets set expires_at = least(expires_at, $2) where key_id = $1',
          [keyId, oldUntil],
        );
        await client.query(addSecret, [hash, keyId, expiresAt]);
      }),

    revoke: (command, keyId) =>
      once(pool, command, async (client) => {
        await client.query(
          'update operations.machine_keys set revoked_at = coalesce(revoked_at, now()) where id = $1',
          [keyId],
        );
      }),

    find: async (id) =>
      (await pool.query<MachineKeyRow>(`select ${KEY} from operations.machine_keys k where id = $1`, [id])).rows[0] ??
      null,

    byHash: async (hash) => {
      const { rows } = await pool.query<MachineKeyRow & { secretExpiresAt: Date }>(
        `select ${KEY}, s.expires_at as "secretExpiresAt"
           from operations.machine_key_secrets s join operations.machine_keys k on k.id = s.key_id
          where s.hash = $1 and ${ALIVE}`,
        [hash],
      );
      const [row] = rows;
      return row ? { key: row, secretExpiresAt: row.secretExpiresAt } : null;
    },

    isAlive: async (id) => {
      const { rows } = await pool.query(
        `select from operations.machine_key_secrets s join operations.machine_keys k on k.id = s.key_id
          where k.id = $1 and ${ALIVE} limit 1`,
        [id],
      );
      return rows.length > 0;
    },

    used: async (id) => {
      await pool.query(
        `update operations.machine_keys set last_used_at = now()
          where id = $1 and (last_used_at is null or last_used_at < now() - interval '5 minutes')`,
        [id],
      );
    },

    list: (ownerId, page) => pageOf(pool, ofOwner(ownerId), page),
    count: (ownerId) => countOf(pool, ofOwner(ownerId)),
    countKept: (ownerId) => {
      const list = ofOwner(ownerId);
      return countOf(pool, { ...list, where: `${list.where} and k.revoked_at is null` });
    },
  };
};

/** What people's newest tokens told of their roles. */
export const standings = (pool: Pool): Standings => ({
  tell: async (memberId, roles, toldAt) => {
    await pool.query(
      `insert into operations.standings as s (member_id, roles, told_at) values ($1, $2, $3)
           on conflict (member_id) do update set roles = excluded.roles, told_at = excluded.told_at
        where s.told_at <= excluded.told_at`,
      [memberId, [...roles].sort(), toldAt],
    );
  },
  rolesOf: async (memberId) => {
    const { rows } = await pool.query<{ roles: MachineKeyRow['roles'] }>(
      'select roles from operations.standings where member_id = $1',
      [memberId],
    );
    return rows[0]?.roles ?? null;
  },
});
