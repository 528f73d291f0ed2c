import { defineProcess, order, set, stop } from '../core/process.ts';
import type { DomainEvents } from '../domain/index.ts';
import { passRoleTerm } from '../domain/role.ts';

/** Ends roles when their term passes, wherever the role was told. The timer has the name of the role: the event that began it. */
export const roleTerms = defineProcess<DomainEvents>()({
  name: 'role_terms',
  version: 2,
  sources: ['NATIVE', 'IMPORT', 'SEED'],
  commands: [passRoleTerm],
  timers: {
    RoleAssigned: ({ communityId, until }, { id }) =>
      until === null ? [] : [set(id, until, order(passRoleTerm, { communityId, assignmentId: id }))],
    RoleEnded: ({ assignmentId }) => [stop(assignmentId)],
    RoleTermPassed: ({ assignmentId }) => [stop(assignmentId)],
  },
  // Its command changes nothing rather than refuse.
  onRejected: () => null,
});
