import { z } from 'zod';

/** The short name of an emoji: `thumbs_up`, `tada`. */
export const shortName = z
  .string()
  .regex(/^[a-z0-9_+-]{1,64}$/, 'A reaction is the short name of an emoji, such as thumbs_up.');

/** With what members react: a name for programs, a picture, and what it means here. */
export const reactionKind = z.strictObject({ name: shortName, emoji: z.string(), label: z.string() });
export type ReactionKind = z.infer<typeof reactionKind>;

/** What is offered until an organisation declares its own. */
export const DEFAULT_KINDS: readonly ReactionKind[] = [
  { name: 'thumbs_up', emoji: '👍', label: 'I agree' },
  { name: 'heart', emoji: '❤️', label: 'I like it' },
  { name: 'tada', emoji: '🎉', label: 'Let us celebrate' },
  { name: 'clap', emoji: '👏', label: 'Well done' },
  { name: 'pray', emoji: '🙏', label: 'Thank you' },
  { name: 'bulb', emoji: '💡', label: 'Good idea' },
  { name: 'eyes', emoji: '👀', label: 'I am looking at it' },
  { name: 'thinking', emoji: '🤔', label: 'I am not sure' },
];
