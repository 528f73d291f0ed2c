import { z } from 'zod';
import { defineCommand } from '../core/decider.ts';
import { assertOpen, assertSteers, community } from './community.ts';
import { id, statement } from './words.ts';

const said = statement.min(1, 'Say it in a sentence.');

/** What a community says of itself: what it is for, what belongs into it and what does not, its tools, why it matters. */
export const adoptCharter = defineCommand({
  type: 'AdoptCharter',
  input: z.strictObject({
    communityId: id,
    purpose: said,
    inScope: said,
    outOfScope: statement.default(''),
    tools: statement.default(''),
    meaning: statement.default(''),
  }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  decide: (input, state, { actor }) => {
    assertSteers(state, actor);
    assertOpen(state);
    const { communityId, ...words } = input;
    const { charter } = state;
    const isSame = charter && WORDS.every((word) => charter[word] === words[word]);
    if (isSame) return [];
    return [{ type: 'CharterAdopted', data: { communityId, version: (charter?.version ?? 0) + 1, ...words } }];
  },
});

const WORDS = ['purpose', 'inScope', 'outOfScope', 'tools', 'meaning'] as const;
