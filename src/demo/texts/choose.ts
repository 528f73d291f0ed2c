import type { Chosen } from '../conversation.ts';
import type { Random } from '../random.ts';
import type { Topic } from './topic.ts';

const TRIES = 40;

/**
 * Chooses topics and their words, each topic once before any comes again. With titles `once`, no title comes twice, and null says
 * that nothing new is found.
 */
export const chooser = (topics: readonly Topic[], titles: 'once' | 'again' = 'once') => {
  const used = new Set<string>();
  let deck: Topic[] = [];

  return (random: Random): Chosen | null => {
    for (let n = 0; n < TRIES; n++) {
      if (deck.length === 0) deck = random.shuffled(topics);
      const topic = deck.pop();
      if (!topic) return null;
      const words = Object.fromEntries(Object.entries(topic.slots).map(([slot, list]) => [slot, random.pick(list)]));
      const title = fill(topic.title, words);
      if (titles === 'once') {
        if (used.has(title)) continue;
        used.add(title);
      }
      const { kind, body, replies, thanks } = topic;
      return {
        kind,
        title,
        body: fill(body, words),
        replies: replies.map((reply) => fill(reply, words)),
        thanks: thanks && fill(thanks, words),
      };
    }
    return null;
  };
};

/** Puts words into their slots; what then begins a sentence begins with a capital. */
export const fill = (text: string, words: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (_, slot: string, offset: number) => {
    const word = words[slot];
    if (word === undefined) throw new Error(`There is no word for {${slot}} in "${text}".`);
    return /(^|[.?!] )$/.test(text.slice(0, offset)) ? capital(word) : word;
  });

// A table's name is code, and code keeps its case.
const capital = (word: string) => (word.includes('_') ? word : word.charAt(0).toUpperCase() + word.slice(1));
