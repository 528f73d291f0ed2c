import { defineCommand } from 'citty';
import type { App } from '../app.ts';
import type { ProcessStatus } from '../core/processes.ts';
import type { ProjectionStatus } from '../core/read-models.ts';
import type { Progress } from '../core/rebuild.ts';
import { standsStill } from '../core/status.ts';
import type { Proof } from '../core/verify.ts';
import { columnsOf } from './columns.ts';
import { openProgress } from './progress.ts';
import { MANY } from './usage.ts';
import { withApp } from './with-app.ts';
import { WrongUse } from './wrong-use.ts';

const args = {
  names: { type: 'positional', required: false, valueHint: MANY, description: 'Which of them; all without' },
} as const;

export const projectionsCommand = defineCommand({
  meta: { description: 'The read models: how they stand, made anew, proven' },
  subCommands: {
    status: defineCommand({
      meta: { description: 'How far each is, and where one stands still; exit code 1 then' },
      args,
      run: ({ args: { _: given } }) =>
        withApp({ projections: 'follow', masterKey: 'spared' }, async (app) => {
          const names = namesIn(app, given);
          const standings = (await app.readModels.status()).filter(({ name }) => names.includes(name));
          process.stdout.write(projectionTable(standings));
          const acting = given.length > 0 ? [] : await app.processes.status();
          process.stdout.write(processTable(acting));
          const halted = [...standings, ...acting].filter(standsStill);
          for (const { name, fault } of halted) process.stdout.write(`\n${name} stands still: ${fault}\n`);
          return halted.length > 0 ? 1 : 0;
        }),
    }),

    rebuild: defineCommand({
      meta: { description: 'Make them anew beside the old ones, which are served until the new ones are level' },
      args,
      run: ({ args: { _: given } }) =>
        withApp({ projections: 'follow', masterKey: 'spared' }, async (app, signal) => {
          const names = namesIn(app, given);
          const failures = await withProgress('Rebuilding', (onProgress) =>
            app.readModels.rebuild(names, { onProgress, signal }),
          );
          for (const name of names) {
            const failure = failures.get(name);
            process.stdout.write(failure ? `${name}  failed: ${failure.message}\n` : `${name}  rebuilt\n`);
          }
          return failures.size > 0 ? 1 : 0;
        }),
    }),

    verify: defineCommand({
      meta: { description: 'Prove that they are what the log says: exit code 1 if one differs or stands still' },
      args,
      run: ({ args: { _: given } }) =>
        withApp({ projections: 'follow', masterKey: 'spared' }, async (app, signal) => {
          const names = namesIn(app, given);
          const proofs = await withProgress('Verifying', (onProgress) =>
            app.readModels.verify(names, { onProgress, signal }),
          );
          const halted = (await app.readModels.status()).filter(standsStill);
          for (const proof of proofs) process.stdout.write(describeProof(proof));
          for (const { name, fault } of halted) process.stdout.write(`${name}  stands still: ${fault}\n`);
          return proofs.every(({ equal }) => equal) && halted.length === 0 ? 0 : 1;
        }),
    }),
  },
});

/** All projections for no words; throws for a word that names none. */
const namesIn = ({ readModels: { names } }: App, given: readonly string[]): readonly string[] => {
  const unknown = given.find((name) => !names.includes(name));
  if (unknown) throw new WrongUse(`there is no projection "${unknown}"; there is ${names.join(', ')}.`);
  return given.length > 0 ? [...new Set(given)] : names;
};

/** How projections stand, one a line. */
export const projectionTable = (standings: readonly ProjectionStatus[]): string =>
  columnsOf([
    ['projection', 'version', 'state', 'behind', 'missed'],
    ...standings.map(({ name, version, state, lagEvents, lagSeconds, missed }) => [
      name,
      String(version),
      state,
      `${lagEvents ?? '?'} events, ${Math.round(lagSeconds)} s`,
      String(missed),
    ]),
  ]);

/** How processes stand, one a line; nothing where there are none. */
export const processTable = (standings: readonly ProcessStatus[]): string =>
  standings.length === 0
    ? ''
    : `\n${columnsOf([
        ['process', 'state', 'behind', 'next timer'],
        ...standings.map(({ name, state, lagEvents, nextTimerAt }) => [
          name,
          state,
          `${lagEvents ?? '?'} events`,
          nextTimerAt ?? '–',
        ]),
      ])}`;

const withProgress = async <R>(what: string, run: (onProgress: (progress: Progress) => void) => Promise<R>) => {
  const display = openProgress(what);
  try {
    return await run(display.show);
  } finally {
    display.close();
  }
};

const describeProof = ({ projection, equal, tables, error }: Proof): string => {
  if (error) return `${projection}  not proven: ${error}\n`;
  const rows = tables.reduce((sum, { live }) => sum + (live?.rows ?? 0), 0);
  if (equal) return `${projection}  equal: ${tables.length} tables, ${rows} rows\n`;
  const differing = tables.filter((table) => !table.equal);
  return differing
    .map(
      ({ table, live, rebuilt }) =>
        `${projection}  DIFFERS in ${table}: ${live?.rows ?? 0} rows live, ${rebuilt?.rows ?? 0} rebuilt\n`,
    )
    .join('');
};
