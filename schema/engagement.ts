import { closedCommunityIds, communities } from '../projections/communities.ts';
import {
  type Contributor,
  engagementFigures,
  engagementSeries,
  type EngagementFigures as Figures,
} from '../projections/engagement/figures.ts';
import { engagement } from '../projections/engagement/index.ts';
import type { Scope } from '../projections/engagement/scope.ts';
import { organisationTotals, type OrganisationTotals as Totals } from '../projections/engagement/totals.ts';
import { type Bucket, MAX_BUCKETS, type Window, WindowError } from '../projections/engagement/window.ts';
import { encodeCursor } from '../src/core/position.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { charged, chargedAsStatistic, STATISTIC_POINTS } from './cost.ts';
import { pageSize } from './cursor.ts';
import { fault } from './fault.ts';
import { knownMember } from './member.ts';
import { seesAll } from './sight.ts';
import { Community, Member, Organisation } from './types.ts';

/** Figures, whose they are, and how far into the log they look. */
type Computed = {
  readonly throughPosition: string;
  readonly figures: Figures;
  readonly scope: Scope;
  readonly window: Window;
};
type Point = Window & Computed;

const MOST_CONTRIBUTORS = 10;

const TopContributor = builder.objectRef<Contributor>('TopContributor').implement({
  description: 'One of those who spoke most.',
  fields: (t) => ({
    rank: t.exposeInt('rank', { description: '1 for the member with the most messages; no rank is shared.' }),
    messages: t.exposeInt('messages', { description: "The member's messages in the window." }),
    member: t.field({
      type: Member,
      description: 'The member whose messages these are.',
      resolve: ({ memberId }, _, context) => knownMember(context, memberId),
    }),
  }),
});

const EngagementFigures = builder.objectRef<Computed>('EngagementFigures').implement({
  description:
    'How a community, or the organisation, talks in a window. A message is a post, a comment or an answer; a topic is a post with what stands under it; imported ones count.',
  fields: (t) => {
    const count = (name: NumberIn<Figures>, description: string) =>
      t.int({ description, resolve: ({ figures }) => figures[name] });
    const figure = (name: keyof Figures, description: string) =>
      t.float({ nullable: true, description, resolve: ({ figures }) => figures[name] as number | null });
    return {
      messages: count('messages', 'Messages of members.'),
      botMessages: count('botMessages', 'Messages of service accounts.'),
      activeMembers: count('activeMembers', 'Members with at least one message.'),
      newContributors: count('newContributors', 'Members whose first message in the scope lies in the window.'),
      topics: count('topics', 'Topics opened in the window, by anybody.'),
      topicsStarted: count('topicsStarted', 'Topics opened by members.'),
      topicsStartedByBots: count('topicsStartedByBots', 'Topics opened by service accounts.'),
      topicsResolved: count('topicsResolved', 'Of the topics opened in the window, those that are resolved.'),
      topicsReplied: count(
        'topicsReplied',
        'Of the topics started, those with a first reply: a message of another member, whenever it came.',
      ),
      topicsReplied24h: count(
        'topicsReplied24h',
        'Of the topics started, those whose first reply came within 24 hours.',
      ),
      topicsReplied72h: count(
        'topicsReplied72h',
        'Of the topics started, those whose first reply came within 72 hours.',
      ),
      replied24hShare: figure(
        'replied24hShare',
        '`topicsReplied24h` ÷ `topicsStarted`, 0 to 1; null when none was started.',
      ),
      replied72hShare: figure(
        'replied72hShare',
        '`topicsReplied72h` ÷ `topicsStarted`, 0 to 1; null when none was started.',
      ),
      firstReplyP50Seconds: figure(
        'firstReplyP50Seconds',
        'Median time to the first reply, in seconds, over the topics that have one; null when none has.',
      ),
      firstReplyP90Seconds: figure(
        'firstReplyP90Seconds',
        '90th percentile of the time to the first reply, in seconds; null when there is none.',
      ),
      gini: figure(
        'gini',
        "Gini coefficient of the active members' message counts: 0 when all wrote as much; null for no member.",
      ),
      top10PctMembers: count('top10PctMembers', 'How many members are a tenth of the active ones, rounded up.'),
      top10PctShare: figure(
        'top10PctShare',
        'The share of the messages that this tenth wrote, 0 to 1; null for no member.',
      ),
      firstMessageAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'The first message of the window, service accounts included; null when there is none.',
        resolve: ({ figures }) => figures.firstMessageAt,
      }),
      lastMessageAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'The last message of the window, service accounts included; null when there is none.',
        resolve: ({ figures }) => figures.lastMessageAt,
      }),
      topContributors: t.field({
        // The first ten are among the figures; whoever wants more has them counted anew.
        ...charged({ points: ({ first }) => (Number(first) > MOST_CONTRIBUTORS ? STATISTIC_POINTS : 0) }),
        type: [TopContributor],
        description: 'Those with the most messages; ties by order of registration.',
        args: {
          first: t.arg.int({
            required: true,
            defaultValue: MOST_CONTRIBUTORS,
            description: 'How many of them: 1 to 100.',
          }),
        },
        resolve: ({ figures, scope, window }, { first }, context) =>
          topContributors(figures, scope, window, pageSize(first), context),
      }),
      throughPosition: t.field({
        type: 'Position',
        description: 'How far into the log these figures look: the same position gives the same figures.',
        resolve: ({ throughPosition }) => throughPosition,
      }),
    };
  },
});

