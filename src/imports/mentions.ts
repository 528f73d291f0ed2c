import type { Message, User } from '../adapters/zulip-archive/index.ts';

/** Everybody who is there; not a person's name. */
const EVERYBODY = ['all', 'everyone', 'channel', 'stream', 'topic'];

const MENTION = /@(_?)\*\*([^*\n|]*)(?:\|(\d+))?\*\*/g;
const INLINE = /(?<!`)(`{1,9})(?!`).+?(?<!`)\1(?!`)|@(_?)\*\*([^*\n|]*)(?:\|(\d+))?\*\*/g;
const FENCE = /^ {0,3}(`{3,}|~{3,}) *\{?\.?([^\s`{}]*)/;
/** Fenced blocks that hold ordinary text. */
const PROSE = ['quote', 'spoiler'];

/** Names are compared as Zulip does: without regard to case. */
const folded = (name: string) => name.trim().normalize('NFKC').toLowerCase();

/** Who is meant by a name, or by a number beside it, where it is mentioned the next time. */
type Whom = (name: string, number: string | undefined) => number | null | undefined;

/**
 * Turns Zulip's mentions into ids: `@**name**` and `@**name|12**` become `@[member:<id>]`, silent ones (`@_**name**`)
 * `@_[member:<id>]`. Where the archive tells whom a text mentioned, it is they, whatever they and others are called by now;
 * else a name that two people share says nobody without its number. What stands in code, and who is not in the archive, stays
 * as it was written and is counted.
 */
export const createMentions = (users: readonly User[], memberIdOf: (userId: number) => string | undefined) => {
  const byName = new Map<string, number | null>();
  for (const { id, writtenName, name } of users)
    for (const known of new Set([folded(writtenName), folded(name)]))
      if (known) byName.set(known, byName.has(known) && byName.get(known) !== id ? null : id);
  let unknown = 0;

  const byNameAlone: Whom = (name, number) => (number === undefined ? byName.get(folded(name)) : Number(number));

  const said = (found: string, silent: string, name: string, userId: number | null | undefined) => {
    const memberId = userId == null ? undefined : memberIdOf(userId);
    if (memberId) return `@${silent}[member:${memberId}]`;
    if (!EVERYBODY.includes(name)) unknown += 1;
    return found;
  };

  const inLine = (line: string, whom: Whom) =>
    line.replace(INLINE, (found: string, code?: string, silent = '', name = '', number?: string) =>
      code === undefined ? said(found, silent, name, whom(name, number)) : found,
    );

  const outsideCode = (text: string, whom: Whom): string => {
    const open: { readonly fence: string; readonly isCode: boolean }[] = [];
    const lines = text.split('\n').map((line) => {
      const innermost = open.at(-1);
      const [, fence, language = ''] = FENCE.exec(line) ?? [];
      if (fence && innermost && language === '' && fence.startsWith(innermost.fence)) open.pop();
      else if (fence && !innermost?.isCode) open.push({ fence, isCode: !PROSE.includes(language) });
      return innermost?.isCode ? line : inLine(line, whom);
    });
    return lines.join('\n');
  };

  /** Zulip has read the text itself: as many mentions as it shows are there, in the same order. */
  const asRendered = (text: string, mentioned: NonNullable<Message['mentioned']>): string => {
    const waiting = new Map<string, number[]>();
    for (const { name, userId } of mentioned) waiting.set(folded(name), [...(waiting.get(folded(name)) ?? []), userId]);
    const whom: Whom = (name, number) =>
      waiting.get(folded(name))?.shift() ?? (number === undefined ? undefined : Number(number));
    const written = [...text.matchAll(MENTION)].filter(([, , name = '']) => !EVERYBODY.includes(name)).length;
    // Where all that looks like a mention is one, no code is in the way, whatever we would take for code.
    return written === mentioned.length
      ? text.replace(MENTION, (found: string, silent = '', name = '', number?: string) =>
          EVERYBODY.includes(name) ? found : said(found, silent, name, whom(name, number)),
        )
      : outsideCode(text, whom);
  };

  const inText = (text: string, mentioned: Message['mentioned'] = null): string => {
    if (!/@_?\*\*/.test(text)) return text;
    return mentioned === null ? outsideCode(text, byNameAlone) : asRendered(text, mentioned);
  };

  return { inText, unknown: () => unknown };
};
export type Mentions = ReturnType<typeof createMentions>;
