import type { EventLog } from './event-log.ts';
import type { Execute } from './execute.ts';
import type { ReadEvent } from './fold-event.ts';
import { createLeases, defaultLeases, type LeaseOptions } from './leases.ts';
import { endOfMany, pause } from './patience.ts';
import { type Cursor, START } from './position.ts';
import { type Process, projectionName } from './process.ts';
import { runProcess } from './process-runner.ts';
import type { ProcessStore } from './process-store.ts';
import type { ReadModels } from './read-models.ts';
import type { TableStore } from './table-store.ts';

/** `waiting`: no server runs it, or none has begun. */
export type ProcessState = 'following' | 'catching up' | 'waiting' | 'halted';

/** How a process stands, for operators. */
export type ProcessStatus = {
  readonly name: string;
  readonly state: ProcessState;
  /** The last event that it has done everything about. */
  readonly cursor: Cursor;
  readonly lagEvents: number | null;
  /** When its next timer is due, RFC 3339; null when none runs. */
  readonly nextTimerAt: string | null;
  /** Why it stands still. It goes on trying. */
  readonly fault: string | null;
  readonly owner: string | null;
};

/** The processes of one server. Several servers may have them; each runs in one at a time. */
export type Processes = {
  readonly names: readonly string[];
  /**
   * Runs them until `stop`; a process that was never here begins at the end of the log as it is when this resolves, and takes over
   * the timers that are not due yet. The read models that keep their timers must be run or followed.
   */
  run(): Promise<void>;
  stop(): Promise<void>;
  status(): Promise<ProcessStatus[]>;
};

export type ProcessesOptions = {
  readonly log: EventLog;
  readonly execute: Execute;
  readonly read: ReadEvent;
  readonly store: ProcessStore;
  readonly sessions: Pick<TableStore, 'openSession'>;
  readonly readModels: Pick<ReadModels, 'waitFor' | 'schemaOf' | 'onAdvance'>;
  readonly processes: readonly Process[];
  readonly onTrouble?: (error: unknown) => void;
  readonly leases?: LeaseOptions;
  readonly clock?: () => number;
};

const LOOK_AGAIN = 500;

const leaseOf = ({ name }: Pick<Process, 'name'>) => `process_${name}/run`;

export const createProcesses = (options: ProcessesOptions): Processes => {
  const { log, store, processes, readModels, clock = Date.now } = options;
  const names = processes.map(({ name }) => name);
  const stopping = endOfMany();
  const stop = stopping.signal;
  const onTrouble = (error: unknown) => {
    if (!stop.aborted) options.onTrouble?.(error);
  };
  const leases = createLeases(options.sessions, options.leases ?? defaultLeases, onTrouble);
  const faults = new Map<string, string>();
  const running: Promise<unknown>[] = [];

  const onFault = ({ name }: Process, fault: string | null) => {
    if (fault) faults.set(name, fault);
    else faults.delete(name);
    if (fault) onTrouble(new Error(`The process "${name}" stands still: ${fault}`));
    store.tellFault(name, fault).catch(onTrouble);
  };

  const keepRunning = async (process: Process) => {
    while (!stop.aborted) {
      const lease = await leases.wait(leaseOf(process), stop);
      if (!lease) return;
      try {
        await runProcess({ ...options, clock, onTrouble, onFault }, process, AbortSignal.any([stop, lease.lost]));
      } catch (error) {
        onTrouble(error);
        await pause(LOOK_AGAIN, stop);
      } finally {
        faults.delete(process.name);
        await leases.release(leaseOf(process));
      }
    }
  };

  return {
    names,
    async run() {
      const head = await log.head();
      for (const name of names) await store.begin(name, head, new Date(clock()));
      running.push(...processes.map(keepRunning));
    },

    async stop() {
      stopping.abort();
      await Promise.allSettled(running);
      await leases.close();
    },

    async status() {
      const [records, head] = await Promise.all([
        store.records(names, new Map(processes.map((process) => [process.name, leaseOf(process)]))),
        log.head(),
      ]);
      return Promise.all(
        processes.map(async (process): Promise<ProcessStatus> => {
          const { name } = process;
          const record = records.get(name);
          const schema = process.timers && readModels.schemaOf(projectionName(process));
          const [next] = record && schema ? await store.timers(name, schema, record, 1) : [];
          const cursor = record?.cursor ?? START;
          const fault = faults.get(name) ?? record?.fault ?? null;
          const lag = log.capabilities.densePositions ? Number(head.position - cursor.position) : null;
          const isLevel = cursor.position >= head.position;
          return {
            name,
            state: fault ? 'halted' : !record?.owner ? 'waiting' : isLevel ? 'following' : 'catching up',
            cursor,
            lagEvents: lag,
            nextTimerAt: next?.dueAt ?? null,
            fault,
            owner: record?.owner ?? null,
          };
        }),
      );
    },
  };
};
