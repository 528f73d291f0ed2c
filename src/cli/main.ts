import { stripVTControlCharacters } from 'node:util';
import { defineCommand, runCommand } from 'citty';
import { eventsCommand } from './events.ts';
import { importCommand } from './import.ts';
import { logCommand } from './log.ts';
import { projectionsCommand } from './projections.ts';
import { seedCommand } from './seed.ts';
import { startCommand } from './start.ts';
import { statusCommand } from './status.ts';
import { tokenCommand } from './token.ts';
import { upgradeCommand } from './upgrade.ts';
import { asksForHelp, assertUse, findCommand, usageOf } from './usage.ts';
import { WrongUse } from './wrong-use.ts';

const palabre = defineCommand({
  meta: { name: 'palabre', description: "The backend of an organisation's communities" },
  subCommands: {
    start: startCommand,
    import: importCommand,
    seed: seedCommand,
    events: eventsCommand,
    log: logCommand,
    projections: projectionsCommand,
    upgrade: upgradeCommand,
    status: statusCommand,
    token: tokenCommand,
  },
});

/** Where a verb's own words go. */
export type Terminal = {
  readonly [name in 'stdout' | 'stderr']: Pick<NodeJS.WriteStream, 'write'> & { isTTY?: boolean };
};

/** Runs one verb; answers the exit code: 0 success, 1 failure, 2 wrong use. */
export const main = async (rawArgs: readonly string[], { stdout, stderr }: Terminal = process): Promise<number> => {
  const { command, path, rest } = findCommand(palabre, rawArgs);
  const usage = async (stream: { isTTY?: boolean }) => {
    const text = await usageOf(command, path);
    return stream.isTTY ? text : stripVTControlCharacters(text);
  };
  try {
    if (asksForHelp(rest)) {
      stdout.write(await usage(stdout));
      return 0;
    }
    assertUse(command, path, rest);
    const { result } = await runCommand(command, { rawArgs: [...rest] });
    return typeof result === 'number' ? result : 0;
  } catch (error) {
    const { name, message, stack } = error as Error;
    if (error instanceof WrongUse || name === 'CLIError') {
      stderr.write(`${await usage(stderr)}\n${path.join(' ')}: ${stripVTControlCharacters(message)}\n`);
      return 2;
    }
    stderr.write(`palabre: ${EXPLAINED.has(name) ? message : (stack ?? message)}\n`);
    return 1;
  }
};

/** Errors whose message says all that there is to say. Known by name: a verb loads only what it needs. */
const EXPLAINED = new Set(['Unusable', 'ConfigError', 'EmbeddedPostgresError', 'CursorError', 'Rejection']);
