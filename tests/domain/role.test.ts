import { describe, test } from 'vitest';
import { SYSTEM } from '../../src/core/decider.ts';
import { joinCommunity } from '../../src/domain/membership.ts';
import { publishPost } from '../../src/domain/publishing.ts';
import { assignRole, endRole, endRolesOfOutsiders, keepMentorRole, passRoleTerm } from '../../src/domain/role.ts';
import { renameCommunity } from '../../src/domain/steering.ts';
import { volunteered } from '../support/draft-story.ts';
import { given } from '../support/given.ts';
import {
  ada,
  admin,
  archived,
  assigned,
  bao,
  chloe,
  forming,
  founded,
  foundersRole,
  garden,
  hidden,
  invited,
  joined,
  left,
  registered,
  roleEnded,
  termPassed,
} from '../support/story.ts';

const reason = 'She listens.';
const assign = { communityId: garden, memberId: bao.memberId, role: 'CURATOR', reason } as const;
const facilitator = { ...assign, role: 'FACILITATOR' } as const;
const rename = { communityId: garden, name: 'Orchard' };
const first = '66666666-0000-4000-8000-000000000001';
const second = '66666666-0000-4000-8000-000000000002';

describe('who is outside', () => {
  const all = { communityId: garden };
  const held = [
    founded(),
    assigned(bao, { role: 'EXPERT', id: first }),
    assigned(chloe, { role: 'OBSERVER', id: second }),
  ];

  test('holds no role any more, once they left', () => {
    given(...held, joined(bao), left(bao))
      .when(endRolesOfOutsiders, { ...all, memberId: bao.memberId }, SYSTEM)
      .yields({ type: 'RoleEnded', data: { memberId: bao.memberId, assignmentId: first, cause: 'LEFT' } });
    given(...held, joined(bao))
      .when(endRolesOfOutsiders, { ...all, memberId: bao.memberId }, SYSTEM)
      .yields();
  });

  test('of a private community holds none, unless they are invited', () => {
    given(...held, joined(ada), joined(bao))
      .when(endRolesOfOutsiders, all, SYSTEM)
      .yields({ type: 'RoleEnded', data: { memberId: chloe.memberId, cause: 'LEFT' } });
    given(...held, joined(ada), joined(bao), invited(chloe))
      .when(endRolesOfOutsiders, all, SYSTEM)
      .yields();
    given(...held)
      .when(endRolesOfOutsiders, all, admin)
      .rejects('NOT_ALLOWED');
  });

  test('does not steer what they founded, though nobody facilitates', () => {
    const gone = {
      ...roleEnded(ada, 'FACILITATOR', foundersRole),
      data: {
        communityId: garden,
        memberId: ada.memberId,
        role: 'FACILITATOR',
        assignmentId: foundersRole,
        cause: 'LEFT',
      },
    };
    given(founded(), gone).when(renameCommunity, rename, ada).rejects('NOT_ALLOWED');
  });
});

describe('the role of a mentor', () => {
  const pair = { communityId: garden, memberId: bao.memberId };
  test('is what a member volunteers for, for as long as they do', () => {
    given(founded(), registered(bao))
      .when(assignRole, { ...assign, role: 'MENTOR' }, ada)
      .rejects('MENTORS_VOLUNTEER');
    given(founded(), volunteered(bao))
      .when(keepMentorRole, pair, SYSTEM)
      .yields({ type: 'RoleAssigned', data: { ...pair, role: 'MENTOR', until: null } });
    given(founded(), volunteered(bao), assigned(bao, { role: 'MENTOR' }))
      .when(keepMentorRole, pair, SYSTEM)
      .yields();
    given(founded(), assigned(bao, { role: 'MENTOR' }))
      .when(keepMentorRole, pair, SYSTEM)
      .yields({ type: 'RoleEnded', data: { cause: 'RESIGNED' } });
    given(founded(), volunteered(bao)).when(keepMentorRole, pair, admin).rejects('NOT_ALLOWED');
  });
});

