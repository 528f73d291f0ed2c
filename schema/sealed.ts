import type { Sealed } from '../src/core/event.ts';
import type { Opened } from '../src/core/sealing.ts';
import type { Context } from './context.ts';

/** One part of a sealed value; null when the key of the person who wrote it is gone. */
export const textIn = (context: Context, sealed: Sealed, part: string): string | null | Promise<string | null> => {
  const opened = context.open(sealed);
  // A list shows dozens of texts that are open already: none of them is worth a promise.
  return opened instanceof Promise ? opened.then((later) => partOf(later, part)) : partOf(opened, part);
};

const partOf = (opened: Opened, part: string): string | null => (opened.erased ? null : String(opened.value[part]));

export const isErased = async (context: Context, sealed: Sealed): Promise<boolean> =>
  (await context.open(sealed)).erased;
