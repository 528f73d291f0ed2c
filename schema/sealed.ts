import type { Sealed } from '../src/core/event.ts';
import type { Opened } from '../src/core/sealing.ts';
import type { Context } from './context.ts';

/** One part of a sealed value; null where none was given, and when the key of the person who wrote it is gone. */
export const textIn = (context: Context, sealed: Sealed, part: string): string | null | Promise<string | null> => {
  const opened = context.open(sealed);
  // A list shows dozens of texts that are open already: none of them is worth a promise.
  return opened instanceof Promise ? opened.then((later) => partOf(later, part)) : partOf(opened, part);
};

/** A text that nobody gave is null, as one that was erased is; never the word for it. */
const partOf = (opened: Opened, part: string): string | null => {
  const text = opened.erased ? null : opened.value[part];
  return text === null || text === undefined ? null : String(text);
};

export const isErased = async (context: Context, sealed: Sealed): Promise<boolean> =>
  (await context.open(sealed)).erased;
