import emojis from 'unicode-emoji-json/data-by-emoji.json' with { type: 'json' };
import { DEFAULT_KINDS } from '../src/domain/reaction-kinds.ts';

let named: ReadonlyMap<string, string> | null = null;

/** The emoji of a name of the Unicode standard or of the default set, as imports give it: `bug`, `heart`. Null for any other. */
export const emojiNamed = (name: string): string | null => {
  named ??= new Map([
    ...Object.entries(emojis).map(([emoji, { slug }]) => [slug, emoji] as const),
    ...DEFAULT_KINDS.map(({ name, emoji }) => [name, emoji] as const),
  ]);
  return named.get(name) ?? null;
};
