import type { Context } from './context.ts';

/** What a request loads by id, each kind in one statement a batch. */
export type Loaders = Record<never, never>;

export const createLoaders = (_context: Context): Loaders => ({});
