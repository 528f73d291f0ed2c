import type { FoldedEvent } from '../src/core/event.ts';
import { type Handed, leavable, mapped } from '../src/core/handed.ts';
import type { LiveEvent, LiveItem } from '../src/core/live.ts';
import { type Cursor, encodeCursor, placeNamed } from '../src/core/position.ts';
import { type Context, lookAnew } from './context.ts';
import { isForEverybody, seesBeforeOpening } from './event-sight.ts';
import { fault, withCursorFaults } from './fault.ts';
import { localId } from './global-id.ts';
import { type Looking, seesAll, visibleCommunity } from './sight.ts';

/** What a subscription delivers: an event, or a mark that tells how far it is. */
export type Delivery = {
  readonly cursor: string;
  readonly caughtUp: boolean;
  readonly event: LiveEvent['event'] | null;
};

/** What subscribers are shown of an event is read here, and nothing is delivered before all of these show it. */
const SHOWN_BY = ['communities', 'members', 'memberships', 'posts', 'promises'];

/** After these the viewer may have lost sight of the community. */
const RIGHTS = ['MemberLeft', 'CommunityAccessChanged'];

export type CommunityFollowing = {
  readonly communityId: string | number;
  readonly after?: string | null | undefined;
  readonly types: readonly string[];
  readonly isWanted: (live: LiveEvent) => boolean;
  /** Whether an event that the viewer may see is news to this viewer: it is unless said otherwise. */
  readonly isNews?: (looking: Looking, event: FoldedEvent) => boolean | Promise<boolean>;
};

/** Refuses at once what cannot be followed; then delivers until the client leaves or the viewer loses sight of the community. */
export const followCommunity = async (
  context: Context,
  { communityId, after, types, isWanted, isNews = () => true }: CommunityFollowing,
): Promise<Handed<Delivery>> => {
  const id = localId('Community', String(communityId));
  if (!id || !(await visibleCommunity(context, id))) throw notFound();
  const start = (await startAfter(context, after)) ?? (await context.log.head());
  context.startedAt = () => encodeCursor(context.log.identity, start);
  const wanted = new Set(types);
  const isJudgedSo = async (live: LiveEvent, isOne: boolean) => {
    // Rights are those of this moment: whoever lost the community hears no more of it.
    if (!(await visibleCommunity(context, id))) throw lostSight();
    return isOne && (await seesBeforeOpening(context, live.event)) && isNews(context, live.event);
  };
  const isChosen = (live: LiveEvent) => {
    const isOne = wanted.has(live.event.type) && isWanted(live);
    if (!isOne && !concernsRights(live, context)) return false;
    const now = seenAt(live, context);
    Object.assign(context, now.seen);
    const isForAll = isForAllNow(live, now);
    const judge = (isOpen: boolean) => (isOpen ? isOne && isNews(context, live.event) : isJudgedSo(live, isOne));
    return typeof isForAll === 'boolean' ? judge(isForAll) : isForAll.then(judge);
  };
  const marked = async ({ cursor, caughtUp }: LiveItem): Promise<Delivery> => {
    Object.assign(context, lookAnew(context));
    if (!(await visibleCommunity(context, id))) throw lostSight();
    return { cursor: encodeCursor(context.log.identity, cursor), caughtUp, event: null };
  };
  const following = { after: start, communityId: id, types: [...types, ...RIGHTS], shownBy: SHOWN_BY, isChosen };
  return leavable((signal) =>
    mapped(context.live.follow({ ...following, signal }), (item) => {
      if (!item.live) return marked(item);
      return item.caughtUp ? delivered(item.live, context) : deliveryOf(item.live, context, item.caughtUp);
    }),
  );
};

const deliveryOf = ({ event }: LiveEvent, { log }: Context, caughtUp: boolean): Delivery => ({
  cursor: encodeCursor(log.identity, { position: event.position, eventId: event.id }),
  caughtUp,
  event,
});

/** One object for all to whom the event is delivered as it comes. */
const delivered = (live: LiveEvent, context: Context): Delivery => {
  const known = deliveredBefore.get(live);
  if (known) return known;
  const delivery = deliveryOf(live, context, true);
  deliveredBefore.set(live, delivery);
  return delivery;
};
const deliveredBefore = new WeakMap<LiveEvent, Delivery>();

const concernsRights = ({ event: { type, data } }: LiveEvent, { viewer }: Context) => {
  if (seesAll(viewer) || !RIGHTS.includes(type)) return false;
  return type !== 'MemberLeft' || (data as { memberId?: string }).memberId === viewer?.memberId;
};

/** What followers who are given an event at about the same time look at: the same rows, read once for all of them. */
type Seen = {
  readonly seen: Pick<Context, 'read' | 'loaders'>;
  readonly since: number;
  isForAll?: boolean | Promise<boolean>;
};

export const seenAt = (live: LiveEvent, context: Context): Seen => {
  const known = shared.get(live);
  if (known && performance.now() - known.since < SHARED_MS) return known;
  const now: Seen = { seen: lookAnew(context), since: performance.now() };
  shared.set(live, now);
  return now;
};

/** Whether an event is for everybody: then nobody has to be asked who looks. Found out once for all; a promise until it is known. */
const isForAllNow = (live: LiveEvent, now: Seen): boolean | Promise<boolean> => {
  now.isForAll ??= isForEverybody(now.seen.loaders, live.event)
    // Whoever is judged one by one meets the same trouble, and tells.
    .catch(() => false)
    .then((isForAll) => {
      now.isForAll = isForAll;
      return isForAll;
    });
  return now.isForAll;
};

/** Rights are judged on rows that are at most so old, and never older than the event. */
const SHARED_MS = 250;
const shared = new WeakMap<LiveEvent, Seen>();

/** Where a client wants to go on; a cursor that cannot be honoured is refused by name, with a fresh one where that helps. */
export const startAfter = async (
  { log }: Pick<Context, 'log'>,
  after: string | null | undefined,
): Promise<Cursor | null> => {
  if (after === null || after === undefined) return null;
  return withCursorFaults(log, async () => {
    const cursor = placeNamed(log.identity, after);
    await log.verify(cursor);
    return cursor;
  });
};

const notFound = () => fault('NOT_FOUND', 'There is no such community.');
const lostSight = () => fault('NOT_FOUND', 'There is no such community any more: this stream ends.');
