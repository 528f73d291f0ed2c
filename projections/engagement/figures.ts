import { type ActivityCounts, activityIn } from './activity.ts';
import { type TopicCounts, topicsOpenedIn } from './replies.ts';
import { type Db, openScope, type Scope } from './scope.ts';
import { rounded, share } from './share.ts';
import { assertWindow, type Bucket, bucketsOf, type Window } from './window.ts';

/**
 * The engagement figures of a scope in a window. A *message* is a published post, comment or answer, a *topic* a post
 * with its comments. What its author took back stays a message and is no reply; what moderation hid counts nowhere.
 */
export type EngagementFigures = {
  /** Messages of members. */
  readonly messages: number;
  /** Messages of service accounts. */
  readonly botMessages: number;
  /** Members with at least one message in the window. */
  readonly activeMembers: number;
  /** Members whose first message in the scope lies in the window. */
  readonly newContributors: number;
  /** Topics opened in the window, by anybody. */
  readonly topics: number;
  /** Topics opened in the window by a member; the replies below are to these. */
  readonly topicsStarted: number;
  readonly topicsStartedByBots: number;
  /** Topics opened in the window, by anybody, that are resolved now: an accepted answer, or an archive's mark. */
  readonly topicsResolved: number;
  /** Topics with a first reply, a message of a member other than the opener, whenever it came. */
  readonly topicsReplied: number;
  /** Topics whose first reply came within 86,400 seconds. */
  readonly topicsReplied24h: number;
  /** Topics whose first reply came within 259,200 seconds. */
  readonly topicsReplied72h: number;
  /** Of the topics started; null when none was. */
  readonly replied24hShare: number | null;
  readonly replied72hShare: number | null;
  /** Median time to first reply over the topics with a reply; null when there is none. */
  readonly firstReplyP50Seconds: number | null;
  readonly firstReplyP90Seconds: number | null;
  /** Gini coefficient of the active members' message counts; null for no member. */
  readonly gini: number | null;
  /** How many members are a tenth of the active ones, rounded up. */
  readonly top10PctMembers: number;
  /** The share of the messages that this tenth wrote; null for no member. */
  readonly top10PctShare: number | null;
  /** Over all messages of the window, those of service accounts too. */
  readonly firstMessageAt: Date | null;
  readonly lastMessageAt: Date | null;
  /** Members with the most messages; ties by order of registration. */
  readonly topContributors: readonly Contributor[];
};

export type Contributor = { readonly rank: number; readonly memberId: string; readonly messages: number };

/** `first`: how many top contributors are named, 10 by default. */
export type FiguresOf = Window & { readonly scope: Scope; readonly first?: number };

export type Point = Window & { readonly figures: EngagementFigures };

/** The figures of a scope in one window. Throws `WindowError`. */
export const engagementFigures = async (db: Db, { scope, from, to, first }: FiguresOf): Promise<EngagementFigures> => {
  assertWindow({ from, to });
  const [figures = NOTHING] = await figuresIn(db, scope, [{ from, to }], first);
  return figures;
};

/** The figures of a scope in each day, ISO week or month (UTC) of a window, empty ones too. Throws `WindowError`. */
export const engagementSeries = async (
  db: Db,
  { scope, from, to, bucket, first }: FiguresOf & { readonly bucket: Bucket },
): Promise<readonly Point[]> => {
  const buckets = bucketsOf({ from, to }, bucket);
  const figures = await figuresIn(db, scope, buckets, first);
  return buckets.map((window, i) => ({ ...window, figures: figures[i] ?? NOTHING }));
};

// Three statements, however many buckets there are. A bucket's number is its window's place among the edges.
const figuresIn = async (db: Db, asked: Scope, buckets: readonly Window[], first = 10) => {
  const [from, to] = [buckets[0]?.from, buckets.at(-1)?.to];
  if (!from || !to) return [];
  const scope = await openScope(db, asked);
  const edges = buckets.map((bucket) => bucket.from.toISOString());
  const activity = byBucket(await activityIn(db, scope, edges, { from, to }, first));
  const topics = byBucket(await topicsOpenedIn(db, scope, edges, { from, to }));
  return buckets.map((_, i) => ({ ...activityFigures(activity.get(i + 1)), ...topicFigures(topics.get(i + 1)) }));
};

const byBucket = <R extends { readonly bucket: number }>(rows: readonly R[]): ReadonlyMap<number, R> =>
  new Map(rows.map((row) => [row.bucket, row]));

const activityFigures = (counts: ActivityCounts | undefined) => {
  const { messages = 0, activeMembers = 0, rankedSum = 0 } = counts ?? {};
  return {
    messages,
    botMessages: counts?.botMessages ?? 0,
    activeMembers,
    newContributors: counts?.newContributors ?? 0,
    // 2·Σ(i·xᵢ)/(n·Σxᵢ) − (n+1)/n over one divisor: integers up to the only division.
    gini: share(2 * rankedSum - (activeMembers + 1) * messages, activeMembers * messages),
    top10PctMembers: Math.ceil(activeMembers / 10),
    top10PctShare: share(counts?.topTenthMessages ?? 0, messages),
    firstMessageAt: counts?.firstMessageAt ?? null,
    lastMessageAt: counts?.lastMessageAt ?? null,
    topContributors: contributors(counts?.topMemberIds ?? [], counts?.topMessages ?? []),
  };
};

const topicFigures = (counts: TopicCounts | undefined) => {
  const { topics = 0, topicsStarted = 0, topicsReplied24h = 0, topicsReplied72h = 0 } = counts ?? {};
  const [p50 = null, p90 = null] = counts?.firstReplySeconds ?? [];
  return {
    topics,
    topicsStarted,
    topicsStartedByBots: topics - topicsStarted,
    topicsResolved: counts?.topicsResolved ?? 0,
    topicsReplied: counts?.topicsReplied ?? 0,
    topicsReplied24h,
    topicsReplied72h,
    replied24hShare: share(topicsReplied24h, topicsStarted),
    replied72hShare: share(topicsReplied72h, topicsStarted),
    firstReplyP50Seconds: p50 === null ? null : rounded(p50, 1_000),
    firstReplyP90Seconds: p90 === null ? null : rounded(p90, 1_000),
  };
};

const contributors = (memberIds: readonly string[], messages: readonly number[]): readonly Contributor[] =>
  memberIds.map((memberId, i) => ({ rank: i + 1, memberId, messages: messages[i] ?? 0 }));

const NOTHING: EngagementFigures = { ...activityFigures(undefined), ...topicFigures(undefined) };
