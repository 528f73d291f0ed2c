import { defineCommand } from 'citty';
import { loadConfig } from '../config.ts';
import type { CopyPhase } from '../core/log-copy.ts';
import { interruption } from './interruption.ts';
import { logLinesOf } from './with-app.ts';

const args = {
  from: { type: 'string', required: true, valueHint: 'url', description: 'postgres://…, kurrentdb://…, or embedded' },
  to: {
    type: 'string',
    required: true,
    valueHint: 'url',
    description: 'The other: postgres://…, kurrentdb://…, or embedded',
  },
} as const;

const PHASES: Record<CopyPhase, string> = {
  'comparing what is there': 'Comparing what is there',
  copying: 'Copying',
  'copying the rest': 'Copying the rest; nothing can be written meanwhile',
  'comparing all': 'Comparing every event',
};

const EVERY_MS = 2_000;

/** Lines on the error stream: at the beginning of each phase, then now and then. A log may not know how long it is. */
const openTelling = (stream: NodeJS.WriteStream = process.stderr) => {
  let current: { readonly phase: CopyPhase; readonly began: number; readonly from: number } | undefined;
  let told = 0;
  return (phase: CopyPhase, events: number) => {
    const now = performance.now();
    if (current?.phase !== phase) current = { phase, began: now, from: events };
    else if (now - told < EVERY_MS) return;
    told = now;
    const rate = Math.round(((events - current.from) / Math.max(1, now - current.began)) * 1_000);
    stream.write(`${PHASES[phase]}: ${events} events${rate > 0 ? `, ${rate}/s` : ''}\n`);
  };
};

export const logCommand = defineCommand({
  meta: {
    description: 'Where the log stands: move it between Postgres and KurrentDB, and prove that two are the same',
  },
  subCommands: {
    copy: defineCommand({
      meta: {
        description: 'Move the log: copy it while it goes on, close it for the rest, compare every event, move over',
      },
      args,
      run: async ({ args: { from, to } }) => {
        const { moveLog } = await import('../app/log-move.ts');
        const config = loadConfig();
        const { signal } = interruption();
        const tell = openTelling();
        const done = await moveLog(config, {
          ...{ from, to, signal },
          logger: await logLinesOf(config, 'warn'),
          onProgress: ({ phase, events }) => tell(phase, events),
        });
        process.stdout.write(
          `${done.events} events moved and compared: the log ${done.logId} now stands at the target as incarnation ` +
            `${done.incarnation}.\n${done.next}\n`,
        );
        return 0;
      },
    }),

    verify: defineCommand({
      meta: { description: 'Compare two logs event by event; exit code 1 if they differ' },
      args,
      run: async ({ args: { from, to } }) => {
        const { verifyLogs } = await import('../app/log-move.ts');
        const config = loadConfig();
        const { signal } = interruption();
        const tell = openTelling();
        const { events, difference } = await verifyLogs(config, {
          ...{ from, to, signal },
          logger: await logLinesOf(config, 'warn'),
          onEvents: (count) => tell('comparing all', count),
        });
        process.stdout.write(difference ? `${difference}\n` : `${events} events, the same in both.\n`);
        return difference ? 1 : 0;
      },
    }),
  },
});
