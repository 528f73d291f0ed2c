import { sql } from 'kysely';
import type { Db } from '../scope.ts';
import { rounded, share } from '../share.ts';
import { contributions } from './facts.ts';
import { populationOf } from './participation.ts';
import { type Asked, type Computed, countCell, figure, type Statistic } from './statistic.ts';

/** How many contributions the contributors of a window made, fewest first. */
const countsOf = async (db: Db, { scope, window }: Asked): Promise<readonly number[]> => {
  const { rows } = await sql<{ counts: number[] | null }>`
    select array_agg(said order by said) as counts
      from (select count(*)::int as said from (${contributions(db, scope, window)}) as one group by "memberId") as member`.execute(
    db,
  );
  return rows[0]?.counts ?? [];
};

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

/** A figure of how the contributions of a window are spread over its contributors. */
const spread = (
  key: string,
  definition: string,
  of: (counts: readonly number[], db: Db, asked: Asked) => Computed | Promise<Computed>,
): Statistic => ({
  key,
  version: 1,
  definition,
  compute: async (db, asked) => of(await countsOf(db, asked), db, asked),
  counted: (db, { scope, window }) => sql`select position, stream from (${contributions(db, scope, window)}) as one`,
});

const giniOf = (counts: readonly number[]): number | null => {
  const n = counts.length;
  const ranked = counts.reduce((total, count, i) => total + (i + 1) * count, 0);
  // 2·Σ(i·xᵢ)/(n·Σxᵢ) − (n+1)/n over one divisor: integers up to the only division.
  return share(2 * ranked - (n + 1) * sum(counts), n * sum(counts));
};

const topTenth = (counts: readonly number[]) => counts.slice(counts.length - Math.ceil(counts.length / 10));

const absenceFactorOf = (counts: readonly number[]): number => {
  const half = sum(counts) / 2;
  let [said, members] = [0, 0];
  for (const count of [...counts].reverse()) {
    if (said >= half) break;
    said += count;
    members += 1;
  }
  return members;
};

/** Shannon's entropy of the shares, in nats. */
const entropyOf = (counts: readonly number[]): number => {
  const all = sum(counts);
  return -counts.reduce((total, count) => total + (count / all) * Math.log(count / all), 0);
};

const evenness = (entropy: number, n: number): number | null => (n < 2 ? null : rounded(entropy / Math.log(n)));

export const voice: readonly Statistic[] = [
  spread(
    'gini',
    "Gini coefficient of the contributors' contributions in the window: 0 when all made as many; null for none.",
    (counts) => figure(giniOf(counts)),
  ),
  spread(
    'topShare',
    'Share of the contributions in the window that the tenth of the contributors with the most made, the tenth rounded up; null for none.',
    (counts) => figure(share(sum(topTenth(counts)), sum(counts))),
  ),
  spread(
    'absenceFactor',
    "The fewest contributors who together made at least half of the window's contributions; 0 for none. (CHAOSS Contributor Absence Factor.)",
    (counts) => figure(absenceFactorOf(counts)),
  ),
  spread(
    'voiceEquity',
    'Shannon evenness H ÷ ln n of the contributions over their n contributors: 1 when all made as many; null for n < 2. `overAll`: the same H ÷ ln N over the population. (Pielou 1966.)',
    async (counts, db, asked) => {
      const entropy = entropyOf(counts);
      const population = counts.length === 0 ? 0 : await populationOf(db, asked);
      const overAll = counts.length === 0 ? null : evenness(entropy, population);
      return figure(evenness(entropy, counts.length), { cells: [countCell('overAll', overAll)] });
    },
  ),
];
