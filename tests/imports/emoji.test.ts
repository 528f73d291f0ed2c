import { expect, test } from 'vitest';
import { emojiNamed } from '../../schema/emoji.ts';
import { DEFAULT_KINDS } from '../../src/domain/reaction-kinds.ts';
import { emojiName } from '../../src/imports/emoji.ts';

test.each([
  ['+1', '1f44d', 'thumbs_up'],
  ['like', '1f44d', 'thumbs_up'],
  ['bug', '1f41b', 'bug'],
  ['insect', '1f41b', 'bug'],
  ['heart', '2764', 'heart'],
  ['red_heart', '2764-fe0f', 'heart'],
  ['france', '1f1eb-1f1f7', 'flag_france'],
  ['Party.Parrot', null, 'party_parrot'],
  ['odd', 'zulip', 'odd'],
  ['odd', 'ffffff', 'odd'],
])('the emoji %s of code %s is called %s', (name, code, expected) => {
  expect(emojiName({ name, code })).toBe(expected);
});

test('what Unicode or the default set calls an emoji is shown as that emoji again', () => {
  expect(emojiNamed('bug')).toBe('🐛');
  for (const { name, emoji } of DEFAULT_KINDS) expect(emojiNamed(name)).toBe(emoji);
  expect(emojiNamed('party_parrot')).toBeNull();
});
