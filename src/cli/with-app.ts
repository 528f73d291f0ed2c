import { openLogLines } from '../adapters/log-lines.ts';
import { type App, type AppOptions, openApp } from '../app.ts';
import { type Config, loadConfig } from '../config.ts';
import { interruption } from './interruption.ts';

/** Opens the parts, runs a verb with them and closes them again, whatever happens. Quiet unless LOG_LEVEL says otherwise. */
export const withApp = async <R>(
  options: Omit<AppOptions, 'logger'>,
  run: (app: App, signal: AbortSignal) => Promise<R>,
): Promise<R> => {
  const config = loadConfig();
  const { signal } = interruption();
  const app = await openApp(config, { ...options, logger: logLinesOf(config, 'warn') });
  try {
    return await run(app, signal);
  } finally {
    await app.close();
  }
};

export const logLinesOf = ({ logLevel }: Config, otherwise: string) =>
  openLogLines({ level: logLevel ?? otherwise, readable: process.stderr.isTTY === true });
