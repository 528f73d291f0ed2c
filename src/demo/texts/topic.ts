import type { PostKind } from '../../domain/words.ts';

export type Language = 'EN' | 'FR';

/**
 * Something that people write about. `{site}` in a text stands for one of the words of that slot; a conversation uses the
 * same word throughout, so that whatever is chosen, title, body and replies speak of the same thing.
 */
export type Topic = {
  readonly kind: PostKind;
  readonly slots: Readonly<Record<string, readonly string[]>>;
  readonly title: string;
  readonly body: string;
  /** Answers to a question, comments on anything else; each by somebody else. */
  readonly replies: readonly string[];
  /** What the author says to the first reply. */
  readonly thanks?: string;
};

/** What belongs under any conversation in one language. */
export type SmallTalk = {
  readonly agreeing: readonly string[];
  /** Somebody asks back, and is told. */
  readonly asides: readonly (readonly [asking: string, explaining: string])[];
  readonly thanking: readonly string[];
  readonly adding: readonly string[];
  readonly welcoming: readonly string[];
  readonly introducing: readonly string[];
  readonly correcting: readonly string[];
};
