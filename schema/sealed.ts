import type { Sealed } from '../src/core/event.ts';
import type { Context } from './context.ts';

/** One part of a sealed value; null when the key of the person who wrote it is gone. */
export const textIn = async (context: Context, sealed: Sealed, part: string): Promise<string | null> => {
  const opened = await context.open(sealed);
  return opened.erased ? null : String(opened.value[part]);
};

export const isErased = async (context: Context, sealed: Sealed): Promise<boolean> =>
  (await context.open(sealed)).erased;
