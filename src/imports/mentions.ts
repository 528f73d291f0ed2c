import type { User } from '../adapters/zulip-archive/index.ts';

/** Everybody who is there; not a person's name. */
const EVERYBODY = ['all', 'everyone', 'channel', 'stream', 'topic'];

const INLINE = /(?<!`)(`{1,9})(?!`).+?(?<!`)\1(?!`)|@(_?)\*\*([^*\n|]*)(?:\|(\d+))?\*\*/g;
const FENCE = /^ {0,3}(`{3,}|~{3,}) *\{?\.?([^\s`{}]*)/;
/** Fenced blocks that hold ordinary text. */
const PROSE = ['quote', 'spoiler'];

/**
 * Turns Zulip's mentions into ids: `@**name**` and `@**name|12**` become `@[member:<id>]`, silent ones (`@_**name**`)
 * `@_[member:<id>]`. A name that two people share says nobody without its number. What stands in code, and who is not
 * in the archive, stays as it was written and is counted.
 */
export const createMentions = (users: readonly User[], memberIdOf: (userId: number) => string | undefined) => {
  const byName = new Map<string, number | null>();
  for (const { id, name } of users) byName.set(name, byName.has(name) ? null : id);
  let unknown = 0;

  const inLine = (line: string) =>
    line.replace(INLINE, (found: string, code?: string, silent?: string, name = '', number?: string) => {
      if (code !== undefined) return found;
      const userId = number === undefined ? byName.get(name) : Number(number);
      const memberId = userId == null ? undefined : memberIdOf(userId);
      if (memberId) return `@${silent}[member:${memberId}]`;
      if (!EVERYBODY.includes(name)) unknown += 1;
      return found;
    });

  const inText = (text: string): string => {
    if (!/@_?\*\*/.test(text)) return text;
    const open: { readonly fence: string; readonly isCode: boolean }[] = [];
    const lines = text.split('\n').map((line) => {
      const innermost = open.at(-1);
      const [, fence, language = ''] = FENCE.exec(line) ?? [];
      if (fence && innermost && language === '' && fence.startsWith(innermost.fence)) open.pop();
      else if (fence && !innermost?.isCode) open.push({ fence, isCode: !PROSE.includes(language) });
      return innermost?.isCode ? line : inLine(line);
    });
    return lines.join('\n');
  };

  return { inText, unknown: () => unknown };
};
export type Mentions = ReturnType<typeof createMentions>;
