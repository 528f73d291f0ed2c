/** Emoji that are typed by several names, by their characters: an archive keeps the name that somebody typed, here each has one. */
const NAMES: Readonly<Record<string, string>> = {
  '1f44d': '+1',
  '1f44e': '-1',
  '2764': 'heart',
  '1f389': 'tada',
  '1f440': 'eyes',
  '1f44f': 'clap',
  '1f64f': 'pray',
  '1f680': 'rocket',
  '1f525': 'fire',
  '1f4af': '100',
  '1f602': 'joy',
  '1f642': 'smile',
  '1f622': 'cry',
  '1f914': 'thinking',
  '1f4aa': 'muscle',
  '1f44b': 'wave',
  '2705': 'check',
  '274c': 'x',
  '2753': 'question',
  '1f4a1': 'bulb',
  '1f60d': 'heart_eyes',
  '1f61e': 'disappointed',
  '1f610': 'neutral',
  '2b50': 'star',
};

type Typed = { readonly name: string; readonly code: string | null };

/** How an emoji is called here: by what it is where several names are known for it, else as it was typed, in one spelling. */
export const emojiName = ({ name, code }: Typed): string => {
  const known = code === null ? undefined : NAMES[code.toLowerCase().replace(/-fe0f$/, '')];
  return known ?? name.toLowerCase().replace(/[. ]+/g, '_');
};