type NumberIn<T> = { [K in keyof T]: T[K] extends number ? K : never }[keyof T];

/** The figures name the first ten; whoever asks for more has them counted anew. */
const topContributors = async (figures: Figures, scope: Scope, window: Window, first: number, context: Context) => {
  if (first <= MOST_CONTRIBUTORS) return figures.topContributors.slice(0, first);
  const more = await context.read.snapshot(engagement, (db) => engagementFigures(db, { scope, ...window, first }));
  return more.topContributors;
};

const BucketType = builder.enumType('Bucket', {
  description: 'How a window is divided, in UTC.',
  values: {
    DAY: { description: 'Calendar days, from midnight to midnight.' },
    WEEK: { description: 'ISO weeks, from Monday to Sunday.' },
    MONTH: { description: 'Calendar months, from the first day to the last.' },
  },
});

const EngagementPoint = builder.objectRef<Point>('EngagementPoint').implement({
  description: 'The figures of one day, week or month.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'Where it begins, inclusive.', resolve: ({ from }) => from }),
    to: t.field({ type: 'DateTime', description: 'Where it ends, exclusive.', resolve: ({ to }) => to }),
    figures: t.field({
      ...charged({ points: 0 }),
      type: EngagementFigures,
      description: 'The figures of this part of the window.',
      resolve: (point) => point,
    }),
  }),
});

/** Reads figures with the position that they are true at; a refused window is a top-level error. */
const compute = async <R>(context: Context, read: Parameters<typeof snapshot<R>>[1]): Promise<R> => {
  try {
    return await snapshot(context, read);
  } catch (error) {
    throw error instanceof WindowError ? fault('WINDOW_INVALID', error.message) : error;
  }
};

type Db = Parameters<typeof engagementFigures>[0];
const snapshot = <R>(context: Context, read: (db: Db, throughPosition: string) => Promise<R>): Promise<R> =>
  context.read.snapshot(engagement, (db, at) => read(db, encodeCursor(context.log.identity, at)));

const figuresOf = (context: Context, scope: Scope, window: Window): Promise<Computed> =>
  compute(context, async (db, throughPosition) => ({
    figures: await engagementFigures(db, { scope, ...window }),
    throughPosition,
    scope,
    window,
  }));

const seriesOf = (context: Context, scope: Scope, window: Window, bucket: Bucket): Promise<Point[]> =>
  compute(context, async (db, throughPosition) => {
    const points = await engagementSeries(db, { scope, ...window, bucket });
    return points.map(({ from, to, figures }) => ({ from, to, figures, throughPosition, scope, window: { from, to } }));
  });

/** The communities that figures of the organisation leave out for this viewer: those that not every member may read. */
const leftOut = async ({ viewer, read }: Context): Promise<readonly string[]> =>
  seesAll(viewer) ? [] : closedCommunityIds(read.from(communities));

/** The organisation as this viewer's figures show it. */
export const wholeScope = async (context: Context): Promise<Scope> => ({
  organisation: true,
  exceptCommunityIds: await leftOut(context),
});

