import type { Pool } from 'pg';
import type { RefusalCondition, RefusalRow, RefusalStore } from '../../core/refusals.ts';
import { countOf, type NumberedList, pageOf } from '../operations/numbered.ts';

const ROW = `number, at, times, door, code, limit_name as "limit", member_id as "memberId", key_id as "keyId", document, operation,
  request_id as "requestId"`;

/** Refusals in the schema `operations`. */
export const refusals = (pool: Pool): RefusalStore => {
  const meeting = ({ code, memberId }: RefusalCondition): NumberedList => ({
    select: ROW,
    from: 'operations.refusals',
    where: '($1::text is null or code = $1) and ($2::uuid is null or member_id = $2)',
    values: [code ?? null, memberId ?? null],
  });
  return {
    add: async (counted) => {
      await pool.query(
        `insert into operations.refusals
           (id, at, times, door, code, limit_name, member_id, key_id, document, operation, request_id)
         select id, at, times, door, code, "limit", "memberId", "keyId", document, operation, "requestId"
           from json_to_recordset($1) as one(id uuid, at timestamptz, times integer, door text, code text, "limit" text,
             "memberId" uuid, "keyId" uuid, document text, operation text, "requestId" text)
         on conflict (id) do update
           set times = operations.refusals.times + excluded.times, at = excluded.at, request_id = excluded.request_id`,
        [JSON.stringify(counted)],
      );
    },
    list: (condition, page) => pageOf<RefusalRow>(pool, meeting(condition), page),
    count: (condition) => countOf(pool, meeting(condition)),
    forget: async () => {
      await pool.query("delete from operations.refusals where at < now() - interval '1 year'");
    },
  };
};
