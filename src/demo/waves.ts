import type { AppendOutcome, AppendRequest, EventLog } from '../core/event-log.ts';
import type { Planned } from './script.ts';

/** Neighbours in time that do not depend on one another, so that they can be executed together. */
export function* wavesOf(planned: readonly Planned[], size: number): Generator<readonly Planned[]> {
  let wave: Planned[] = [];
  const written = new Set<string>();
  for (const each of planned) {
    const depends = each.isAlone || written.has(each.writes) || each.reads.some((stream) => written.has(stream));
    if (wave.length > 0 && (depends || wave[0]?.isAlone || wave.length === size)) {
      yield wave;
      wave = [];
      written.clear();
    }
    wave.push(each);
    written.add(each.writes);
  }
  if (wave.length > 0) yield wave;
}

type Waiting = { readonly request: AppendRequest; settle(outcome: AppendOutcome): void; fail(error: unknown): void };

/**
 * A log whose appends follow the business's time although commands run side by side: what the tasks of one wave append is held
 * back until each of them has either asked or ended, then handed over as one call in the order of `occurredAt`. A log keeps the
 * order of a call.
 */
export const inOrderOfTime = (log: EventLog) => {
  let running = 0;
  let waiting: Waiting[] = [];

  const flush = async () => {
    if (waiting.length === 0 || waiting.length < running) return;
    const together = waiting.sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1));
    waiting = [];
    try {
      const outcomes = await log.append(together.map(({ request }) => request));
      for (const [n, { settle }] of together.entries()) settle(outcomes[n] as AppendOutcome);
    } catch (error) {
      for (const { fail } of together) fail(error);
    }
  };

  const append = (request: AppendRequest) =>
    new Promise<AppendOutcome>((settle, fail) => {
      waiting.push({ request, settle, fail });
      void flush();
    });

  return {
    log: {
      ...log,
      append: (requests: readonly AppendRequest[]) => Promise.all(requests.map(append)),
    } satisfies EventLog,
    /** Runs the tasks of one wave; throws the first failure once all have ended. */
    run: async (tasks: readonly (() => Promise<unknown>)[]): Promise<void> => {
      running = tasks.length;
      const settled = await Promise.allSettled(
        tasks.map((task) =>
          task().finally(() => {
            running -= 1;
            void flush();
          }),
        ),
      );
      const failed = settled.find((each) => each.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
};

const timeOf = ({ request }: Waiting) => request.events[0]?.metadata.occurredAt ?? '';
