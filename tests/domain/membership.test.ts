import { describe, test } from 'vitest';
import { inviteMember, joinCommunity, leaveCommunity } from '../../src/domain/membership.ts';
import { given } from '../support/given.ts';
import {
  ada,
  admin,
  archived,
  bao,
  chloe,
  founded,
  garden,
  hidden,
  invited,
  joined,
  left,
  registered,
} from '../support/story.ts';

const join = { communityId: garden };
const invite = { communityId: garden, memberId: bao.memberId };

describe('joining', () => {
  test('anybody joins an open community', () => {
    given(founded())
      .when(joinCommunity, join, bao)
      .yields({ type: 'MemberJoined', data: { communityId: garden, memberId: bao.memberId, via: 'OPEN' } });
  });

  test('joining again changes nothing', () => {
    given(founded(), joined(bao)).when(joinCommunity, join, bao).yields();
  });

  test('who left may come back', () => {
    given(founded(), joined(bao), left(bao)).when(joinCommunity, join, bao).yields({ type: 'MemberJoined' });
  });

  test('a community by invitation says so', () => {
    given(founded({ joinPolicy: 'BY_INVITATION' }))
      .when(joinCommunity, join, bao)
      .rejects('INVITATION_NEEDED');
  });

  test('who was invited joins by invitation', () => {
    given(founded({ joinPolicy: 'BY_INVITATION' }), invited(bao))
      .when(joinCommunity, join, bao)
      .yields({ type: 'MemberJoined', data: { via: 'INVITATION' } });
  });

  test('a private community looks absent, to an admin too', () => {
    given(hidden()).when(joinCommunity, join, bao).rejects('COMMUNITY_NOT_FOUND');
    given(hidden()).when(joinCommunity, join, admin).rejects('COMMUNITY_NOT_FOUND');
    given(founded({ visibility: 'PRIVATE' }))
      .when(joinCommunity, join, bao)
      .rejects('COMMUNITY_NOT_FOUND');
    given().when(joinCommunity, join, bao).rejects('COMMUNITY_NOT_FOUND');
  });

  test('an archived private community looks absent as well', () => {
    given(hidden(), archived).when(joinCommunity, join, bao).rejects('COMMUNITY_NOT_FOUND');
  });

  test('who left a private community needs a new invitation', () => {
    given(hidden(), joined(bao), left(bao)).when(joinCommunity, join, bao).rejects('COMMUNITY_NOT_FOUND');
    given(hidden(), joined(bao), left(bao), invited(bao))
      .when(joinCommunity, join, bao)
      .yields({ type: 'MemberJoined', data: { via: 'INVITATION' } });
  });

  test('nobody joins an archived community, not even by invitation', () => {
    given(founded(), archived).when(joinCommunity, join, bao).rejects('COMMUNITY_ARCHIVED');
    given(founded(), invited(bao), archived).when(joinCommunity, join, bao).rejects('COMMUNITY_ARCHIVED');
  });
});

describe('leaving', () => {
  test('a member leaves, also an archived community', () => {
    given(founded(), joined(bao), archived).when(leaveCommunity, join, bao).yields({ type: 'MemberLeft' });
  });

  test('who is no member has nothing to leave', () => {
    given(founded()).when(leaveCommunity, join, bao).yields();
    given(founded(), invited(bao)).when(leaveCommunity, join, bao).yields();
  });
});

describe('inviting', () => {
  test('a member invites somebody', () => {
    given(hidden(), joined(ada), registered(bao))
      .when(inviteMember, invite, ada)
      .yields({ type: 'InvitationSent', data: { memberId: bao.memberId, invitedBy: ada.memberId } });
  });

  test('who is no member invites nobody, and learns nothing of a private community', () => {
    given(founded(), registered(bao)).when(inviteMember, invite, chloe).rejects('NOT_A_MEMBER');
    given(hidden(), registered(bao)).when(inviteMember, invite, chloe).rejects('COMMUNITY_NOT_FOUND');
  });

  test('an invitation alone gives no right to invite', () => {
    given(hidden(), invited(chloe), registered(bao)).when(inviteMember, invite, chloe).rejects('COMMUNITY_NOT_FOUND');
  });

  test('somebody who is not registered is invited by nobody', () => {
    given(hidden(), joined(ada)).when(inviteMember, invite, ada).rejects('MEMBER_NOT_FOUND');
  });

  test('inviting twice, or a member, changes nothing', () => {
    given(hidden(), joined(ada), registered(bao), invited(bao)).when(inviteMember, invite, ada).yields();
    given(hidden(), joined(ada), registered(bao), joined(bao)).when(inviteMember, invite, ada).yields();
  });

  test('nobody is invited into an archived community', () => {
    given(hidden(), joined(ada), registered(bao), archived)
      .when(inviteMember, invite, ada)
      .rejects('COMMUNITY_ARCHIVED');
  });
});