/** All points are one statement; what is asked of each is not. */
const chargedAsSeries = charged({
  points: STATISTIC_POINTS,
  times: ({ from, to, bucket }) => {
    const days = (Date.parse(String(to)) - Date.parse(String(from))) / DAY_MS;
    return Math.min(MAX_BUCKETS, Math.max(1, Math.ceil(days / (DAYS[String(bucket)] ?? 1)) + 1));
  },
});
const DAY_MS = 24 * 60 * 60_000;
const DAYS: Readonly<Record<string, number>> = { DAY: 1, WEEK: 7, MONTH: 28 };

const FROM = 'Where the window begins, inclusive.';
const TO = 'Where the window ends, exclusive: after `from`, at most 50 years later.';
const FIGURES = 'The figures of a window. Null where the window is refused.';
const SERIES = `The figures of each day, week or month of a window: the first and the last clipped to it, empty ones too, at most ${MAX_BUCKETS}.`;
const DIVIDED = 'How the window is divided.';

builder.objectFields(Community, (t) => {
  const window = {
    from: t.arg({ type: 'DateTime', required: true, description: FROM }),
    to: t.arg({ type: 'DateTime', required: true, description: TO }),
  };
  return {
    engagement: t.field({
      ...chargedAsStatistic,
      type: EngagementFigures,
      authScopes: { may: 'figures:read' },
      nullable: true,
      description: FIGURES,
      args: window,
      resolve: ({ id }, args, context) => figuresOf(context, { communityId: id }, args),
    }),
    engagementSeries: t.field({
      ...chargedAsSeries,
      type: [EngagementPoint],
      authScopes: { may: 'figures:read' },
      nullable: true,
      description: SERIES,
      args: { ...window, bucket: t.arg({ type: BucketType, required: true, description: DIVIDED }) },
      resolve: ({ id }, { bucket, ...args }, context) => seriesOf(context, { communityId: id }, args, bucket),
    }),
  };
});

const OrganisationTotals = builder
  .objectRef<Totals & { readonly throughPosition: string }>('OrganisationTotals')
  .implement({
    description:
      'The organisation as a whole, from its first day. To those who do not see everything, without private communities.',
    fields: (t) => ({
      members: t.exposeInt('members', { description: 'Everybody registered, whether they ever spoke or not.' }),
      membersPosting: t.exposeInt('membersPosting', { description: 'Members with at least one message.' }),
      bots: t.exposeInt('bots', { description: "The organisation's service accounts." }),
      systemBots: t.exposeInt('systemBots', {
        description: 'Service accounts of the platform that an archive came from.',
      }),
      communities: t.exposeInt('communities', { description: 'Communities, archived ones too.' }),
      topics: t.exposeInt('topics', { description: 'Topics: posts with what stands under them.' }),
      messages: t.exposeInt('messages', { description: 'Messages of members.' }),
      botMessages: t.exposeInt('botMessages', { description: 'Messages of service accounts.' }),
      messagesAll: t.exposeInt('messagesAll', { description: 'All messages, of members and of service accounts.' }),
      throughPosition: t.field({
        type: 'Position',
        description: 'How far into the log these figures look.',
        resolve: ({ throughPosition }) => throughPosition,
      }),
    }),
  });

builder.objectFields(Organisation, (t) => {
  const window = {
    from: t.arg({ type: 'DateTime', required: true, description: FROM }),
    to: t.arg({ type: 'DateTime', required: true, description: TO }),
  };
  return {
    totals: t.field({
      type: OrganisationTotals,
      nullable: true,
      description: 'How many of everything.',
      resolve: async (_, __, context) => {
        const without = await leftOut(context);
        return snapshot(context, async (db, throughPosition) => ({
          ...(await organisationTotals(db, without)),
          throughPosition,
        }));
      },
    }),
    engagement: t.field({
      ...chargedAsStatistic,
      type: EngagementFigures,
      authScopes: { may: 'figures:read' },
      nullable: true,
      description: FIGURES,
      args: window,
      resolve: async (_, args, context) => figuresOf(context, await wholeScope(context), args),
    }),
    engagementSeries: t.field({
      ...chargedAsSeries,
      type: [EngagementPoint],
      authScopes: { may: 'figures:read' },
      nullable: true,
      description: SERIES,
      args: { ...window, bucket: t.arg({ type: BucketType, required: true, description: DIVIDED }) },
      resolve: async (_, { bucket, ...args }, context) => seriesOf(context, await wholeScope(context), args, bucket),
    }),
  };
});
