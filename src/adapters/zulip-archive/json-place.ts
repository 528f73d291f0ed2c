// One token with the white space before it: punctuation, a string (its end is looked for apart), a number, a word.
const TOKEN = /[ \t\n\r]*(?:([{}[\],:])|(")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SPACE = /[ \t\n\r]*/y;

type Next = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or close' | 'end';

/**
 * Where a text stops being JSON: the index of the first character that cannot stand there. The runtime's own parser
 * does not tell it for every fault, and quotes the text, which is personal.
 */
export const faultPlace = (text: string): number => {
  const open: ('{' | '[')[] = [];
  let next: Next = 'value';
  let at = 0;
  const afterValue = (): Next => (open.length === 0 ? 'end' : 'comma or close');
  for (;;) {
    SPACE.lastIndex = at;
    const start = at + (SPACE.exec(text)?.[0].length ?? 0);
    if (start === text.length || next === 'end') return start;
    TOKEN.lastIndex = at;
    const [token, mark, quote] = TOKEN.exec(text) ?? [];
    if (token === undefined) return start;
    at = TOKEN.lastIndex;
    if (quote) {
      if (next === 'colon' || next === 'comma or close') return start;
      const end = stringEnd(text, at);
      if (end.broken) return end.at;
      at = end.at;
      next = next.startsWith('key') ? 'colon' : afterValue();
    } else if (mark === '{' || mark === '[') {
      if (!next.startsWith('value')) return start;
      open.push(mark);
      next = mark === '{' ? 'key or }' : 'value or ]';
    } else if (mark === '}' || mark === ']') {
      const closes = open.at(-1) === (mark === '}' ? '{' : '[');
      if (!closes || !(next === 'comma or close' || next.endsWith(mark))) return start;
      open.pop();
      next = afterValue();
    } else if (mark === ',') {
      if (next !== 'comma or close') return start;
      next = open.at(-1) === '{' ? 'key' : 'value';
    } else if (mark === ':') {
      if (next !== 'colon') return start;
      next = 'value';
    } else {
      if (!next.startsWith('value')) return start;
      next = afterValue();
    }
  }
};

/** Just after the closing quote of a string whose text begins at `from`, or where the string is broken. */
const stringEnd = (text: string, from: number): { at: number; broken: boolean } => {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return { at: at + 1, broken: false };
    if (code < 0x20) return { at, broken: true };
    if (code !== 0x5c) continue;
    ESCAPE.lastIndex = at;
    const [escaped] = ESCAPE.exec(text) ?? [];
    if (!escaped) return { at, broken: true };
    at += escaped.length - 1;
  }
  return { at: text.length, broken: true };
};
