import { z } from 'zod';
import { at, defineCommand } from '../core/decider.ts';
import { assertOpen, assertSteers, community } from './community.ts';
import { assertRunning, project } from './project.ts';
import { id } from './words.ts';

/** A community stands on a project that is under way; anchoring it again moves it to another one. */
export const anchorCommunity = defineCommand({
  type: 'AnchorCommunity',
  input: z.strictObject({ communityId: id, projectId: id }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  needs: ({ projectId }) => ({ project: at(project, projectId) }),
  decide: (input, state, { actor, needs }) => {
    assertSteers(state, actor);
    assertOpen(state);
    if (state.projectId === input.projectId) return [];
    assertRunning(needs.project);
    return [{ type: 'CommunityAnchored', data: input }];
  },
});

/** For the process that watches anchors: a project learns who stands on it. */
export const noteAnchoring = defineCommand({
  type: 'NoteAnchoring',
  input: z.strictObject({ communityId: id, projectId: id }),
  aggregate: project,
  id: ({ projectId }) => projectId,
  decide: (input, { status, communityIds }) =>
    status === 'none' || communityIds.includes(input.communityId) ? [] : [{ type: 'AnchoringNoted', data: input }],
});

/** For the same process: a project that goes on carries those who lost it and have found no other one. */
export const regainAnchor = defineCommand({
  type: 'RegainAnchor',
  input: z.strictObject({ communityId: id, projectId: id }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  needs: ({ projectId }) => ({ project: at(project, projectId) }),
  decide: (input, { status, lostProjectId }, { needs }) => {
    const isOver = status === 'archived' || needs.project.status === 'closed';
    return isOver || lostProjectId !== input.projectId ? [] : [{ type: 'CommunityAnchored', data: input }];
  },
});

/** For the same process: a closed project carries nobody any more. */
export const loseAnchor = defineCommand({
  type: 'LoseAnchor',
  input: z.strictObject({ communityId: id, projectId: id }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  needs: ({ projectId }) => ({ project: at(project, projectId) }),
  decide: (input, state, { needs }) => {
    if (state.projectId !== input.projectId || needs.project.status !== 'closed') return [];
    return [{ type: 'AnchorLost', data: { ...input, reason: 'PROJECT_CLOSED' as const } }];
  },
});