describe('assigning', () => {
  test('whoever founds a community is its first facilitator and gives roles, with a reason that is sealed', () => {
    given(founded(), registered(bao))
      .when(assignRole, assign, ada)
      .yields({
        type: 'RoleAssigned',
        data: { communityId: garden, memberId: bao.memberId, role: 'CURATOR', until: null },
        personal: { reason },
      });
  });

  test('a facilitator and an admin give roles, a member and a mentor do not', () => {
    const told = [founded(), registered(bao), registered(chloe)];
    given(...told, assigned(chloe, { role: 'FACILITATOR' }))
      .when(assignRole, assign, chloe)
      .yields({ type: 'RoleAssigned' });
    given(...told)
      .when(assignRole, assign, admin)
      .yields({ type: 'RoleAssigned' });
    given(...told, joined(chloe))
      .when(assignRole, assign, chloe)
      .rejects('NOT_ALLOWED');
    given(...told, assigned(chloe, { role: 'CURATOR' }))
      .when(assignRole, assign, chloe)
      .rejects('NOT_ALLOWED');
  });

  test('a private community is not there for who has no part in it', () => {
    given(hidden(), registered(bao)).when(assignRole, assign, chloe).rejects('COMMUNITY_NOT_FOUND');
    given(hidden(), registered(bao), assigned(chloe, { role: 'OBSERVER' }))
      .when(assignRole, assign, chloe)
      .rejects('NOT_ALLOWED');
  });

  test('a role is for a person who is there', () => {
    given(founded()).when(assignRole, assign, ada).rejects('MEMBER_NOT_FOUND');
    const bot = registered(bao);
    given(founded(), { ...bot, type: 'ServiceAccountRegistered', data: { ...bot.data, system: false } })
      .when(assignRole, assign, ada)
      .rejects('ROLE_NEEDS_A_PERSON');
  });

  test('a term ends later than now', () => {
    given(founded(), registered(bao))
      .when(assignRole, { ...assign, until: '2026-01-01T00:00:00.000Z' }, ada)
      .rejects('TERM_IN_THE_PAST');
    given(founded(), registered(bao))
      .when(assignRole, { ...assign, until: '2026-01-01T00:00:00.001Z' }, ada)
      .yields({ type: 'RoleAssigned', data: { until: '2026-01-01T00:00:00.001Z' } });
  });

  test('the same role for the same term changes nothing, another term is a role of its own', () => {
    const told = [
      founded(),
      registered(bao),
      assigned(bao, { role: 'CURATOR', until: '2027-01-01T00:00:00.000Z', id: first }),
    ];
    given(...told)
      .when(assignRole, { ...assign, until: '2027-01-01T00:00:00Z' }, ada)
      .yields();
    given(...told)
      .when(assignRole, { ...assign, until: '2028-01-01T00:00:00.000Z' }, ada)
      .yields(
        { type: 'RoleEnded', data: { assignmentId: first, cause: 'RENEWED' } },
        { type: 'RoleAssigned', data: { until: '2028-01-01T00:00:00.000Z' } },
      );
  });

  test('nobody gets a role in an archived community', () => {
    given(founded(), registered(bao), archived).when(assignRole, assign, ada).rejects('COMMUNITY_ARCHIVED');
  });
});

describe('ending', () => {
  const end = { communityId: garden, memberId: bao.memberId, role: 'CURATOR' } as const;
  const told = [founded(), assigned(bao, { role: 'CURATOR', id: first })];

  test('its holder gives a role up, a facilitator or an admin ends it', () => {
    given(...told)
      .when(endRole, end, bao)
      .yields({ type: 'RoleEnded', data: { assignmentId: first, cause: 'RESIGNED' }, personal: { reason: null } });
    given(...told)
      .when(endRole, { ...end, reason }, ada)
      .yields({ type: 'RoleEnded', data: { cause: 'ENDED' }, personal: { reason } });
    given(...told)
      .when(endRole, end, admin)
      .yields({ type: 'RoleEnded', data: { cause: 'ENDED' } });
    given(...told)
      .when(endRole, end, chloe)
      .rejects('NOT_ALLOWED');
  });

  test('a role that nobody holds cannot end', () => {
    given(founded()).when(endRole, end, ada).rejects('ROLE_NOT_HELD');
    given(...told, roleEnded(bao, 'CURATOR', first))
      .when(endRole, end, ada)
      .rejects('ROLE_NOT_HELD');
  });

  test('the last facilitator stays until there is another one', () => {
    const resign = { communityId: garden, memberId: ada.memberId, role: 'FACILITATOR' } as const;
    given(founded()).when(endRole, resign, ada).rejects('LAST_FACILITATOR');
    given(founded(), assigned(bao, { role: 'FACILITATOR', id: first }))
      .when(endRole, resign, ada)
      .yields({ type: 'RoleEnded', data: { assignmentId: foundersRole } });
  });
});

