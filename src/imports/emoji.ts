import emojis from 'unicode-emoji-json/data-by-emoji.json' with { type: 'json' };
import { DEFAULT_KINDS } from '../domain/reaction-kinds.ts';

const bare = (emoji: string) => emoji.replaceAll('\ufe0f', '');

/** Names by emoji: an archive keeps the name that somebody typed, of which many emoji have several; here each has one. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ...Object.entries(emojis).map(([emoji, { slug }]) => [bare(emoji), slug] as const),
  ...DEFAULT_KINDS.map(({ emoji, name }) => [bare(emoji), name] as const),
]);

type Typed = { readonly name: string; readonly code: string | null };

/** How an emoji is called here: as it is offered, else as Unicode calls it, else, for a picture of its own, as it was typed. */
export const emojiName = ({ name, code }: Typed): string => {
  const known = code === null ? undefined : NAMES.get(bare(emojiOf(code)));
  return known ?? asTyped(name);
};

/** The name that somebody typed, in one spelling: what imports of the first release called an emoji. */
export const asTyped = (name: string): string => name.toLowerCase().replace(/[. ]+/g, '_');

/** The emoji of a code such as `1f44d` or `1f1eb-1f1f7`; empty for what is none. */
const emojiOf = (code: string): string => {
  const points = code.split('-').map((hex) => Number.parseInt(hex, 16));
  const isCode = /^[0-9a-f]{4,6}(-[0-9a-f]{4,6})*$/i.test(code) && points.every((point) => point <= 0x10ffff);
  return isCode ? String.fromCodePoint(...points) : '';
};
