/** Where the log's adapters say what they mended. A pino logger is one. */
export type Logger = { warn(details: object, message: string): void };

export const silent: Logger = { warn: () => {} };
