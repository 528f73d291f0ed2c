import type { Asked } from './statistic.ts';

/** Calendar months (UTC) by their number since the year 0. */
const monthOf = (at: Date) => at.getUTCFullYear() * 12 + at.getUTCMonth();

export const beginOf = (month: number) => {
  const date = new Date(0);
  date.setUTCFullYear(Math.floor(month / 12), month % 12, 1);
  return date;
};

/** The months that lie wholly in the window and have ended; none where `last` is before `first`. */
export const monthsOf = ({ window: { from }, until }: Pick<Asked, 'window' | 'until'>) => {
  const first = beginOf(monthOf(from)).getTime() === from.getTime() ? monthOf(from) : monthOf(from) + 1;
  return { first, last: monthOf(until) - 1 };
};
