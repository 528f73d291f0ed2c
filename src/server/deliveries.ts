import { toCloudEvent } from '../../schema/cloud-event.ts';
import { lookAnew } from '../../schema/context.ts';
import { seesEvent } from '../../schema/event-sight.ts';
import { globalId } from '../../schema/global-id.ts';
import { createPost } from '../adapters/webhooks/post.ts';
import type { App } from '../app.ts';
import { pause } from '../core/patience.ts';
import type { Cursor } from '../core/position.ts';
import { startWebhooks, type WebhookEngine } from '../core/webhook-engine.ts';
import type { Standing } from '../core/webhook-planner.ts';
import { RETRIES } from '../core/webhook-schedule.ts';

/** Rights are judged on these, and nothing is sent before they are level with it. */
const RIGHTS = ['communities', 'memberships', 'posts'];
const PATIENCE = 60_000;
const PAUSE = 500;

/** Delivers what webhooks are to be told, as their principals see it. */
export const startDeliveries = (app: App, publicUrl: string): WebhookEngine => {
  const { config, log, catalogue, tables, logger, operations } = app;
  const engine = startWebhooks({
    log,
    catalogue,
    store: tables,
    queue: operations.queue,
    standing: standingOf(app),
    post: createPost(config.webhooks),
    bodyOf: (event) => JSON.stringify(toCloudEvent({ identity: log.identity, publicUrl }, event)),
    publicId: (id) => globalId('WebhookDelivery', id),
    retries: config.webhooks.retries ?? RETRIES,
    onTrouble: (error) => logger.error({ err: error }, 'Webhooks cannot be delivered for now.'),
  });
  const forget = operations.onChange(engine.wake);
  return {
    wake: engine.wake,
    stop: async () => {
      forget();
      await engine.stop();
    },
  };
};

const standingOf = ({ operations, reader, readModels }: App): Standing => ({
  viewerOf: async (webhook) => {
    const viewer = await operations.principals.viewerOf(webhook);
    return viewer?.scopes.has('webhooks:admin') ? viewer : null;
  },
  startLooking: () => {
    const { loaders } = lookAnew({ startReading: reader.request });
    return (viewer, event) => seesEvent({ viewer, loaders }, event);
  },
  release: async (cursor: Cursor, signal) => {
    while (!signal.aborted) {
      const waited = await readModels.waitFor(RIGHTS, cursor, { signal, timeoutMs: PATIENCE });
      if (waited === 'reached') return true;
      if (waited === 'halted') await pause(PAUSE, signal);
    }
    return false;
  },
});
