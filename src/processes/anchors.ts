import { defineProcess, order } from '../core/process.ts';
import { loseAnchor, noteAnchoring, regainAnchor } from '../domain/anchoring.ts';
import type { DomainEvents } from '../domain/index.ts';

/**
 * Tells communities that the project which they stand on is closed. A project learns who stands on it, so that its closing names
 * them. A closing and an anchoring may race: whichever comes second finds what the first one left.
 */
export const anchors = defineProcess<DomainEvents>()({
  name: 'anchors',
  version: 1,
  commands: [noteAnchoring, loseAnchor, regainAnchor],
  reactions: {
    CommunityAnchored: ({ communityId, projectId }) => [
      order(noteAnchoring, { communityId, projectId }),
      order(loseAnchor, { communityId, projectId }),
    ],
    ProjectClosed: ({ projectId, communityIds }) =>
      communityIds.map((communityId) => order(loseAnchor, { communityId, projectId })),
    ProjectReopened: ({ projectId, communityIds }) =>
      communityIds.map((communityId) => order(regainAnchor, { communityId, projectId })),
  },
  // Its commands change nothing rather than refuse.
  onRejected: () => null,
});
