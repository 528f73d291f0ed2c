import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino';

export type { Logger } from 'pino';

/**
 * Log lines for operators, to the standard error stream: JSON, or one short readable line each on a terminal.
 * They carry ids, counts and times; never a token, a name, a text or a variable of a request.
 */
export const openLogLines = ({ level, readable }: { level: string; readable: boolean }): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError, error: describeError },
    },
    readable ? readableLines : destination({ dest: 2, sync: true }),
  );

/**
 * An error without what people typed: databases and parsers quote the values that they refuse, so of theirs only the
 * code and the stack's places are kept.
 */
export const describeError = (error: unknown): object => {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code } = error as { code?: unknown };
  const quotes = error instanceof SyntaxError || (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code));
  return {
    type: error.name,
    ...(code === undefined ? {} : { code }),
    ...(quotes ? {} : { message: error.message }),
    stack: error.stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
    ...(error.cause instanceof Error ? { cause: describeError(error.cause) } : {}),
  };
};

const readableLines: DestinationStream = {
  write: (line) => {
    const { time, level, msg, ...details } = JSON.parse(line) as Record<string, unknown>;
    const rest = Object.entries(details).map(([name, value]) => `${name}=${readable(value)}`);
    process.stderr.write(`${[String(time).slice(11, 19), String(level).toUpperCase(), msg, ...rest].join(' ')}\n`);
  },
};

const readable = (value: unknown) => {
  if (typeof value === 'string') return value;
  const { type, message, stack } = (value ?? {}) as { type?: string; message?: string; stack?: string };
  return stack === undefined ? JSON.stringify(value) : `${type}: ${message ?? ''}\n${stack}`;
};
