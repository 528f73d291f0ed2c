/** One cell of the comparison. `ratio` is Palabre's figure over this contender's: above 1, Palabre is better. */
export type Figure = {
  readonly part: string;
  readonly level: string;
  readonly name: string;
  readonly median: number;
  readonly range: string;
  readonly unit: string;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly ratio: number | null;
  readonly note: string;
};

const HEADINGS = ['what', 'who', 'median', 'range', 'p50 ms', 'p99 ms', 'Palabre ÷ it', ''];

const cells = ({ part, level, name, median, range, unit, p50Ms, p99Ms, ratio, note }: Figure): string[] => [
  `${part}, ${level}`,
  name,
  `${median.toLocaleString('en')} ${unit}`,
  range,
  String(p50Ms ?? ''),
  String(p99Ms ?? ''),
  ratio === null ? '' : ratio.toFixed(2),
  note,
];

/** For a terminal. */
export const asText = (figures: readonly Figure[]): string => {
  const rows = [HEADINGS, ...figures.map(cells)];
  const widths = HEADINGS.map((_, n) => Math.max(...rows.map((row) => (row[n] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, n) => cell.padEnd(widths[n] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

/** For a page. */
export const asMarkdown = (figures: readonly Figure[]): string =>
  [HEADINGS, HEADINGS.map(() => '---'), ...figures.map(cells)].map((row) => `| ${row.join(' | ')} |`).join('\n');
