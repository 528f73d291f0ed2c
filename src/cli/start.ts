import { createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { defineCommand } from 'citty';
import { Unusable } from '../app/unusable.ts';
import type { App } from '../app.ts';
import { assertServable, type Config, loadConfig } from '../config.ts';
import { openPhases, type Phase } from './import-progress.ts';
import { interruption } from './interruption.ts';
import { openProgress, progressLines } from './progress.ts';
import { logLinesOf } from './with-app.ts';

export const startCommand = defineCommand({
  meta: { description: 'Serve GraphQL and keep the read models level with the log, until Ctrl-C' },
  args: {
    demo: {
      type: 'boolean',
      default: true,
      negativeDescription: 'Leave an empty log empty',
      description: 'Fill an empty log with a small demo organisation',
    },
  },
  run: async ({ args: { demo } }) => {
    const config = loadConfig();
    assertServable(config);
    setFlagsFromString(SMALL_HEAP);
    const { signal, asked } = interruption();
    await assertFree(config);
    const [{ openApp }, { openServer }] = await Promise.all([import('../app.ts'), import('../server.ts')]);
    const logger = await logLinesOf(config, 'info');
    // graphql-js gives an answer as soon as one item of a list has failed: what the others fail with later is nobody's any more. Nothing
    // of that kind is a reason to end everything else.
    process.on('unhandledRejection', (error) =>
      logger.error({ err: error }, 'A promise failed that nobody waited for.'),
    );
    const app = await openApp(config, { projections: 'none', logger });
    try {
      if (demo && config.isDemo) await makeDemo(app, signal);
      if (signal.aborted) return;
      // Before anything is built: whoever asks is told that it lives, and how far it is.
      const server = await openServer(app);
      // Words for whoever tries it out; what runs unattended says everything in lines of the log.
      const isRead = process.stdout.isTTY || config.isDemo;
      try {
        app.logger.info({ url: server.url }, 'The server listens.');
        await build(app, signal);
        if (signal.aborted) return;
        app.logger.info({ url: server.url }, 'The server is ready.');
        // What is not read on a terminal may be kept in a file: a token has no place there.
        if (isRead)
          process.stdout.write(welcome(server.url, process.stdout.isTTY ? server.token : null, config.isDemo));
        await asked;
        app.logger.info('The server stops.');
        if (isRead) process.stdout.write('Stopping.\n');
      } finally {
        await server.close();
      }
    } finally {
      await app.close();
    }
  },
});

/**
 * The heap is collected once it is by so much larger than what was alive in it. Left alone, V8 waits until it is several times as
 * large where the machine has memory: after minutes of load a server would hold a gigabyte, most of it garbage. Less than this
 * costs more than it saves: each collection takes half a second of a processor that others wait for.
 */
const SMALL_HEAP = '--heap-growing-percent=70';

/** Builds what is missing, and tells how far it is: a bar on a terminal, a line of the log every few seconds elsewhere. */
const build = async (app: App, signal: AbortSignal) => {
  const display = process.stderr.isTTY ? openProgress('Building the read models') : progressLines(app.logger);
  try {
    await app.run({ signal, onProgress: display.show });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    display.close();
  }
};

const DEMO: Phase = { name: 'Making a demo organisation', unit: 'commands' };

/**
 * A demo that was cut off is gone on with; a log that holds something else is left as it is. Nothing projects meanwhile: the
 * read models are built from the whole in one go, which costs less than following every commit.
 */
const makeDemo = async (app: App, signal: AbortSignal) => {
  const { seedDemo } = await import('../demo/index.ts');
  const phases = openPhases();
  try {
    await seedDemo(app, { signal, onProgress: ({ done, total }) => phases.show(DEMO, done, total) });
  } finally {
    phases.close();
  }
};

const welcome = (url: string, token: string | null, isDemo: boolean) =>
  [
    '',
    `  GraphQL    ${url}/graphql${isDemo ? '   (GraphiQL in a browser)' : ''}`,
    `  Health     ${url}/health`,
    ...(token ? ['', '  A token for the first requests, good for a day:', '', `  ${token}`] : []),
    ...(isDemo && !token ? ['  A token   npx palabre token --role admin'] : []),
    '',
    '',
  ].join('\n');

/** Said before anything is opened: a demo organisation takes a moment to make. */
const assertFree = ({ http: { host, port } }: Config) =>
  new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      reject(new Unusable(addressFault(code, message, host, port))),
    );
    probe.listen(port, host, () => probe.close(() => resolve()));
  });

const addressFault = (code: string | undefined, message: string, host: string, port: number) => {
  if (code === 'EADDRINUSE')
    return `Port ${port} of ${host} is taken: stop what listens there, or set PORT to another one (0 takes any).`;
  if (code === 'EACCES') return `This user may not listen on port ${port} of ${host}: set PORT to one above 1023.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `This machine has no address ${host}: set HOST to one of its own.`;
  return `Nothing can listen on ${host}:${port}: ${message}.`;
};