describe('a term', () => {
  const until = '2026-01-01T00:00:00.000Z';
  const pass = (assignmentId: string) => ({ communityId: garden, assignmentId });

  test('ends the role by itself', () => {
    given(founded(), assigned(bao, { role: 'EXPERT', until, id: first }))
      .when(passRoleTerm, pass(first), admin)
      .yields({ type: 'RoleEnded', data: { assignmentId: first, cause: 'TERM' }, personal: { reason: null } });
  });

  test('that has not passed, or whose role has ended, ends nothing', () => {
    const later = '2026-01-01T00:00:00.001Z';
    given(founded(), assigned(bao, { role: 'EXPERT', until: later, id: first }))
      .when(passRoleTerm, pass(first), admin)
      .yields();
    given(founded(), assigned(bao, { role: 'EXPERT', until, id: first }), roleEnded(bao, 'EXPERT', first))
      .when(passRoleTerm, pass(first), admin)
      .yields();
  });

  const alone = [
    founded(),
    assigned(bao, { role: 'FACILITATOR', until, id: first }),
    roleEnded(ada, 'FACILITATOR', foundersRole),
  ];

  test('of the last facilitator passes, and the role goes on', () => {
    given(...alone)
      .when(passRoleTerm, pass(first), admin)
      .yields({ type: 'RoleTermPassed', data: { assignmentId: first, memberId: bao.memberId } });
    given(...alone, termPassed(bao, 'FACILITATOR', first))
      .when(passRoleTerm, pass(first), admin)
      .yields();
    given(...alone, termPassed(bao, 'FACILITATOR', first))
      .when(renameCommunity, rename, bao)
      .yields({ type: 'CommunityRenamed' });
  });

  test('of two facilitators at once ends one, and the other stays', () => {
    const two = [...alone, assigned(chloe, { role: 'FACILITATOR', until, id: second })];
    given(...two)
      .when(passRoleTerm, pass(first), admin)
      .yields({ type: 'RoleEnded' });
    given(...two, roleEnded(bao, 'FACILITATOR', first))
      .when(passRoleTerm, pass(second), admin)
      .yields({ type: 'RoleTermPassed' });
  });

  test('that has passed is over when somebody succeeds', () => {
    given(...alone, termPassed(bao, 'FACILITATOR', first), registered(chloe))
      .when(assignRole, { ...facilitator, memberId: chloe.memberId }, bao)
      .yields(
        { type: 'RoleAssigned', data: { memberId: chloe.memberId } },
        { type: 'RoleEnded', data: { assignmentId: first, cause: 'SUCCEEDED' } },
      );
  });

  test('that has passed may be followed by another one of the same facilitator', () => {
    given(...alone, termPassed(bao, 'FACILITATOR', first), registered(bao))
      .when(assignRole, facilitator, admin)
      .yields({ type: 'RoleEnded', data: { cause: 'RENEWED' } }, { type: 'RoleAssigned' });
  });
});

describe('steering', () => {
  test('who founded a community and was succeeded no longer steers it', () => {
    given(founded(), assigned(bao, { role: 'FACILITATOR', id: first }), roleEnded(ada, 'FACILITATOR', foundersRole))
      .when(renameCommunity, rename, ada)
      .rejects('NOT_ALLOWED');
  });

  test('an archive says who opened a channel, not who facilitates it: they steer until somebody does', () => {
    const imported = founded({ source: 'IMPORT' });
    given(imported).when(renameCommunity, rename, ada).yields({ type: 'CommunityRenamed' });
    given(imported, assigned(bao, { role: 'FACILITATOR' }))
      .when(renameCommunity, rename, ada)
      .rejects('NOT_ALLOWED');
  });
});

describe('a community that is forming', () => {
  const post = { communityId: garden, kind: 'DISCUSSION', title: 'Hello', body: 'World' } as const;

  test('is there for its founder and who holds a role in it alone', () => {
    given(forming()).when(renameCommunity, rename, bao).rejects('COMMUNITY_NOT_FOUND');
    given(forming()).when(joinCommunity, { communityId: garden }, bao).rejects('COMMUNITY_NOT_FOUND');
    given(forming(), assigned(bao, { role: 'SPONSOR' }))
      .when(renameCommunity, rename, bao)
      .rejects('NOT_ALLOWED');
    given(forming(), assigned(bao, { role: 'SPONSOR' }))
      .when(joinCommunity, { communityId: garden }, bao)
      .yields({ type: 'MemberJoined', data: { via: 'INVITATION' } });
  });

  test('is not yet a place to talk', () => {
    given(forming(), joined(ada)).when(publishPost, post, ada).rejects('COMMUNITY_FORMING');
    given(forming()).when(publishPost, post, bao).rejects('COMMUNITY_NOT_FOUND');
  });
});
