import type { Process } from '../core/process.ts';
import { anchors } from './anchors.ts';
import { answers } from './answers.ts';
import { drafts } from './drafts.ts';
import { earlyAccess } from './early-access.ts';
import { promises } from './promises.ts';
import { reviews } from './reviews.ts';
import { roleTerms } from './role-terms.ts';
import { roles } from './roles.ts';

/** Everything that acts by itself. The server runs each of them, in one place at a time. */
export const processes: readonly Process[] = [
  promises,
  answers,
  anchors,
  roles,
  roleTerms,
  earlyAccess,
  drafts,
  reviews,
];
