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
        'skip-invalid': {
          type: 'boolean',
          description: 'Leave out rows that are wrong, and list each of them, instead of refusing the whole archive',
        },
        'protected-history': {
          type: 'boolean',
          description:
            'Import private channels whose members see only what was said after they joined: here they see all of it',
        },
      },
      run: async ({ args }) => {
        const { signal } = interruption();
        const phases = openPhases();
        const began = performance.now();
        try {
          const report = await importing(args.path, phases, signal, {
            skipInvalid: args['skip-invalid'] === true,
            protectedHistory: args['protected-history'] === true,
          });
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
const importing = async (
  path: string,
  phases: Phases,
  signal: AbortSignal,
  choices: { readonly skipInvalid: boolean; readonly protectedHistory: boolean },
): Promise<ImportReport> => {
  const { readZulipArchive } = await import('../adapters/zulip-archive/index.ts');
  const archive = await readZulipArchive(path, {
    ...choices,
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
 * less than following every commit. What is done says how many rows there are, so that figures are computed by good plans at once.
 */
export const project = async (
  { readModels, tables }: Pick<App, 'readModels' | 'tables'>,
  last: Cursor,
  phases: Phases,
  signal: AbortSignal,
) => {
  const total = Number(last.position);
  const { names } = readModels;
  let furthest = 0;
  // Read models are built and followed in turns, each from a place of its own: what is shown never goes back.
  const show = (events: number) => {
    furthest = Math.max(furthest, Math.min(events, total));
    const level = names.filter((name) => readModels.watermark(name).position >= last.position).length;
    phases.show(PROJECTING, furthest, total, `${level} of ${names.length} read models level`);
  };
  const reached = () => Math.min(...names.map((name) => Number(readModels.watermark(name).position)));
  // What was never there is built first, all together; what was is brought level from where it stands.
  await readModels.run({ signal, onProgress: ({ events }) => show(events) });
  const stopShowing = readModels.onAdvance(() => show(reached()));
  const waited = await readModels.waitFor(names, last, { timeoutMs: LONG, signal });
  stopShowing();
  signal.throwIfAborted();
  show(reached());
  if (waited === 'halted')
    throw new Unusable('All is stored, but a read model stands still: see `palabre projections status`.');
  await tables.analyse(names);
};

/** Longer than any timer of the runtime can be set is not needed: the display shows that it goes on. */
const LONG = 2 ** 31 - 1;

const reportText = (
  { organisation, stored, present, leftOut, invalid, events }: ImportReport,
  seconds: number,
): string => {
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
      notes.length + invalid.length > 0
        ? 'Not imported, or not as it was:\n'
        : 'All that the archive holds was imported.\n',
      notes.length > 0 ? columnsOf([['', '', ''], ...notes]).trimStart() : '',
      ...(invalid.length > 0 ? [`${invalid.length} rows were left out because they are wrong:\n`, ...invalid, ''] : []),
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
  'names changed',
  'texts edited',
  'communities made private',
  'memberships ended',
  'communities archived',
];

/** Names come from the archive: they may not steer the terminal. */
const plain = (text: string) => text.replace(/(?!\n)\p{Cc}/gu, '');

const explained = (error: unknown, signal: AbortSignal): unknown => {
  if (signal.aborted)
    return new Unusable('Interrupted. What was stored stays; the same import goes on from there.', error);
  const { name, message } = error as Error;
  return name === 'ArchiveFault' || name === 'ImportInterrupted' ? new Unusable(plain(message), error) : error;
};
