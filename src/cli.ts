import { defineCommand, runCommand } from 'citty';
import { EmbeddedPostgresError } from './adapters/embedded-postgres/index.ts';
import { Unusable } from './app/unusable.ts';
import { eventsCommand } from './cli/events.ts';
import { projectionsCommand } from './cli/projections.ts';
import { startCommand } from './cli/start.ts';
import { statusCommand } from './cli/status.ts';
import { tokenCommand } from './cli/token.ts';
import { asksForHelp, assertUse, findCommand, usageOf } from './cli/usage.ts';
import { WrongUse } from './cli/wrong-use.ts';
import { ConfigError } from './config.ts';
import { CursorError } from './core/position.ts';
import { Rejection } from './core/rejection.ts';

const palabre = defineCommand({
  meta: { name: 'palabre', description: "The backend of an organisation's communities" },
  subCommands: {
    start: startCommand,
    events: eventsCommand,
    projections: projectionsCommand,
    status: statusCommand,
    token: tokenCommand,
  },
});

/** Errors whose message says all that there is to say. */
const EXPLAINED = [Unusable, ConfigError, EmbeddedPostgresError, CursorError, Rejection];

/** Runs one verb; answers the exit code: 0 success, 1 failure, 2 wrong use. */
export const main = async (rawArgs: readonly string[]): Promise<number> => {
  const { command, path, rest } = findCommand(palabre, rawArgs);
  try {
    if (asksForHelp(rest)) {
      process.stdout.write(await usageOf(command, path));
      return 0;
    }
    assertUse(command, path, rest);
    const { result } = await runCommand(command, { rawArgs: [...rest] });
    return typeof result === 'number' ? result : 0;
  } catch (error) {
    if (error instanceof WrongUse || (error as Error).name === 'CLIError') {
      process.stderr.write(`${await usageOf(command, path)}\n${path.join(' ')}: ${(error as Error).message}\n`);
      return 2;
    }
    const explained = EXPLAINED.some((type) => error instanceof type);
    const { message, stack } = error as Error;
    process.stderr.write(`palabre: ${explained ? message : (stack ?? message)}\n`);
    return 1;
  }
};

// Whoever reads our output may leave when they have seen enough: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exitCode = 0;
});

// Nothing is left to wait for, and nothing may keep a finished process alive.
process.exit(await main(process.argv.slice(2)));
