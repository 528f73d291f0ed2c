/** One row of an archive's expected figures: all time, the month, or a week. */
export type ExpectedRow = Record<string, unknown> & {
  readonly concentration?: Record<string, number | null>;
  readonly top_contributors?: readonly { rank: number; user_id: number; name: string; messages: number }[];
};
export type ExpectedScope = {
  readonly all_time: ExpectedRow;
  readonly month: ExpectedRow;
  readonly weeks: readonly (ExpectedRow & { readonly week: string })[];
};
export type Expected = {
  readonly month: string;
  readonly totals: Record<string, number>;
  readonly organisation: ExpectedScope;
  readonly communities: readonly (ExpectedScope & { readonly id: number; readonly name: string })[];
};

/** The figures as GraphQL answers them. */
export type AnsweredFigures = Readonly<Record<string, unknown>> & {
  readonly topContributors?: readonly { rank: number; messages: number; member: { handle: string | null } }[];
};

/** What each expected name is called here, and by how much the two may differ. */
const NAMES: Readonly<Record<string, readonly [name: string, tolerance: number]>> = {
  messages: ['messages', 0],
  bot_messages: ['botMessages', 0],
  active_members: ['activeMembers', 0],
  new_contributors: ['newContributors', 0],
  topics: ['topics', 0],
  topics_started: ['topicsStarted', 0],
  topics_started_by_bots: ['topicsStartedByBots', 0],
  topics_resolved: ['topicsResolved', 0],
  topics_replied: ['topicsReplied', 0],
  topics_replied_24h: ['topicsReplied24h', 0],
  topics_replied_72h: ['topicsReplied72h', 0],
  replied_24h_share: ['replied24hShare', 0.000002],
  replied_72h_share: ['replied72hShare', 0.000002],
  first_reply_p50_s: ['firstReplyP50Seconds', 0.01],
  first_reply_p90_s: ['firstReplyP90Seconds', 0.01],
  gini: ['gini', 0.000002],
  top10pct_members: ['top10PctMembers', 0],
  top10pct_share: ['top10PctShare', 0.000002],
};
const INSTANTS = { first_message_at: 'firstMessageAt', last_message_at: 'lastMessageAt' } as const;
const ELSEWHERE = ['week', 'concentration', 'top_contributors', ...Object.keys(INSTANTS)];

/** Where figures differ from what an independent program computed, in words; empty when nowhere. */
export const differences = (where: string, expected: ExpectedRow, figures: AnsweredFigures): string[] => {
  const numbers = Object.entries({ ...expected, ...expected.concentration })
    .filter(([name]) => !ELSEWHERE.includes(name))
    .flatMap(([name, value]) => {
      const known = NAMES[name];
      if (!known) return [`${where}: nothing is called ${name} here`];
      return same(value, figures[known[0]], known[1]) ? [] : [`${where}: ${name} ${value}, not ${figures[known[0]]}`];
    });
  const instants = Object.entries(INSTANTS)
    .filter(([name, field]) => name in expected && timeOf(expected[name]) !== timeOf(figures[field]))
    .map(([name, field]) => `${where}: ${name} ${expected[name]}, not ${figures[field]}`);
  return [...numbers, ...instants, ...ranksApart(where, expected, figures)];
};

const ranksApart = (where: string, { top_contributors }: ExpectedRow, { topContributors = [] }: AnsweredFigures) => {
  if (!top_contributors) return [];
  const wanted = top_contributors.map(({ rank, name, messages }) => `${rank} ${name} ${messages}`).join(', ');
  const named = topContributors.map(({ rank, member, messages }) => `${rank} ${member.handle} ${messages}`).join(', ');
  return wanted === named ? [] : [`${where}: contributors ${wanted}, not ${named}`];
};

const timeOf = (instant: unknown) => (instant === null ? null : Date.parse(String(instant)));

const same = (expected: unknown, actual: unknown, tolerance: number) =>
  expected === actual ||
  (typeof expected === 'number' && typeof actual === 'number' && Math.abs(expected - actual) <= tolerance);

/** An ISO week's name, with the ISO week-numbering year: that of its Thursday. */
export const weekOf = (monday: Date) => {
  const thursday = new Date(monday.getTime() + 3 * DAY);
  const firstOfYear = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = Math.floor((thursday.getTime() - firstOfYear) / (7 * DAY)) + 1;
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, '0')}`;
};

/** What a week without a row of its own has: nothing. */
export const EMPTY_WEEK: ExpectedRow = Object.fromEntries(
  Object.keys(NAMES).map((name) => [name, /share|_s$|gini/.test(name) ? null : 0]),
);

export const DAY = 86_400_000;

/** Every figure that a row can have, as GraphQL calls it. */
export const FIGURES = [...Object.values(NAMES).map(([name]) => name), ...Object.values(INSTANTS)].join(' ');
