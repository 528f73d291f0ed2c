import type { App, AppOptions } from '../app.ts';
import { type Config, loadConfig } from '../config.ts';
import { interruption } from './interruption.ts';

/** Opens the parts, runs a verb with them and closes them again, whatever happens. Quiet unless LOG_LEVEL says otherwise. */
export const withApp = async <R>(
  options: Omit<AppOptions, 'logger'>,
  run: (app: App, signal: AbortSignal) => Promise<R>,
): Promise<R> => {
  const config = loadConfig();
  const { signal } = interruption();
  const { openApp } = await import('../app.ts');
  const app = await openApp(config, { ...options, logger: await logLinesOf(config, 'warn') });
  try {
    return await run(app, signal);
  } finally {
    await app.close();
  }
};

/** Loaded when needed, as everything that help and wrong use can do without. */
export const logLinesOf = async ({ logLevel }: Config, otherwise: string) => {
  const { openLogLines } = await import('../adapters/log-lines.ts');
  return openLogLines({ level: logLevel ?? otherwise, readable: process.stderr.isTTY === true });
};
