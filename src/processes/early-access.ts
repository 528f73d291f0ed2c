import { defineProcess, order, set, stop } from '../core/process.ts';
import { openEarlyAccess } from '../domain/early-access.ts';
import type { DomainEvents } from '../domain/index.ts';

/** Opens posts in early access to everybody at the time that was set. A timer has the name of its post. */
export const earlyAccess = defineProcess<DomainEvents>()({
  name: 'early_access',
  version: 3,
  commands: [openEarlyAccess],
  timers: {
    PostPublished: ({ postId, earlyAccess }) => (earlyAccess ? [opening(postId, earlyAccess.opensAt)] : []),
    EarlyAccessMoved: ({ postId, opensAt }) => [opening(postId, opensAt)],
    EarlyAccessOpened: ({ postId }) => [stop(postId)],
    EarlyAccessWithdrawn: ({ postId }) => [stop(postId)],
    PostRetracted: ({ postId, earlyAccess }) => (earlyAccess === 'CLOSED' ? [stop(postId)] : []),
  },
  // Its command changes nothing rather than refuse.
  onRejected: () => null,
});

const opening = (postId: string, opensAt: string) => set(postId, opensAt, order(openEarlyAccess, { postId, opensAt }));
