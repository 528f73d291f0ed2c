import type { Catalogue } from './catalogue.ts';
import type { FoldedEvent } from './event.ts';
import type { EventLog } from './event-log.ts';
import type { Cursor } from './position.ts';
import type { Viewer } from './viewer.ts';
import type { Planned, Source, WebhookQueue, WebhookRow } from './webhooks.ts';

/** How a webhook's principal stands at this moment. */
export type Standing = {
  /** Who the principal is now; null when it may not go on: its key has ended, or it is nobody any more. */
  viewerOf(webhook: WebhookRow): Promise<Viewer | null>;
  /** Whether a viewer is told of an event, on rows as they are now. */
  startLooking(): (viewer: Viewer, event: FoldedEvent) => Promise<boolean>;
  /** Waits until rights are judged on a state that is level with the cursor; false when the signal aborts first. */
  release(cursor: Cursor, signal: AbortSignal): Promise<boolean>;
};

export type PlannerTools = {
  readonly log: Pick<EventLog, 'readAll'>;
  readonly catalogue: Pick<Catalogue, 'read'>;
  readonly queue: WebhookQueue;
  readonly standing: Standing;
};

const STEP = 500;

export type Round = {
  /** Whether anybody wants to be told of what happens. */
  readonly isAwaited: boolean;
  /** How many deliveries came of it. */
  readonly planned: number;
  /** Whether there is more to do at once. */
  readonly more: boolean;
};

/** Turns what happened since each webhook's cursor into deliveries. An event that the principal does not see leaves no trace. */
export const planOnce = async (tools: PlannerTools, signal: AbortSignal): Promise<Round> => {
  const groups = new Map<string, Source[]>();
  const all = await tools.queue.sources();
  for (const source of all) {
    const place = `${source.cursor.position}`;
    groups.set(place, [...(groups.get(place) ?? []), source]);
  }
  let [planned, more] = [0, false];
  for (const sources of groups.values()) {
    if (signal.aborted) break;
    const of = await planGroup(tools, sources, signal);
    planned += of.planned;
    more ||= of.more;
  }
  return { isAwaited: all.length > 0, planned, more };
};

const NOTHING = { planned: 0, more: false };

/** Sources that stand at the same place read the log together. */
const planGroup = async (
  { log, catalogue, queue, standing }: PlannerTools,
  sources: readonly Source[],
  signal: AbortSignal,
): Promise<Omit<Round, 'isAwaited'>> => {
  const [first] = sources;
  if (!first) return NOTHING;
  const types = sources.flatMap(({ webhook }) => webhook.types ?? []);
  const isFiltered = sources.every(({ webhook }) => webhook.types !== null);
  const batch = await log.readAll({ after: first.cursor, limit: STEP, ...(isFiltered && { filter: { types } }) });
  if (batch.cursor.position === first.cursor.position) {
    // Nothing came. A range that ends here is done.
    const replays = sources.filter(({ replayId }) => replayId !== null);
    await queue.plan(replays.map((source) => ({ source, cursor: batch.cursor, events: [] })));
    return NOTHING;
  }
  const events = batch.events.flatMap((event) => catalogue.read(event) ?? []);
  const last = events.at(-1);
  if (last && !(await standing.release({ position: last.position, eventId: last.id }, signal))) return NOTHING;

  const isSeen = standing.startLooking();
  const planned: Planned[] = [];
  for (const source of sources) {
    const viewer = await standing.viewerOf(source.webhook);
    if (!viewer) {
      await queue.disable(source.webhook.id, 'RIGHTS_LOST');
      continue;
    }
    const wanted = events.filter((event) => isWanted(source, event));
    const seen = await Promise.all(wanted.map((event) => isSeen(viewer, event)));
    planned.push({ source, cursor: batch.cursor, events: wanted.filter((_, n) => seen[n]) });
  }
  await queue.plan(planned);
  return { planned: planned.reduce((sum, { events }) => sum + events.length, 0), more: !batch.caughtUp };
};

const isWanted = ({ webhook: { types, communityId }, until }: Source, { type, data, position }: FoldedEvent): boolean =>
  (until === null || position <= until) &&
  (types === null || types.includes(type)) &&
  (communityId === null || (data as { readonly communityId?: string }).communityId === communityId);
