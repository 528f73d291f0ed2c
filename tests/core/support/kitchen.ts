import { z } from 'zod';
import { openMemoryLog } from '../../../src/adapters/memory-log.ts';
import { postgresProcesses } from '../../../src/adapters/postgres-processes.ts';
import type { PostgresTables } from '../../../src/adapters/postgres-tables/index.ts';
import { createCatalogue } from '../../../src/core/catalogue.ts';
import { defineAggregate, defineCommand, SYSTEM } from '../../../src/core/decider.ts';
import { defineEvents, type Source, type StoredEvent } from '../../../src/core/event.ts';
import type { EventLog } from '../../../src/core/event-log.ts';
import { createExecute, type Execute } from '../../../src/core/execute.ts';
import { START } from '../../../src/core/position.ts';
import { call, defineProcess, order, type Process, set, stop, timersOf, wait } from '../../../src/core/process.ts';
import { createProcesses } from '../../../src/core/processes.ts';
import { Rejection } from '../../../src/core/rejection.ts';
import { claims } from '../../../src/domain/claim.ts';
import { memorySealing } from '../../support/memory-keys.ts';
import type { World } from './models.ts';

// Eggs on a stove: the smallest household in which somebody must act when nobody does.
const egg = { eggId: z.string() };
const events = defineEvents({
  EggPutOn: { version: 1, data: z.strictObject({ ...egg, doneAt: z.string() }) },
  EggTakenOut: { version: 1, data: z.strictObject(egg) },
  EggOverboiled: { version: 1, data: z.strictObject(egg) },
  CookTold: { version: 1, data: z.strictObject({ ...egg, what: z.string() }) },
  StoveFailed: { version: 1, data: z.strictObject(egg) },
});

type Egg = { readonly status: 'none' | 'on' | 'out' | 'overboiled'; readonly told: number };

const eggs = defineAggregate<Egg>()({
  category: 'egg',
  events,
  initial: { status: 'none', told: 0 },
  evolve: {
    EggPutOn: (state) => ({ ...state, status: 'on' }),
    EggTakenOut: (state) => ({ ...state, status: 'out' }),
    EggOverboiled: (state) => ({ ...state, status: 'overboiled' }),
    CookTold: (state) => ({ ...state, told: state.told + 1 }),
    StoveFailed: (state) => state,
  },
});

const id = ({ eggId }: { eggId: string }) => eggId;
const input = z.strictObject(egg);

const putOn = defineCommand({
  type: 'PutOn',
  input: z.strictObject({ ...egg, doneAt: z.string() }),
  aggregate: eggs,
  id,
  decide: (data) => [{ type: 'EggPutOn', data }],
});
const takeOut = defineCommand({
  type: 'TakeOut',
  input,
  aggregate: eggs,
  id,
  decide: (data) => [{ type: 'EggTakenOut', data }],
});
const overboil = defineCommand({
  type: 'Overboil',
  input,
  aggregate: eggs,
  id,
  decide: (data, { status }) => {
    if (data.eggId.startsWith('ostrich')) throw new Rejection('TOO_LARGE', 'Such an egg never boils over.');
    return status === 'on' ? [{ type: 'EggOverboiled', data }] : [];
  },
});
const tell = defineCommand({
  type: 'Tell',
  input: z.strictObject({ ...egg, what: z.string() }),
  aggregate: eggs,
  id,
  decide: (data) => [{ type: 'CookTold', data }],
});

const fail = defineCommand({
  type: 'FailStove',
  input,
  aggregate: eggs,
  id,
  decide: (data) => [{ type: 'StoveFailed', data }],
});

type Watch = { name?: string; version?: number; sources?: readonly Source[]; answersRejections?: boolean };

/** Lets an egg boil over when its time has come, and tells the cook at once that it is on. */
export const eggWatch = ({ name = 'eggs', version = 1, sources, answersRejections = true }: Watch = {}): Process =>
  defineProcess<typeof events>()({
    name,
    version,
    ...(sources && { sources }),
    commands: [overboil, tell],
    timers: {
      EggPutOn: ({ eggId, doneAt }) => [
        set(eggId, doneAt, order(overboil, { eggId })),
        wait(`raw/${eggId}`, 'no heat', order(tell, { eggId, what: 'raw' })),
      ],
      EggTakenOut: ({ eggId }) => [stop(eggId), stop(`raw/${eggId}`)],
      StoveFailed: () => [call('no heat')],
      EggOverboiled: ({ eggId }) => [stop(eggId)],
    },
    reactions: { EggPutOn: ({ eggId }) => [order(tell, { eggId, what: 'on' })] },
    onRejected: ({ input }, { code }) =>
      answersRejections ? order(tell, { eggId: (input as { eggId: string }).eggId, what: code }) : null,
  });

type Server = {
  readonly process?: Process;
  readonly clock?: () => number;
  readonly execute?: (execute: Execute) => Execute;
  readonly store?: (store: PostgresTables) => PostgresTables;
};

/** A log of its own in a database of many, and any number of servers that watch over its eggs. */
export const openKitchen = async (world: World, name: string) => {
  const log = await openMemoryLog();
  const sealing = await memorySealing();
  const catalogue = createCatalogue(events, sealing);
  const tools = { sealing, catalogue, claims: { aggregates: claims, abandonment: () => null } };
  const executeOn = (log: EventLog) => createExecute({ log, ...tools });
  const execute = executeOn(log);
  const as = (source: Source = 'NATIVE') => ({ actor: SYSTEM, source });
  const running = new Set<() => Promise<void>>();

  return {
    name,
    pool: world.pool,
    putOn: (eggId: string, doneAt: number, source?: Source) =>
      execute(putOn, { eggId, doneAt: new Date(doneAt).toISOString() }, as(source)),
    takeOut: (eggId: string, source?: Source) => execute(takeOut, { eggId }, as(source)),
    /** Every egg that is still on stays raw. */
    failStove: (source?: Source) => execute(fail, { eggId: 'stove' }, as(source)),
    /** What stands in the log, as `type`. */
    happened: async (): Promise<readonly StoredEvent[]> => (await log.readAll({ after: START })).events,

    async server({
      process = eggWatch({ name }),
      clock,
      execute: wrap = (same) => same,
      store: wrapStore = (s) => s,
    }: Server = {}) {
      const timers = timersOf(process);
      const {
        models,
        store,
        troubles,
        end: endModels,
      } = world.process({
        log,
        projections: timers ? [timers] : [],
        read: catalogue.read,
      });
      await models.run();
      const processes = createProcesses({
        log,
        execute: wrap(executeOn(log)),
        read: catalogue.read,
        store: postgresProcesses(store.pool),
        sessions: wrapStore(store),
        readModels: models,
        processes: [process],
        leases: { seconds: 15, askEvery: 20 },
        onTrouble: (error) => troubles.push(error),
        ...(clock && { clock }),
      });
      await processes.run();
      const end = async () => {
        running.delete(end);
        await processes.stop();
        await endModels();
      };
      running.add(end);
      return { models, processes, store, troubles, end };
    },

    async close() {
      await Promise.all([...running].map((end) => end()));
      await log.close();
    },
  };
};

export type Kitchen = Awaited<ReturnType<typeof openKitchen>>;
