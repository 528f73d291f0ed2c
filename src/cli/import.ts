import { defineCommand } from 'citty';
import { Unusable } from '../app/unusable.ts';
import type { App } from '../app.ts';
import type { Cursor } from '../core/position.ts';
import type { ImportReport, Noun } from '../imports/zulip.ts';
import { columnsOf } from './columns.ts';
import { openPhases, type Phase, type Phases } from './import-progress.ts';
import { interruption } from './interruption.ts';
import { withApp } from './with-app.ts';

const READING: Phase = { name: 'Reading', unit: 'KiB', per: 1024 };
const COMPARING: Phase = { name: 'Comparing', unit: 'events' };
const STORING: Phase = { name: 'Storing', unit: 'messages' };
const PROJECTING: Phase = { name: 'Projecting', unit: 'events' };

export const importCommand = defineCommand({
  meta: { description: 'Take in what another platform exported; run again, it adds only what is new' },
  subCommands: {
    zulip: defineCommand({
      meta: { description: 'A Zulip organisation export; can be interrupted and run again, also beside a server' },
      args: {
        path: { type: 'positional', required: true, description: 'The .tar.gz, or the folder unpacked from it' },
      },
      run: async ({ args: { path } }) => {
        const { signal } = interruption();
        const phases = openPhases();
        const began = performance.now();
        try {
          const report = await importing(path, phases, signal);
          phases.close();
          process.stdout.write(reportText(report, (performance.now() - began) / 1_000));
        } catch (error) {
          phases.close();
          throw explained(error, signal);
        }
      },
    }),
  },
});

/** The archive is read whole before the database is opened: what is wrong with it is said at once, and nothing was changed. */
const importing = async (path: string, phases: Phases, signal: AbortSignal): Promise<ImportReport> => {
  const { readZulipArchive } = await import('../adapters/zulip-archive/index.ts');
  const archive = await readZulipArchive(path, {
    signal,
    onProgress: (done, total) => phases.show(READING, done, total),
  });
  const { importZulip } = await import('../imports/zulip.ts');
  return withApp({ projections: 'none' }, async (app) => {
    const report = await importZulip(app, archive, {
      signal,
      onProgress: (phase, done, total) => phases.show(phase === 'storing' ? STORING : COMPARING, done, total),
    });
    await project(app, report.last, phases, signal);
    return report;
  });
};

/**
 * Read models are brought level afterwards, in few large batches, unless a server beside does it meanwhile: that costs
 * less than following every commit.
 */
export const project = async ({ readModels }: App, last: Cursor, phases: Phases, signal: AbortSignal) => {
  const total = Number(last.position);
  const reached = () => Math.min(...readModels.names.map((name) => Number(readModels.watermark(name).position)));
  const show = () => phases.show(PROJECTING, Math.min(reached(), total), total);
  // What was never there is built first, all together; what was is brought level from where it stands.
  await readModels.run({
    signal,
    onProgress: ({ events }) => phases.show(PROJECTING, Math.min(events, total), total),
  });
  const stopShowing = readModels.onAdvance(show);
  const waited = await readModels.waitFor(readModels.names, last, { timeoutMs: LONG, signal });
  stopShowing();
  signal.throwIfAborted();
  show();
  if (waited === 'halted')
    throw new Unusable('All is stored, but a read model stands still: see `palabre projections status`.');
};

/** Longer than any timer of the runtime can be set is not needed: the display shows that it goes on. */
const LONG = 2 ** 31 - 1;

const reportText = ({ organisation, stored, present, leftOut, events }: ImportReport, seconds: number): string => {
  const nouns = NOUNS.filter((noun) => stored.has(noun) || present.has(noun));
  const counts = nouns.map((noun) => [noun, String(stored.get(noun) ?? 0), String(present.get(noun) ?? 0)]);
  const messages = (stored.get('posts') ?? 0) + (stored.get('comments') ?? 0);
  const rate = messages > 0 ? `, ${Math.round(messages / seconds)} messages/s` : '';
  const notes = leftOut.map(({ what, count, why }) => [String(count), what, why]);
  return plain(
    [
      `${organisation}: ${events} events in ${seconds.toFixed(1)} s${rate}.`,
      '',
      columnsOf([['', 'imported', 'there already'], ...counts]),
      notes.length > 0 ? 'Not imported, or not as it was:\n' : 'All that the archive holds was imported.\n',
      notes.length > 0 ? columnsOf([['', '', ''], ...notes]).trimStart() : '',
    ].join('\n'),
  );
};

const NOUNS: readonly Noun[] = [
  'organisation names',
  'members',
  'service accounts',
  'communities',
  'memberships',
  'posts',
  'comments',
  'marks as resolved',
  'reactions',
];

/** Names come from the archive: they may not steer the terminal. */
const plain = (text: string) => text.replace(/(?!\n)\p{Cc}/gu, '');

const explained = (error: unknown, signal: AbortSignal): unknown => {
  if (signal.aborted)
    return new Unusable('Interrupted. What was stored stays; the same import goes on from there.', error);
  const { name, message } = error as Error;
  return name === 'ArchiveFault' || name === 'ImportInterrupted' ? new Unusable(plain(message), error) : error;
};
