import { sql } from 'kysely';
import type { Db } from '../scope.ts';
import { acceptedRate } from './acceptance.ts';
import { active } from './active.ts';
import { contributors } from './contributors.ts';
import { courage } from './courage.ts';
import { dialogue } from './dialogue.ts';
import { example } from './example.ts';
import { leaders } from './leaders.ts';
import { participation } from './participation.ts';
import { promise } from './promise.ts';
import { response } from './response.ts';
import { retention } from './retention.ts';
import type { Asked, Counted, Statistic } from './statistic.ts';
import { voice } from './voice.ts';

export type { Asked, Cell, Computed, Counted, CurvePoint, Statistic } from './statistic.ts';

/** Every statistic, in the order in which the catalogue lists them. */
export const statistics: readonly Statistic[] = [
  ...active,
  ...contributors,
  retention,
  ...participation,
  ...voice,
  ...dialogue,
  ...response,
  acceptedRate,
  ...promise,
  ...leaders,
  example,
  courage,
];

const byKey = new Map(statistics.map((statistic) => [statistic.key, statistic]));

export const statisticOf = (key: string): Statistic | null => byKey.get(key) ?? null;

/** What a statistic counted, in the log's order: `size` of them behind `after`. */
export const countedEvents = async (
  db: Db,
  { counted }: Statistic,
  asked: Asked,
  { after, size }: { readonly after: bigint; readonly size: number },
): Promise<readonly Counted[]> => {
  const { rows } = await sql<Counted>`
    select position, stream from (${counted(db, asked)}) as counted where position > ${after} order by position limit ${size}`.execute(
    db,
  );
  return rows;
};

export const countCounted = async (db: Db, { counted }: Statistic, asked: Asked): Promise<number> => {
  const { rows } = await sql<{ events: number }>`
    select count(*)::int as events from (${counted(db, asked)}) as counted`.execute(db);
  return rows[0]?.events ?? 0;
};
