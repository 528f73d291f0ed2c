import { defineCommand } from 'citty';
import { Unusable } from '../app/unusable.ts';
import type { App } from '../app.ts';
import { project } from './import.ts';
import { openPhases, type Phase, type Phases } from './import-progress.ts';
import { interruption } from './interruption.ts';
import { withApp } from './with-app.ts';
import { WrongUse } from './wrong-use.ts';

const TELLING: Phase = { name: 'Telling', unit: 'commands' };
const STORING: Phase = { name: 'Storing', unit: 'events' };

export const seedCommand = defineCommand({
  meta: {
    description: 'Make up an organisation: the small demo, or one of any size; run again, it goes on where it stopped',
  },
  args: {
    members: { type: 'string', valueHint: 'N', description: 'How many people; one for twenty posts unless given' },
    posts: {
      type: 'string',
      valueHint: 'N',
      description: 'How many posts, each with some ten events; twenty a person unless given',
    },
    seed: {
      type: 'string',
      valueHint: 'S',
      default: '1',
      description: 'A number: the same one makes up the same organisation',
    },
  },
  run: async ({ args }) => {
    const seed = numberOf('seed', args.seed, 0) ?? 1;
    const size = sizeOf(numberOf('members', args.members, 1), numberOf('posts', args.posts, 1));
    const { signal } = interruption();
    const phases = openPhases();
    try {
      const said = await withApp({ projections: 'none' }, async (app) => {
        assertMadeUp(app);
        const text = size
          ? await makeLarge(app, { ...size, seed }, phases, signal)
          : await makeDemo(app, seed, phases, signal);
        await project(app, await app.log.head(), phases, signal);
        return text;
      });
      phases.close();
      process.stdout.write(`${said}\n`);
    } catch (error) {
      phases.close();
      throw signal.aborted
        ? new Unusable('Interrupted. The same command goes on where this one stopped.', error)
        : error;
    }
  },
});

const makeDemo = async (app: App, seed: number, phases: Phases, signal: AbortSignal): Promise<string> => {
  const { DEMO_MEMBER_HANDLE, seedDemo } = await import('../demo/index.ts');
  const onProgress = ({ done, total }: { done: number; total: number }) => phases.show(TELLING, done, total);
  const { status, commands } = await seedDemo(app, { seed, signal, onProgress });
  if (status === 'foreign')
    throw new Unusable(
      'This log holds something else already, and the demo organisation begins with an empty one. Another data folder (PALABRE_DATA_DIR) makes room for it; with --members or --posts a larger one is added to what is here.',
    );
  signal.throwIfAborted();
  const what =
    status === 'present'
      ? 'The demo organisation was here already'
      : `The demo organisation is here: ${commands} commands`;
  return `${what}. \`palabre token ${DEMO_MEMBER_HANDLE}\` lets you look around in it.`;
};

type Size = { readonly members: number; readonly posts: number };

const makeLarge = async (app: App, size: Size & { seed: number }, phases: Phases, signal: AbortSignal) => {
  const { seedScale } = await import('../demo/scale.ts');
  const { events, stored } = await seedScale(app, {
    ...size,
    signal,
    onProgress: ({ events, share }) =>
      phases.show(STORING, events, Math.max(events, Math.round(events / Math.max(share, 0.01)))),
  });
  signal.throwIfAborted();
  return `${size.members} people and ${size.posts} posts: ${events} events, ${stored} of them new.`;
};

const sizeOf = (members: number | null, posts: number | null): Size | null => {
  if (members === null && posts === null) return null;
  return { members: members ?? Math.max(20, Math.round((posts ?? 0) / 20)), posts: posts ?? 20 * (members ?? 0) };
};

const MOST = 100_000_000;

const numberOf = (name: string, text: string | undefined, least: number): number | null => {
  if (text === undefined) return null;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > MOST)
    throw new WrongUse(`--${name} is a whole number from ${least} up, not "${text}".`);
  return number;
};

/** What was made up can never be taken out of a log again. */
const assertMadeUp = ({ config: { issuer, isProduction } }: App) => {
  if (isProduction || issuer)
    throw new Unusable(
      `Nothing is made up in a real organisation's log; ${issuer ? 'PALABRE_AUTH_ISSUER is set' : 'this is production'}.`,
    );
};
