import { describe, test } from 'vitest';
import { at, SYSTEM } from '../../src/core/decider.ts';
import { anchorCommunity, loseAnchor, noteAnchoring, regainAnchor } from '../../src/domain/anchoring.ts';
import {
  project as aggregate,
  changeProjectStatus,
  closeProject,
  planMilestone,
  reachMilestone,
  registerProject,
  reopenProject,
} from '../../src/domain/project.ts';
import { given, NEW_ID } from '../support/given.ts';
import {
  ada,
  admin,
  anchored,
  archived,
  assigned,
  bao,
  closedProject,
  founded,
  garden,
  hidden,
  project,
  registeredProject,
} from '../support/story.ts';

const noted = {
  to: at(aggregate, project),
  type: 'AnchoringNoted',
  data: { projectId: project, communityId: garden },
};
const milestone = { projectId: project, name: 'First trees', dueAt: '2026-03-01T00:00:00.000Z' };
const planned = { to: at(aggregate, project), type: 'MilestonePlanned', data: { ...milestone, milestoneId: NEW_ID } };
const reach = { projectId: project, milestoneId: NEW_ID };

describe('a project', () => {
  test('belongs to who registers it, and is under way unless they say otherwise', () => {
    given()
      .when(registerProject, { name: 'Orchard' }, bao)
      .yields({ type: 'ProjectRegistered', data: { projectId: NEW_ID, status: 'ACTIVE', ownerId: bao.memberId } });
  });

  test('is paused by who owns it or an admin, and by nobody else', () => {
    const pause = { projectId: project, status: 'PAUSED' } as const;
    given(registeredProject()).when(changeProjectStatus, pause, ada).yields({ type: 'ProjectStatusChanged' });
    given(registeredProject()).when(changeProjectStatus, pause, admin).yields({ type: 'ProjectStatusChanged' });
    given(registeredProject()).when(changeProjectStatus, pause, bao).rejects('NOT_ALLOWED');
    given().when(changeProjectStatus, pause, admin).rejects('PROJECT_NOT_FOUND');
  });

  test('that stands as it is said to stand has not changed', () => {
    given(registeredProject()).when(changeProjectStatus, { projectId: project, status: 'ACTIVE' }, ada).yields();
  });

  test('plans milestones and reaches each once', () => {
    given(registeredProject())
      .when(planMilestone, milestone, ada)
      .yields({ type: 'MilestonePlanned', data: { milestoneId: NEW_ID } });
    given(registeredProject(), planned).when(reachMilestone, reach, ada).yields({ type: 'MilestoneReached' });
    given(registeredProject(), planned, { ...planned, type: 'MilestoneReached', data: reach })
      .when(reachMilestone, reach, ada)
      .yields();
    given(registeredProject()).when(reachMilestone, reach, ada).rejects('MILESTONE_NOT_FOUND');
    given(registeredProject(), planned).when(reachMilestone, reach, bao).rejects('NOT_ALLOWED');
  });

  test('knows, when it closes, which communities ever stood on it', () => {
    given(registeredProject(), noted)
      .when(closeProject, { projectId: project }, ada)
      .yields({ type: 'ProjectClosed', data: { outcome: 'COMPLETED', communityIds: [garden] } });
  });

  test('that is closed is reopened by its owner, with a reason, and says who stood on it', () => {
    const reopen = { projectId: project, reason: 'The money is back.' };
    given(registeredProject(), noted, closedProject)
      .when(reopenProject, reopen, ada)
      .yields({
        type: 'ProjectReopened',
        data: { status: 'ACTIVE', reopenedBy: ada.memberId, communityIds: [garden] },
        personal: { reason: 'The money is back.' },
      });
    given(registeredProject(), closedProject).when(reopenProject, reopen, bao).rejects('NOT_ALLOWED');
    given(registeredProject()).when(reopenProject, reopen, ada).yields();
  });

  test('that goes on carries again who lost it and found no other one', () => {
    const anchor = { communityId: garden, projectId: project };
    const lost = [
      founded(),
      anchored,
      { ...anchored, type: 'AnchorLost', data: { ...anchor, reason: 'PROJECT_CLOSED' } },
    ];
    given(registeredProject(), ...lost)
      .when(regainAnchor, anchor, SYSTEM)
      .yields({ type: 'CommunityAnchored', data: anchor });
    given(registeredProject(), closedProject, ...lost)
      .when(regainAnchor, anchor, SYSTEM)
      .yields();
    given(registeredProject(), ...lost, anchored)
      .when(regainAnchor, anchor, SYSTEM)
      .yields();
  });

  test('that is closed stays as it is', () => {
    const told = [registeredProject(), planned, closedProject];
    given(...told)
      .when(closeProject, { projectId: project, outcome: 'ABANDONED' }, ada)
      .yields();
    given(...told)
      .when(changeProjectStatus, { projectId: project, status: 'ACTIVE' }, ada)
      .rejects('PROJECT_CLOSED');
    given(...told)
      .when(planMilestone, milestone, ada)
      .rejects('PROJECT_CLOSED');
    given(...told)
      .when(reachMilestone, reach, ada)
      .rejects('PROJECT_CLOSED');
  });
});

describe('anchoring', () => {
  const anchor = { communityId: garden, projectId: project };

  test('a facilitator anchors a community on an open project', () => {
    given(founded(), registeredProject())
      .when(anchorCommunity, anchor, ada)
      .yields({ type: 'CommunityAnchored', data: anchor });
    given(founded(), assigned(bao, { role: 'FACILITATOR' }), registeredProject())
      .when(anchorCommunity, anchor, bao)
      .yields({ type: 'CommunityAnchored' });
  });

  test('somebody else does not, and a private community is not there for them', () => {
    given(founded(), registeredProject()).when(anchorCommunity, anchor, bao).rejects('NOT_ALLOWED');
    given(hidden(), registeredProject()).when(anchorCommunity, anchor, bao).rejects('COMMUNITY_NOT_FOUND');
  });

  test('a closed project, one that never was, and an archived community are refused', () => {
    given(founded(), registeredProject(), closedProject).when(anchorCommunity, anchor, ada).rejects('PROJECT_CLOSED');
    given(founded()).when(anchorCommunity, anchor, ada).rejects('PROJECT_NOT_FOUND');
    given(founded(), archived, registeredProject()).when(anchorCommunity, anchor, ada).rejects('COMMUNITY_ARCHIVED');
  });

  test('anchoring it where it stands changes nothing', () => {
    given(founded(), registeredProject(), anchored).when(anchorCommunity, anchor, ada).yields();
  });

  test('a project notes each community once', () => {
    given(registeredProject()).when(noteAnchoring, anchor, admin).yields({ type: 'AnchoringNoted', data: anchor });
    given(registeredProject(), noted).when(noteAnchoring, anchor, admin).yields();
  });

  test('the anchor is lost when the project is closed, once, and only by who stands on it', () => {
    const told = [founded(), registeredProject(), anchored];
    given(...told)
      .when(loseAnchor, anchor, admin)
      .yields();
    given(...told, closedProject)
      .when(loseAnchor, anchor, admin)
      .yields({ type: 'AnchorLost', data: { ...anchor, reason: 'PROJECT_CLOSED' } });
    given(founded(), registeredProject(), closedProject).when(loseAnchor, anchor, admin).yields();
    const lost = { ...anchored, type: 'AnchorLost', data: { ...anchor, reason: 'PROJECT_CLOSED' } };
    given(...told, closedProject, lost)
      .when(loseAnchor, anchor, admin)
      .yields();
  });
});
