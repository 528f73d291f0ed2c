import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredEvent } from '../../core/event.ts';
import { CopyFault, type CopySource, type CopyTarget } from '../../core/log-copy.ts';
import type { LogIdentity } from '../../core/position.ts';
import { type Logger, silent } from '../postgres-log/logger.ts';
import type { StorableEvent } from '../storable.ts';
import { attempt } from './attempt.ts';
import { heedOrphans, loadKurrent, probe } from './client.ts';
import { explainStart, KurrentFault } from './faults.ts';
import { createGate } from './gate.ts';
import { createIdentity, type LogState } from './identity.ts';
import type { KurrentSettings } from './index.ts';
import { createReader } from './reader.ts';
import { namesIn, toProposed } from './stored.ts';

export type KurrentCopying = {
  /** Undefined where there is no log yet. */
  state(): Promise<LogState | undefined>;
  source(): Promise<CopySource>;
  readonly target: CopyTarget & { /** Lets the target be used. */ open(identity: LogIdentity): Promise<void> };
  close(): Promise<void>;
};

type Options = KurrentSettings & {
  readonly logger?: Logger;
  readonly patience?: number;
  /** How long after a log was closed an append may still be on its way to it, in milliseconds. */
  readonly grace?: number;
};

const PATIENCE = 10_000;
/** Servers hear of the closing by their subscription, and give up on an append after their own patience. */
const GRACE = 15_000;
const MAX_EVENTS = 500;
const MAX_BYTES = 768 * 1024;

/** An event of the source with the JSON of its parts. */
type Written = StorableEvent & { readonly event: StoredEvent };

/** A log on a KurrentDB as one end of a copy. */
export const openKurrentCopying = async (options: Options): Promise<KurrentCopying> => {
  const { logger = silent, patience = PATIENCE, grace = GRACE, address } = options;
  const names = namesIn(options.namespace);
  const kurrent = await loadKurrent();
  const stopHeeding = heedOrphans(logger);
  const connection = kurrent.connect(options.connectionString);
  const reader = createReader({ kurrent, connection, names, address, patience });
  const identities = createIdentity({ connection, reader, stream: names.identity, patience });
  const gate = createGate();
  const close = async () => {
    await connection.close();
    stopHeeding();
  };

  const ask = () => probe(connection.client(), kurrent.filter({ prefixes: [names.prefix] }));
  try {
    await identities.read();
  } catch (error) {
    await close();
    if (error instanceof KurrentFault) throw error;
    throw new KurrentFault(await explainStart((error as { cause?: unknown }).cause ?? error, address, ask), error);
  }

  const readable = {
    readAll: ({ after, limit = 1_000, filter }: Parameters<CopySource['readAll']>[0]) =>
      reader.all(after, limit, filter?.types),
    head: reader.head,
  };

  const append = async (run: readonly Written[], bytes: number) => {
    const [first] = run.map(({ event }) => event);
    if (!first) return;
    const answer = await attempt(
      { connection, gate, logger, address, patience },
      {
        stream: names.of(first.stream),
        events: run.map((written) => toProposed(written, written.event.recordedAt)),
        expected: first.revision - 1,
        bytes,
        release: await gate.enter(bytes),
      },
    );
    if (answer.answer === 'written' && answer.revision === first.revision + run.length - 1) return;
    if (answer.answer === 'unknown')
      throw new CopyFault(`The KurrentDB at ${address} gives no answer: run the copy again, it goes on from here.`);
    throw new CopyFault(
      `The stream "${names.of(first.stream)}" at ${address} is not as the copy left it (${answer.answer}): somebody else wrote there.`,
    );
  };

  const target: KurrentCopying['target'] = {
    ...readable,
    begin: async (source, identity) => {
      const standing = await identities.read();
      if (standing && standing.logId !== source.logId)
        throw new CopyFault(`The KurrentDB at ${address} holds another log (${standing.logId}): name an empty one.`);
      if (standing?.state === 'open')
        throw new CopyFault(
          `The KurrentDB at ${address} holds this log as incarnation ${standing.incarnation}, and it is in use: nothing is to be copied.`,
        );
      if (!standing && (await reader.head()).position > 0n)
        throw new CopyFault(`The KurrentDB at ${address} holds events under "${names.prefix}" that name no log.`);
      await identities.set({ ...identity, state: 'filling' });
    },
    store: async (events) => {
      let run: Written[] = [];
      let bytes = 0;
      for (const event of events) {
        const written = { event, data: JSON.stringify(event.data), metadata: JSON.stringify(event.metadata) };
        const size = Buffer.byteLength(written.data) + Buffer.byteLength(written.metadata);
        const goesOn =
          run.at(-1)?.event.stream === event.stream && run.length < MAX_EVENTS && bytes + size <= MAX_BYTES;
        if (!goesOn) {
          // One at a time: their order in the log is the order in which they were sent.
          await append(run, bytes);
          [run, bytes] = [[], 0];
        }
        run.push(written);
        bytes += size;
      }
      await append(run, bytes);
    },
    open: (identity) => identities.set({ ...identity, state: 'open' }),
  };

  return {
    state: identities.read,
    target,
    close,
    source: async () => {
      const standing = await identities.read();
      if (!standing) throw new CopyFault(`The KurrentDB at ${address} holds no log under "${names.prefix}".`);
      if (standing.state === 'filling')
        throw new CopyFault(`The log on the KurrentDB at ${address} is an unfinished copy: finish that first.`);
      const { logId, incarnation } = standing;
      return {
        ...readable,
        identity: { logId, incarnation },
        closeToAppends: async () => {
          await identities.set({ logId, incarnation, state: 'closed' });
          await sleep(grace);
        },
        openToAppends: () => identities.set({ logId, incarnation, state: 'open' }),
      };
    },
  };
};
