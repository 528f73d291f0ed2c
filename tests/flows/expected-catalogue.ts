/** What an independent program computed of the statistics for some windows of an archive. */
export type ExpectedCatalogue = {
  readonly windows: readonly {
    readonly window: string;
    readonly from: string;
    readonly to: string;
    readonly organisation: ExpectedStatistics;
    readonly communities: readonly (ExpectedStatistics & { readonly name: string })[];
  }[];
};
type ExpectedStatistics = Readonly<Record<string, unknown>>;
type Parts = {
  readonly numerator: number;
  readonly denominator: number;
  readonly value: number | null;
  readonly resurrected: number;
  readonly median: number | null;
  readonly p90: number | null;
  readonly curve: readonly { readonly at: number; readonly survival: number; readonly atRisk: number }[];
};
type Cohort = { readonly cohort: string; readonly size: number; readonly shares: readonly number[] };

/** A statistic as GraphQL answers it. */
export type AnsweredStatistic = {
  readonly key: string;
  readonly value: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly median: number | null;
  readonly p90: number | null;
  readonly curve: readonly { readonly at: number; readonly survival: number; readonly atRisk: number }[];
  readonly cells: readonly {
    readonly key: string;
    readonly value: number | null;
    readonly denominator: number | null;
  }[];
};

export const STATISTIC =
  'key value numerator denominator median p90 curve { at survival atRisk } cells { key value denominator }';

export const keysOf = (expected: ExpectedStatistics): readonly string[] =>
  Object.keys(expected).filter((key) => key !== 'id' && key !== 'name');

/** Where an answer differs from what was expected, in words; empty when nowhere. */
export const statisticsApart = (
  where: string,
  expected: ExpectedStatistics,
  answers: readonly AnsweredStatistic[],
): string[] =>
  keysOf(expected).flatMap((key) => {
    const answered = answers.find((answer) => answer.key === key);
    if (!answered) return [`${where}: no ${key}`];
    return apart(key, expected[key], answered).map((difference) => `${where}: ${key} ${difference}`);
  });

const apart = (key: string, expected: unknown, answered: AnsweredStatistic): string[] => {
  const cells = new Map(answered.cells.map((cell) => [cell.key, cell]));
  if (key === 'retention') {
    const wanted = (expected as readonly Cohort[]).flatMap(({ cohort, size, shares }) =>
      shares.map((value, k) => ({ key: `${cohort}/${k}`, value, size })),
    );
    if (wanted.length !== cells.size) return [`has ${cells.size} cells, not ${wanted.length}`];
    return wanted.flatMap((cell) => [
      ...unlike(cell.key, cell.value, cells.get(cell.key)?.value, RATIO),
      ...unlike(cell.key, cell.size, cells.get(cell.key)?.denominator, 0),
    ]);
  }
  if (key === 'participation.levels')
    return Object.entries(expected as object).flatMap(([level, value]) =>
      unlike(level, value, cells.get(level)?.value, 0),
    );
  if (expected === null || typeof expected === 'number') return unlike('value', expected, answered.value, RATIO);
  const { resurrected, curve, median, p90, ...parts } = expected as Parts;
  return [
    ...Object.entries(parts).flatMap(([name, value]) =>
      unlike(name, value, answered[name as 'value'], name === 'value' ? RATIO : 0),
    ),
    ...(resurrected === undefined ? [] : unlike('resurrected', resurrected, cells.get('resurrected')?.value, 0)),
    ...(curve === undefined ? [] : curvesApart({ curve, median, p90 }, answered)),
  ];
};

const curvesApart = ({ curve, median, p90 }: Pick<Parts, 'curve' | 'median' | 'p90'>, answered: AnsweredStatistic) => [
  ...unlike('median', median, answered.median, SECONDS),
  ...unlike('p90', p90, answered.p90, SECONDS),
  ...unlike('points', curve.length, answered.curve.length, 0),
  ...curve.flatMap((point, n) => [
    ...unlike(`at ${point.at}`, point.at, answered.curve[n]?.at, 0),
    ...unlike(`survival at ${point.at}`, point.survival, answered.curve[n]?.survival, RATIO),
    ...unlike(`at risk at ${point.at}`, point.atRisk, answered.curve[n]?.atRisk, 0),
  ]),
];

const RATIO = 0.000002;
const SECONDS = 0.01;

const unlike = (name: string, expected: unknown, answered: unknown, tolerance: number): string[] =>
  expected === answered ||
  (typeof expected === 'number' && typeof answered === 'number' && Math.abs(expected - answered) <= tolerance)
    ? []
    : [`${name} ${answered}, not ${expected}`];
