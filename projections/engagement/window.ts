/** Instants from `from` up to, and not including, `to`. */
export type Window = { readonly from: Date; readonly to: Date };

export type Bucket = 'DAY' | 'WEEK' | 'MONTH';

/** A window that no figure is computed for; `path` names the argument to change. */
export class WindowError extends Error {
  readonly code: 'WINDOW_INVALID' | 'TOO_MANY_BUCKETS';
  readonly path: readonly string[];
  constructor(code: WindowError['code'], message: string, path: readonly string[]) {
    super(message);
    this.name = 'WindowError';
    this.code = code;
    this.path = path;
  }
}

export const MAX_YEARS = 50;
export const MAX_BUCKETS = 500;

/** Throws `WindowError` for a window that is empty, turned round, longer than 50 years or not of four-digit years. */
export const assertWindow = ({ from, to }: Window) => {
  assertInstant(from, 'from');
  assertInstant(to, 'to');
  if (to <= from)
    throw new WindowError('WINDOW_INVALID', 'The window is empty: `to` has to be later than `from`.', ['to']);
  const latest = new Date(from);
  latest.setUTCFullYear(from.getUTCFullYear() + MAX_YEARS);
  if (to > latest)
    throw new WindowError('WINDOW_INVALID', `A window is at most ${MAX_YEARS} years long: ask for less.`, ['to']);
};

/**
 * The windows of a series, in order and without gaps: calendar days, ISO weeks or months in UTC, the first and the
 * last clipped to the window. Throws `WindowError` for a window that is not one and for more than 500 buckets.
 */
export const bucketsOf = (window: Window, bucket: Bucket): readonly Window[] => {
  assertWindow(window);
  const buckets: Window[] = [];
  for (let from = window.from; from < window.to; ) {
    if (buckets.length === MAX_BUCKETS)
      throw new WindowError(
        'TOO_MANY_BUCKETS',
        `A series has at most ${MAX_BUCKETS} points: ask for longer buckets or a shorter window.`,
        ['bucket'],
      );
    const next = endOf[bucket](from);
    const to = next < window.to ? next : window.to;
    buckets.push({ from, to });
    from = to;
  }
  return buckets;
};

// Monday is the first day of an ISO week; getUTCDay counts from Sunday.
const endOf: Record<Bucket, (at: Date) => Date> = {
  DAY: (at) => midnight(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + 1),
  WEEK: (at) => midnight(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + 7 - ((at.getUTCDay() + 6) % 7)),
  MONTH: (at) => midnight(at.getUTCFullYear(), at.getUTCMonth() + 1, 1),
};

// Not Date.UTC, which takes the years 0 to 99 for those of the last century.
const midnight = (year: number, month: number, day: number) => {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date;
};

const assertInstant = (at: Date, name: string) => {
  const year = at.getUTCFullYear();
  if (!(year >= 1 && year <= 9999))
    throw new WindowError('WINDOW_INVALID', `\`${name}\` is not an instant of the years 1 to 9999.`, [name]);
};
