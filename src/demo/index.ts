import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Catalogue } from '../core/catalogue.ts';
import { streamName } from '../core/decider.ts';
import type { StoredEvent } from '../core/event.ts';
import type { EventLog } from '../core/event-log.ts';
import { createExecute } from '../core/execute.ts';
import { START } from '../core/position.ts';
import type { Sealing } from '../core/sealing.ts';
import { abandonment, claims } from '../domain/claim.ts';
import { commands } from '../domain/index.ts';
import { HISTORY, planDemo } from './plan.ts';
import { correlationOf, type Planned } from './script.ts';
import { trustingLog } from './trusting-log.ts';

export { DEMO_MEMBER_HANDLE } from './people.ts';

/** Where a demo organisation is written: the parts of the application that it needs. */
export type DemoTools = { readonly log: EventLog; readonly catalogue: Catalogue; readonly sealing: Sealing };

export type DemoOptions = {
  readonly seed?: number;
  /** The moment at which the history ends. A history that was begun before keeps its own. */
  readonly anchor?: Date;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
};

/**
 * `made`: the organisation is whole now; `present`: it was whole already; `interrupted`: the next call goes on;
 * `foreign`: the log holds something else, and nothing was written.
 */
export type DemoOutcome = {
  readonly status: 'made' | 'present' | 'interrupted' | 'foreign';
  readonly commands: number;
};

/** So many commands are told between two looks at the signal and the progress. */
const STRIDE = 50;

/** Fills an empty log with the demo organisation, or goes on with one that was interrupted. */
export const seedDemo = async (
  { log, catalogue, sealing }: DemoTools,
  { seed = 1, anchor = new Date(), signal, onProgress }: DemoOptions = {},
): Promise<DemoOutcome> => {
  const start = await beginningOf(log, seed);
  if (start === 'something else') return { status: 'foreign', commands: 0 };
  const planned = planDemo(seed, start === null ? anchor.getTime() : start + HISTORY);
  if (start !== null && (await isWhole(log, planned))) return { status: 'present', commands: planned.length };

  const told = start === null ? [] : await everythingIn(log);
  const from = indexOfLast(planned, told, seed);
  const { log: trusting, stored } = trustingLog(log, told);
  const contributed = new Set<string>();
  const mentors = new Map<string, string[]>();
  const execute = createExecute({
    ...{ log: trusting, catalogue, sealing },
    claims: { aggregates: claims, abandonment },
    ask: async (question) =>
      question.kind === 'HAS_CONTRIBUTED'
        ? contributed.has(`${question.communityId} ${question.memberId}`)
        : (mentors.get(question.communityId)?.find((one) => !question.exceptMemberIds.includes(one)) ?? false),
  });
  const placeOf = new Map<string, string>();
  const remember = ({ command, input, actor, writes }: Planned) => {
    const { communityId, postId = writes } = input as { communityId?: string; postId?: string };
    if (command === commands.publishPost && communityId) placeOf.set(writes, communityId);
    if (command === commands.volunteerAsMentor && communityId)
      mentors.set(communityId, [...(mentors.get(communityId) ?? []), actor.memberId]);
    if (command === commands.publishPost || command === commands.publishComment)
      contributed.add(`${placeOf.get(postId)} ${actor.memberId}`);
  };
  planned.slice(0, from).forEach(remember);
  const options = { source: 'SEED', correlationId: correlationOf(seed) } as const;
  await sealing.prepare(planned.flatMap(({ input }) => ('memberId' in input ? String(input.memberId) : [])));
  // The last command that left something may have been cut off in the middle: it is told once more.
  for (const [n, each] of planned.slice(from).entries()) {
    if (n % STRIDE === 0) {
      await nextTurn();
      if (signal?.aborted) {
        await stored();
        return { status: 'interrupted', commands: from + n };
      }
      onProgress?.({ done: from + n, total: planned.length });
    }
    const { command, input, actor, key } = each;
    await execute(command, input as never, { ...options, actor, idempotencyKey: key, occurredAt: timeOf(each) });
    remember(each);
  }
  await stored();
  onProgress?.({ done: planned.length, total: planned.length });
  return { status: 'made', commands: planned.length };
};

const timeOf = ({ at }: Planned) => new Date(at).toISOString();

/** When this demo organisation's history begins in the log; null for an empty one. */
const beginningOf = async (log: EventLog, seed: number): Promise<number | null | 'something else'> => {
  const { events } = await log.readAll({ after: START, limit: 1 });
  const [first] = events;
  if (!first) return null;
  return isOwn(first, seed) ? Date.parse(first.metadata.occurredAt) : 'something else';
};

const isOwn = ({ metadata }: StoredEvent, seed: number) => metadata.correlationId === correlationOf(seed);

/** Everything is stored in order, so the last command tells of all. */
const isWhole = async (log: EventLog, planned: readonly Planned[]) => {
  const last = planned.at(-1);
  if (!last) return true;
  const events = await log.readStream(streamName({ aggregate: last.command.aggregate, id: last.writes }));
  return events.some(({ metadata }) => metadata.occurredAt === timeOf(last));
};

const everythingIn = async (log: EventLog): Promise<readonly StoredEvent[]> => {
  const events: StoredEvent[] = [];
  for (let after = START, caughtUp = false; !caughtUp; ) {
    const batch = await log.readAll({ after });
    events.push(...batch.events);
    ({ cursor: after, caughtUp } = batch);
  }
  return events;
};

/** Where in the plan stands the command of the last own event; no two commands are of the same time. */
const indexOfLast = (planned: readonly Planned[], told: readonly StoredEvent[], seed: number): number => {
  const last = told.findLast((event) => isOwn(event, seed));
  return last ? planned.findIndex((each) => timeOf(each) === last.metadata.occurredAt) : 0;
};
