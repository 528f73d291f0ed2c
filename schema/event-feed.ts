import { type Handed, leavable, mapped } from '../src/core/handed.ts';
import type { LiveEvent } from '../src/core/live.ts';
import { encodeCursor } from '../src/core/position.ts';
import { domainEvents, isConfidential } from '../src/domain/index.ts';
import { bareType, type CloudEvent, type EventOrigin, toCloudEvent } from './cloud-event.ts';
import type { Context } from './context.ts';
import { seenAt, startAfter } from './deliveries.ts';
import { mayFollowEvents, seesEvent } from './event-sight.ts';
import { fault } from './fault.ts';

/** What a feed of events gives: an event, or a mark that tells how far it is. */
export type FeedItem = { readonly cursor: string; readonly caughtUp: boolean; readonly event: CloudEvent | null };

export type EventFollowing = {
  /** A cursor, or a `Position` of an answer; `start`: everything there is. Nothing: what comes from now on. */
  readonly after: string | null;
  /** Only events of these types; null for all. */
  readonly types: readonly string[] | null;
};

/** Rights are judged by these, so nothing is given before they show it: rights judged on an older state leak. */
const SHOWN_BY = ['communities', 'memberships', 'posts'];
/** Its heart beats more slowly than subscriptions': every 15 s where theirs does every 12. */
const PACE = 1.25;

/** The log as this viewer may see it, one CloudEvent after another, until it is left. Refuses at once what cannot be followed. */
export const followEvents = async (context: Context, { after, types }: EventFollowing): Promise<Handed<FeedItem>> => {
  const { viewer, log, live, publicUrl } = context;
  if (!mayFollowEvents(viewer))
    throw fault('FORBIDDEN', 'This token does not allow that: its roles, or the scopes that it names, are too narrow.');
  const wanted = types && knownTypes(types);
  const start = await startAfter(context, after);
  const heartbeatMs = live.heartbeatMs * PACE;
  const isChosen = (item: LiveEvent) => seesEvent({ viewer, loaders: seenAt(item, context).seen.loaders }, item.event);
  const following = { after: start, communityId: null, types: wanted, shownBy: SHOWN_BY, isChosen, heartbeatMs };
  return leavable((signal) =>
    mapped(live.follow({ ...following, signal }), (item): FeedItem => {
      const event = item.live && cloudEventOf(item.live, { identity: log.identity, publicUrl });
      return { cursor: event?.position ?? encodeCursor(log.identity, item.cursor), caughtUp: item.caughtUp, event };
    }),
  );
};

/** One object for all who are told of an event as it comes. */
const cloudEventOf = (live: LiveEvent, origin: EventOrigin): CloudEvent => {
  const known = made.get(live);
  if (known) return known;
  const event = toCloudEvent(origin, live.event);
  made.set(live, event);
  return event;
};
const made = new WeakMap<LiveEvent, CloudEvent>();

/** Types as they are called inside. Refuses those that no event has, or that nobody is told of: who waits for them would wait for ever. */
export const knownTypes = (names: readonly string[]): readonly string[] => {
  const types = names.map(bareType);
  const unknown = types.find((type) => !Object.hasOwn(domainEvents, type));
  if (unknown !== undefined)
    throw fault('BAD_USER_INPUT', `No event has the type ${JSON.stringify(unknown.slice(0, 80))}.`);
  const untold = types.find(isConfidential);
  if (untold !== undefined)
    throw fault('BAD_USER_INPUT', `Nobody is told of ${untold}: what is not published yet concerns its author alone.`);
  return types;
};
