import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Catalogue } from '../core/catalogue.ts';
import { streamName } from '../core/decider.ts';
import type { EventMetadata } from '../core/event.ts';
import type { AppendOutcome, AppendRequest, EventLog } from '../core/event-log.ts';
import { eventIdOf } from '../core/ids.ts';
import type { Cursor } from '../core/position.ts';
import type { Sealing } from '../core/sealing.ts';
import type { Draft, Noun } from './draft.ts';

export type AppendTools = { readonly log: EventLog; readonly catalogue: Catalogue; readonly sealing: Sealing };

/** What became of drafts: stored now, or there already. */
export type Appended = {
  readonly stored: ReadonlyMap<Noun, number>;
  readonly present: ReadonlyMap<Noun, number>;
  /** Drafts whose stream was not as expected. */
  readonly conflicts: number;
  readonly events: number;
  readonly last: Cursor | null;
};

type Options = {
  /** What all events of the import are correlated by. */
  readonly scope: string;
  readonly signal?: AbortSignal | undefined;
  readonly onAppended?: (drafts: readonly Draft[]) => void;
};

/** One call to the log. It cuts it into batches of its own; a large call keeps it busy while the next one is sealed. */
const CALL = 2_000;
/** Sealed in one go, so that the log's own work gets its turn in between. */
const SLICE = 100;
const PATIENCE_MS = 60_000;
const PAUSE_MS = 250;

/**
 * Seals and appends drafts in their order: one call to the log at a time, the next one sealed meanwhile. When the signal
 * aborts, what is on its way is settled first. Throws for a draft that the log refuses, naming where it comes from.
 */
export const appendDrafts = async (
  tools: AppendTools,
  drafts: Iterable<Draft>,
  { scope, signal, onAppended }: Options,
): Promise<Appended> => {
  const result = { stored: new Map<Noun, number>(), present: new Map<Noun, number>(), conflicts: 0, events: 0 };
  let last: Cursor | null = null;

  const send = async (call: readonly Draft[], requests: readonly AppendRequest[]) => {
    for (const [index, outcome] of (await settle(tools.log, requests)).entries()) {
      const draft = call[index];
      if (!draft) continue;
      if (outcome.status === 'appended') {
        count(result.stored, draft);
        result.events += draft.events.length;
        last = outcome.last;
      } else {
        assertThere(outcome, draft);
        count(result.present, draft);
        if (outcome.status === 'conflict') result.conflicts += 1;
      }
    }
    onAppended?.(call);
  };

  let sending: Promise<void> = Promise.resolve();
  for (const call of inCalls(drafts)) {
    const requests: AppendRequest[] = [];
    const failed = sending.then(
      () => false,
      () => true,
    );
    for (let at = 0; at < call.length; at += SLICE) {
      requests.push(...(await sealed(tools, call.slice(at, at + SLICE), scope)));
      await nextTurn();
    }
    if (await failed) break;
    signal?.throwIfAborted();
    sending = send(call, requests);
  }
  await sending;
  return { ...result, last };
};

const inCalls = function* (drafts: Iterable<Draft>): Iterable<readonly Draft[]> {
  let call: Draft[] = [];
  for (const draft of drafts) {
    call.push(draft);
    if (call.length < CALL) continue;
    yield call;
    call = [];
  }
  if (call.length > 0) yield call;
};

/** Keys first, committed; then sealed under them. */
const sealed = async ({ catalogue, sealing }: AppendTools, drafts: readonly Draft[], scope: string) => {
  await sealing.prepare(drafts.flatMap(({ events }) => events.flatMap((event) => catalogue.subject(event) ?? [])));
  return drafts.map(({ to, expected, commandId, actor, at, events }): AppendRequest => {
    const stream = streamName(to);
    const inputHash = sealing.hash('input', JSON.stringify(events));
    const metadata: EventMetadata = {
      actor,
      occurredAt: new Date(at).toISOString(),
      commandId,
      inputHash,
      correlationId: scope,
      causationId: commandId,
      source: 'IMPORT',
    };
    const written = events.map((event, n) =>
      catalogue.write(event, { id: eventIdOf(commandId, stream, n), stream, metadata }),
    );
    return { commandId, inputHash, stream, expected, events: written };
  });
};

/** Sends a call until every append has a definite answer. What was answered is not sent again. */
const settle = async (log: EventLog, requests: readonly AppendRequest[]): Promise<readonly AppendOutcome[]> => {
  const outcomes = await log.append(requests);
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const open = outcomes.flatMap(({ status }, index) => (status === 'unknown' ? [index] : []));
    if (open.length === 0) return outcomes;
    if (Date.now() > deadline)
      throw new ImportInterrupted('The database gives no answer: run the import again, it goes on where it stopped.');
    await sleep(PAUSE_MS);
    const again = await log.append(open.flatMap((index) => requests[index] ?? []));
    for (const [n, index] of open.entries()) outcomes[index] = again[n] ?? outcomes[index] ?? NO_ANSWER;
  }
};

const NO_ANSWER: AppendOutcome = { status: 'unknown', message: 'The log settled fewer appends than it was given.' };

/** The import stopped before its end; what it stored stays, and the same import goes on from there. */
export class ImportInterrupted extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ImportInterrupted';
  }
}

/** A stream that is not new, or a command known with another text: both say that it is there already. */
const assertThere = (outcome: AppendOutcome, { origin, expected }: Draft) => {
  if (outcome.status === 'conflict' && expected === 'exists')
    throw new ImportInterrupted(`Nothing stands where ${origin} belongs: run the import again, it goes on from here.`);
  if (outcome.status !== 'refused' || outcome.code === 'IDEMPOTENCY_KEY_REUSED') return;
  throw new ImportInterrupted(`The log refuses ${origin}: ${outcome.message} What was imported before it stays.`);
};

/** Each of its events is one of what it is called: somebody's reactions to a message are appended together. */
const count = (counts: Map<Noun, number>, { noun, events }: Draft) =>
  counts.set(noun, (counts.get(noun) ?? 0) + events.length);
