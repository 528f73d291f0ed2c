import type { EventLog } from './event-log.ts';
import { createLeases, defaultLeases, type LeaseOptions } from './leases.ts';
import { endOfMany, pause } from './patience.ts';
import type { TableStore } from './table-store.ts';
import { type PlannerTools, planOnce } from './webhook-planner.ts';
import { createSender, type SenderTools } from './webhook-sender.ts';

export type WebhookEngine = {
  /** Something new may be there: a registration, a replay. */
  wake(): void;
  /** Ends after what is under way, and leaves the work to another process. */
  stop(): Promise<void>;
};

export type EngineTools = PlannerTools &
  SenderTools & {
    readonly log: Pick<EventLog, 'readAll' | 'readStream' | 'subscribe' | 'head'>;
    readonly store: Pick<TableStore, 'openSession'>;
    readonly leases?: LeaseOptions;
  };

const LEASE = 'webhooks';
const LOOK_EVERY = 1_000;
const CLEAN_EVERY = 10 * 60_000;
const AFTER_TROUBLE = 1_000;

/**
 * Delivers while this process holds the lease: one process of all does, another takes over when its session is gone. Nothing is
 * kept in memory that a successor would miss.
 */
export const startWebhooks = (tools: EngineTools): WebhookEngine => {
  const stopping = endOfMany();
  const stop = stopping.signal;
  const onTrouble = (error: unknown) => {
    if (!stop.aborted) tools.onTrouble(error);
  };
  const leases = createLeases(tools.store, tools.leases ?? defaultLeases, onTrouble);
  const sender = createSender(tools);
  let look = () => {};
  /** Nobody has asked to be told of anything: what happens is not looked at. */
  let isIdle = false;

  const lead = async (signal: AbortSignal) => {
    const parts = [
      keep(signal, onTrouble, () => follow(signal)),
      keep(signal, onTrouble, () => plan(signal)),
      keep(signal, onTrouble, () => sender.run(signal)),
      keep(signal, onTrouble, () => clean(signal)),
    ];
    await Promise.all(parts);
  };

  /** The tail is only a hint that there is something to plan. */
  const follow = async (signal: AbortSignal) => {
    for await (const { events } of tools.log.subscribe({ after: await tools.log.head(), signal }))
      if (events.length > 0 && !isIdle) look();
  };

  const plan = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      const looking = new AbortController();
      look = () => looking.abort();
      const { isAwaited, planned, more } = await planOnce(tools, signal);
      isIdle = !isAwaited;
      if (planned > 0) sender.wake();
      if (!more) await pause(LOOK_EVERY, AbortSignal.any([signal, looking.signal]));
    }
  };

  const clean = async (signal: AbortSignal) => {
    for (; !signal.aborted; await pause(CLEAN_EVERY, signal)) await tools.queue.clean();
  };

  const running = (async () => {
    while (!stop.aborted) {
      const lease = await leases.wait(LEASE, stop);
      if (lease) await lead(AbortSignal.any([stop, lease.lost]));
    }
  })();

  return {
    wake: () => {
      isIdle = false;
      look();
      sender.wake();
    },
    stop: async () => {
      stopping.abort();
      await running;
      await leases.close();
    },
  };
};

/** Runs until the signal aborts, again after whatever interrupts it. */
const keep = async (signal: AbortSignal, onTrouble: (error: unknown) => void, run: () => Promise<void>) => {
  while (!signal.aborted) {
    try {
      await run();
    } catch (error) {
      onTrouble(error);
      await pause(AFTER_TROUBLE, signal);
    }
  }
};
