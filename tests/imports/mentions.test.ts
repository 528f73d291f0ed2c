import { expect, test } from 'vitest';
import type { User } from '../../src/adapters/zulip-archive/index.ts';
import { createMentions } from '../../src/imports/mentions.ts';

const user = (id: number, name: string): User => ({
  id,
  name,
  writtenName: name,
  email: null,
  isBot: false,
  isActive: true,
  isGuest: false,
  isSystem: false,
  isPlaceholder: false,
  joinedAt: null,
});
const users = [user(1, 'Amina Diallo'), user(2, 'Bruno'), user(3, 'Bruno'), user(4, 'Chiara')];
const mentions = () => createMentions(users, (id) => (id === 4 ? undefined : `id-${id}`));

test.each([
  ['@**Amina Diallo** hello', '@[member:id-1] hello'],
  ['silently @_**Amina Diallo**', 'silently @_[member:id-1]'],
  ['two: @**Bruno|2**, @**Bruno|3**', 'two: @[member:id-2], @[member:id-3]'],
  ['by number alone @**|1**', 'by number alone @[member:id-1]'],
  [
    '> @_**Amina Diallo** [said](#x):\n```quote\n@**Bruno|2** no\n```',
    '> @_[member:id-1] [said](#x):\n```quote\n@[member:id-2] no\n```',
  ],
])('a mention becomes an id: %j', (text, expected) => {
  expect(mentions().inText(text)).toBe(expected);
});

test.each([
  ['which @**Bruno**?', 1],
  ['@**Somebody Else**', 1],
  ['@**Chiara**', 1],
  ['@**all** and @**everyone**', 0],
  ['@*maintainers*', 0],
  ['in `@**Amina Diallo**` and ``a ` @**Amina Diallo**``', 0],
  ['```rust\n@**Amina Diallo**\n```', 0],
  ['````\n```\n@**Amina Diallo**\n```\n````', 0],
  ['~~~\n@**Amina Diallo**', 0],
])('what names nobody, or stands in code, stays as it was: %j', (text, unknown) => {
  const made = mentions();
  expect(made.inText(text)).toBe(text);
  expect(made.unknown()).toBe(unknown);
});

test('after a block of code mentions are mentions again', () => {
  expect(mentions().inText('```\n@**Bruno|2**\n```\n@**Bruno|2**')).toBe('```\n@**Bruno|2**\n```\n@[member:id-2]');
});

test('a text made to take long takes no time', () => {
  const began = performance.now();
  mentions().inText(`@**${'`'.repeat(150_000)}a`);
  mentions().inText(`${'@**a'.repeat(50_000)}`);
  mentions().inText(`${'`a'.repeat(50_000)} @**x**`);
  mentions().inText(`${'`` '.repeat(50_000)}@**x**`);
  expect(performance.now() - began).toBeLessThan(2_000);
});
