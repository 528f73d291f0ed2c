import { describe, test } from 'vitest';
import { answerInvitation, inviteMember } from '../../src/domain/invitation.ts';
import { joinCommunity, leaveCommunity } from '../../src/domain/membership.ts';
import { answerMembershipRequest, requestMembership } from '../../src/domain/membership-request.ts';
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
  garden,
  hidden,
  invited,
  joined,
  left,
  registered,
  requested,
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

  test('the last facilitator leaves once somebody succeeds, or the community is archived', () => {
    given(founded(), joined(ada)).when(leaveCommunity, join, ada).rejects('LAST_FACILITATOR');
    given(founded(), joined(ada), assigned(bao, { role: 'FACILITATOR' }))
      .when(leaveCommunity, join, ada)
      .yields({ type: 'MemberLeft' });
    given(founded(), joined(ada), archived).when(leaveCommunity, join, ada).yields({ type: 'MemberLeft' });
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

describe('answering an invitation', () => {
  const told = [hidden(), joined(ada), registered(bao), invited(bao)];
  const yes = { communityId: garden, accept: true };
  const no = { communityId: garden, accept: false, reason: 'Not this year.' };

  test('who accepts is a member, who declines says why, under their own seal', () => {
    given(...told)
      .when(answerInvitation, yes, bao)
      .yields({ type: 'MemberJoined', data: { via: 'INVITATION' } });
    given(...told)
      .when(answerInvitation, no, bao)
      .yields({
        type: 'InvitationDeclined',
        data: { communityId: garden, memberId: bao.memberId },
        personal: { reason: 'Not this year.' },
      });
  });

  test('without an invitation there is nothing to answer, and accepting twice changes nothing', () => {
    given(hidden()).when(answerInvitation, yes, bao).rejects('INVITATION_NOT_FOUND');
    given(founded(), requested(bao)).when(answerInvitation, yes, bao).rejects('INVITATION_NOT_FOUND');
    given(...told, joined(bao))
      .when(answerInvitation, yes, bao)
      .yields();
    given(...told, joined(bao))
      .when(answerInvitation, no, bao)
      .rejects('INVITATION_NOT_FOUND');
  });

  test('who declined may be invited again', () => {
    const declined = { ...invited(bao), type: 'InvitationDeclined' };
    given(...told, declined)
      .when(inviteMember, invite, ada)
      .yields({ type: 'InvitationSent' });
  });

  test('nobody joins what is archived, but everybody may decline', () => {
    given(...told, archived)
      .when(answerInvitation, yes, bao)
      .rejects('COMMUNITY_ARCHIVED');
    given(...told, archived)
      .when(answerInvitation, no, bao)
      .yields({ type: 'InvitationDeclined' });
  });

  test('nobody is invited into a community that is still forming', () => {
    given(forming(), joined(ada), registered(bao)).when(inviteMember, invite, ada).rejects('COMMUNITY_FORMING');
  });
});

describe('asking to be let in', () => {
  const asking = founded({ joinPolicy: 'ON_REQUEST' });
  const ask = { communityId: garden, message: 'I can dig.' };
  const yes = { communityId: garden, memberId: bao.memberId, accept: true };
  const no = { ...yes, accept: false, reason: 'It is full.' };

  test('is the way into a community on request', () => {
    given(asking).when(joinCommunity, join, bao).rejects('REQUEST_NEEDED');
    given(asking)
      .when(requestMembership, ask, bao)
      .yields({ type: 'MembershipRequested', data: { memberId: bao.memberId }, personal: { message: 'I can dig.' } });
    given(asking, requested(bao)).when(requestMembership, ask, bao).yields();
    given(asking, joined(bao)).when(requestMembership, ask, bao).yields();
  });

  test('is of no use where one simply joins, is invited, or sees nothing', () => {
    given(founded()).when(requestMembership, ask, bao).rejects('REQUEST_NOT_NEEDED');
    given(founded({ joinPolicy: 'BY_INVITATION' }))
      .when(requestMembership, ask, bao)
      .rejects('INVITATION_NEEDED');
    given(asking, invited(bao)).when(requestMembership, ask, bao).rejects('INVITED_ALREADY');
    given(founded({ visibility: 'PRIVATE', joinPolicy: 'ON_REQUEST' }))
      .when(requestMembership, ask, bao)
      .rejects('COMMUNITY_NOT_FOUND');
    given(founded({ joinPolicy: 'ON_REQUEST', status: 'FORMING' }))
      .when(requestMembership, ask, bao)
      .rejects('COMMUNITY_NOT_FOUND');
  });

  test('is answered by a facilitator or an admin, and by nobody else', () => {
    const told = [asking, requested(bao)];
    given(...told)
      .when(answerMembershipRequest, yes, ada)
      .yields({ type: 'MemberJoined', data: { via: 'REQUEST' } });
    given(...told)
      .when(answerMembershipRequest, yes, admin)
      .yields({ type: 'MemberJoined' });
    given(...told, joined(chloe), assigned(chloe, { role: 'CURATOR' }))
      .when(answerMembershipRequest, yes, chloe)
      .rejects('NOT_ALLOWED');
    given(...told)
      .when(answerMembershipRequest, yes, bao)
      .rejects('NOT_ALLOWED');
  });

  test('may be refused, with a reason under the seal of who asked', () => {
    given(asking, requested(bao))
      .when(answerMembershipRequest, no, ada)
      .yields({
        type: 'MembershipRefused',
        data: { communityId: garden, memberId: bao.memberId },
        personal: { reason: 'It is full.' },
      });
  });

  test('is answered once', () => {
    given(asking).when(answerMembershipRequest, yes, ada).rejects('REQUEST_NOT_FOUND');
    given(asking, requested(bao), joined(bao)).when(answerMembershipRequest, yes, ada).yields();
    given(asking, requested(bao), joined(bao)).when(answerMembershipRequest, no, ada).rejects('REQUEST_NOT_FOUND');
  });

  test('is taken back by leaving', () => {
    given(asking, requested(bao)).when(leaveCommunity, join, bao).yields({ type: 'MembershipRequestWithdrawn' });
  });
});
