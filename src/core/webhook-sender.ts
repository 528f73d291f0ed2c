import type { Catalogue } from './catalogue.ts';
import type { FoldedEvent } from './event.ts';
import type { EventLog } from './event-log.ts';
import { endOfMany, pause } from './patience.ts';
import type { Standing } from './webhook-planner.ts';
import { verdictOf } from './webhook-schedule.ts';
import type { DueDelivery, PostWebhook, WebhookQueue } from './webhooks.ts';

export type SenderTools = {
  readonly log: Pick<EventLog, 'readStream'>;
  readonly catalogue: Pick<Catalogue, 'read'>;
  readonly queue: WebhookQueue;
  readonly standing: Standing;
  readonly post: PostWebhook;
  readonly bodyOf: (event: FoldedEvent) => string;
  /** The id of a delivery as receivers see it. */
  readonly publicId: (deliveryId: string) => string;
  readonly retries: readonly number[];
  readonly onTrouble: (error: unknown) => void;
};

/** One endpoint is sent so many at a time, and all together so many. */
const EACH = 5;
const ALL = 500;
const LOOK_EVERY = 1_000;
/** At the end, what is under way may come to its own end for a moment; what does not is sent again, under the same id. */
const GRACE = 3_000;

/** Sends what is due until the signal aborts. `wake` makes it look at once. */
export const createSender = (tools: SenderTools) => {
  const held = new Map<string, { readonly webhookId: string; readonly done: Promise<void> }>();
  let wake = () => {};

  const run = async (signal: AbortSignal) => {
    const cutting = endOfMany();
    while (!signal.aborted) {
      const woken = new AbortController();
      wake = () => woken.abort();
      const wait = await look(signal, cutting.signal);
      await pause(Math.min(wait ?? LOOK_EVERY, LOOK_EVERY), AbortSignal.any([signal, woken.signal]));
    }
    const timer = setTimeout(() => cutting.abort(), GRACE);
    await Promise.all([...held.values()].map(({ done }) => done));
    clearTimeout(timer);
  };

  /** Begins whatever may begin now; answers in how many milliseconds something else will be due. */
  const look = async (signal: AbortSignal, cut: AbortSignal): Promise<number | null> => {
    const { due, nextMs } = await tools.queue.due([...held.keys()], EACH);
    for (const delivery of due) {
      const busy = [...held.values()].filter(({ webhookId }) => webhookId === delivery.webhookId).length;
      if (busy >= EACH || held.size >= ALL || signal.aborted) continue;
      const done = deliver(tools, delivery, cut)
        .catch(async (error: unknown) => {
          if (!cut.aborted) tools.onTrouble(error);
          // Whatever failed here will fail again at once: it is not the receiver.
          await pause(LOOK_EVERY, signal);
        })
        .finally(() => {
          held.delete(delivery.id);
          wake();
        });
      held.set(delivery.id, { webhookId: delivery.webhookId, done });
    }
    return nextMs;
  };

  return { run, wake: () => wake() };
};

/** One attempt, if the principal still sees the event. What came of it is written down before the next one. */
const deliver = async (tools: SenderTools, delivery: DueDelivery, cut: AbortSignal): Promise<void> => {
  const { log, catalogue, queue, standing } = tools;
  const { webhook } = delivery;
  const [stored] = await log.readStream(delivery.stream, { from: delivery.revision, limit: 1 });
  const event = stored && catalogue.read(stored);
  if (!event || event.id !== delivery.eventId) return queue.withhold(delivery.id);
  if (!(await standing.release({ position: event.position, eventId: event.id }, cut))) return;
  const viewer = await standing.viewerOf(webhook);
  if (!viewer) return queue.disable(webhook.id, 'RIGHTS_LOST');
  if (!(await standing.startLooking()(viewer, event))) return queue.withhold(delivery.id);

  const attempt = await tools.post({
    url: webhook.url,
    id: tools.publicId(delivery.id),
    body: tools.bodyOf(event),
    secrets: await queue.secrets(webhook.id),
    signal: cut,
  });
  if (cut.aborted) return;
  await queue.settle(delivery, attempt, verdictOf(attempt, delivery.attempts, tools.retries, Math.random()));
};
