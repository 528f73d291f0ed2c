import { eventStream, Refused } from './event-stream.ts';
import type { Server } from './query.ts';

/** An event as `/events` and webhooks send it: CloudEvents 1.0. */
export type CloudEvent = {
  readonly id: string;
  /** `io.palabre.` and what happened. */
  readonly type: string;
  readonly time: string;
  readonly position: string;
  /** What it is about, as `node(id:)` takes it. */
  readonly subject?: string;
  readonly data: Readonly<Record<string, unknown>>;
};

export type Wanted = {
  /** A cursor, or the `position` of an answer; without it, what comes from now on. */
  readonly after?: string;
  readonly types?: readonly string[];
  readonly signal: AbortSignal;
  readonly pauseMs?: number;
};

/** Follows `/events` until the signal aborts. Store `position` with what you make of an event, and go on after it. */
export async function* events(
  { url, token }: Server,
  { after, types = [], signal, pauseMs = 1_000 }: Wanted,
): AsyncGenerator<CloudEvent> {
  const query = new URLSearchParams({ ...(after && { after }), ...(types.length > 0 && { types: types.join(',') }) });
  let lastId = '';
  while (!signal.aborted) {
    try {
      const response = await fetch(`${url}/events?${query}`, {
        headers: { authorization: `Bearer ${await token()}`, ...(lastId && { 'last-event-id': lastId }) },
        signal,
      });
      for await (const { event, id, data } of eventStream(response)) {
        // Heartbeats have an id and no data, the caught-up mark has a name of its own: both move the cursor.
        if (data && event === '') yield JSON.parse(data);
        if (id) lastId = id;
      }
    } catch (error) {
      if (error instanceof Refused && error.status !== 503 && error.status !== 429) throw error;
    }
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
