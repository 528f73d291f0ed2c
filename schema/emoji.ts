import emojis from 'unicode-emoji-json/data-by-emoji.json' with { type: 'json' };

let named: ReadonlyMap<string, string> | null = null;

/** The emoji of a name of the Unicode standard, as imports give it: `bug`. Null for a name that is not among them. */
export const emojiNamed = (name: string): string | null => {
  named ??= new Map(Object.entries(emojis).map(([emoji, { slug }]) => [slug, emoji]));
  return named.get(name) ?? null;
};
