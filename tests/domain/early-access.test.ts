import { describe, expect, test } from 'vitest';
import { at, type Principal, SYSTEM } from '../../src/core/decider.ts';
import { markDuplicate } from '../../src/domain/answer.ts';
import { editComment, publishComment, retractComment } from '../../src/domain/comment.ts';
import { openEarlyAccess, withdrawEarlyAccess } from '../../src/domain/early-access.ts';
import { editPost, post, retractPost } from '../../src/domain/post.ts';
import { publishPost } from '../../src/domain/publishing.ts';
import { addReaction } from '../../src/domain/reaction.ts';
import { earlyAccess as process } from '../../src/processes/early-access.ts';
import { given, type Told } from '../support/given.ts';
import {
  ada,
  admin,
  asked,
  assigned,
  bao,
  chloe,
  firstAnswer,
  founded,
  garden,
  joined,
  question,
  registered,
  replied,
  roleEnded,
  talk,
} from '../support/story.ts';

const OPENS = '2026-02-01T09:00:00.000Z';
const words = { title: 'The new greenhouse', body: 'You see it first.' };
const publish = { communityId: garden, kind: 'ANNOUNCEMENT', ...words } as const;
const forExperts = { opensAt: OPENS, audience: { roles: ['EXPERT' as const], memberIds: [] } };
const dora: Principal = { ...chloe, memberId: '12345678-0000-4000-8000-000000000000' };

const expert = assigned(bao, { role: 'EXPERT', id: '66666666-0000-4000-8000-000000000001' });
const open = [founded(), joined(ada), joined(bao), joined(chloe), joined(dora), expert];

/** Ada's announcement: for experts, of whom Bao is one, and for Chloe. Dora is outside. */
const early: Told = {
  to: at(post, talk),
  type: 'PostPublished',
  facts: { occurredAt: '2026-01-01T00:00:00.000Z' },
  data: {
    ...{ postId: talk, communityId: garden, authorId: ada.memberId, authorKind: 'MEMBER', kind: 'ANNOUNCEMENT' },
    earlyAccess: { opensAt: OPENS, audience: { roles: ['EXPERT'], memberIds: [chloe.memberId] } },
  },
};
const opened: Told = { to: at(post, talk), type: 'EarlyAccessOpened', data: {} };
const withdrawn: Told = { to: at(post, talk), type: 'EarlyAccessWithdrawn', data: {} };
const takenBack: Told = { to: at(post, talk), type: 'PostRetracted', data: {} };
const said = replied(firstAnswer, bao, { on: talk, kind: 'COMMENT' });

describe('publishing to an audience first', () => {
  test('a member says for whom it is, and when it opens; nobody is named twice', () => {
    const audience = { roles: ['EXPERT' as const, 'EXPERT' as const], memberIds: [bao.memberId, bao.memberId] };
    given(...open, registered(bao))
      .when(publishPost, { ...publish, earlyAccess: { opensAt: '2026-02-01T09:00:00Z', audience } }, chloe)
      .yields({
        type: 'PostPublished',
        data: { earlyAccess: { opensAt: OPENS, audience: { roles: ['EXPERT'], memberIds: [bao.memberId] } } },
        personal: words,
      });
  });

  test('a discussion may be, a question may not', () => {
    const of = (kind: 'DISCUSSION' | 'QUESTION') =>
      given(...open).when(publishPost, { ...publish, kind, earlyAccess: forExperts }, ada);
    of('DISCUSSION').yields({ type: 'PostPublished' });
    of('QUESTION').rejects('EARLY_ACCESS_TO_QUESTION');
  });

  test('an audience is never nobody, and the opening lies ahead', () => {
    const nobody = { opensAt: OPENS, audience: {} };
    given(...open)
      .when(publishPost, { ...publish, earlyAccess: nobody }, ada)
      .rejects('AUDIENCE_EMPTY');
    const now = { ...forExperts, opensAt: '2026-01-01T00:00:00.000Z' };
    given(...open)
      .when(publishPost, { ...publish, earlyAccess: now }, ada)
      .rejects('OPENING_IN_THE_PAST');
  });

  test('an audience names members that exist', () => {
    const audience = { memberIds: [bao.memberId, chloe.memberId] };
    given(...open, registered(bao))
      .when(publishPost, { ...publish, earlyAccess: { opensAt: OPENS, audience } }, ada)
      .rejects('MEMBER_NOT_FOUND');
  });

  test('whoever is no member publishes to no audience either', () => {
    given(founded(), joined(ada))
      .when(publishPost, { ...publish, earlyAccess: forExperts }, bao)
      .rejects('NOT_A_MEMBER');
  });

  test('without early access the event says nothing of it', () => {
    given(...open)
      .when(publishPost, publish, ada)
      .yields({ type: 'PostPublished', data: expect.not.objectContaining({ earlyAccess: expect.anything() }) });
  });
});

describe('before the opening', () => {
  const say = { postId: talk, body: 'How large is it?' };

  test('author, audience and admins take part; what they say carries that it was said then', () => {
    for (const who of [ada, bao, chloe])
      given(...open, early)
        .when(publishComment, say, who)
        .yields({ type: 'CommentPublished', data: { inEarlyAccess: true } });
  });

  test('to the others it is not there, whatever they ask', () => {
    const past = [...open, early, said];
    given(...past)
      .when(publishComment, say, dora)
      .rejects('POST_NOT_FOUND');
    given(...past)
      .when(editPost, { postId: talk, ...words }, dora)
      .rejects('POST_NOT_FOUND');
    given(...past)
      .when(retractPost, { postId: talk }, dora)
      .rejects('POST_NOT_FOUND');
    given(...past)
      .when(withdrawEarlyAccess, { postId: talk }, dora)
      .rejects('POST_NOT_FOUND');
    const react = { targetType: 'POST' as const, targetId: talk, kind: 'tada' };
    given(...past)
      .when(addReaction, react, dora)
      .rejects('TARGET_NOT_FOUND');
    given(...past)
      .when(addReaction, { ...react, targetType: 'COMMENT', targetId: firstAnswer }, dora)
      .rejects('TARGET_NOT_FOUND');
    given(...past, { ...asked, data: { ...asked.data, authorId: dora.memberId } })
      .when(markDuplicate, { postId: question, ofPostId: talk }, dora)
      .rejects('POST_NOT_FOUND');
  });

  test('the roles of the moment count: who holds one no longer is outside, who has got one is inside', () => {
    given(...open, early, roleEnded(bao, 'EXPERT', '66666666-0000-4000-8000-000000000001'))
      .when(publishComment, say, bao)
      .rejects('POST_NOT_FOUND');
    given(...open, early, assigned(dora, { role: 'EXPERT' }))
      .when(publishComment, say, dora)
      .yields({ type: 'CommentPublished' });
    given(...open, early, assigned(dora, { role: 'CURATOR' }))
      .when(publishComment, say, dora)
      .rejects('POST_NOT_FOUND');
  });

  test('reactions of the audience are as ever', () => {
    given(...open, early, said)
      .when(addReaction, { targetType: 'COMMENT', targetId: firstAnswer, kind: 'tada' }, chloe)
      .yields({ type: 'ReactionAdded', data: { postId: talk } });
  });

  test('whoever said something there may put it right or take it back, also from outside', () => {
    const past = [...open, early, said, roleEnded(bao, 'EXPERT', '66666666-0000-4000-8000-000000000001')];
    given(...past)
      .when(editComment, { commentId: firstAnswer, body: 'Smaller.' }, bao)
      .yields({ type: 'CommentEdited' });
    given(...past)
      .when(retractComment, { commentId: firstAnswer }, bao)
      .yields({ type: 'CommentRetracted', data: { inEarlyAccess: true } });
  });
});

describe('the opening', () => {
  const when = (past: readonly Told[], who: Principal = SYSTEM) =>
    given(...open, early, ...past).when(openEarlyAccess, { postId: talk }, who);

  test('carries the post', () => {
    when([]).yields({
      type: 'EarlyAccessOpened',
      data: {
        postId: talk,
        communityId: garden,
        authorId: ada.memberId,
        authorKind: 'MEMBER',
        kind: 'ANNOUNCEMENT',
        publishedAt: '2026-01-01T00:00:00.000Z',
        earlyAccess: { opensAt: OPENS, audience: { roles: ['EXPERT'], memberIds: [chloe.memberId] } },
      },
    });
  });

  test('happens by itself, once, and not when the post was taken back or stays with its audience', () => {
    when([], ada).rejects('NOT_ALLOWED');
    when([], admin).rejects('NOT_ALLOWED');
    for (const before of [opened, withdrawn, takenBack]) when([before]).yields();
  });

  test('makes the post one like any other', () => {
    given(...open, early, opened)
      .when(publishComment, { postId: talk, body: 'How large is it?' }, dora)
      .yields({ type: 'CommentPublished', data: expect.not.objectContaining({ inEarlyAccess: true }) });
  });
});

describe('withdrawing', () => {
  const when = (who: Principal, ...past: readonly Told[]) =>
    given(...open, early, ...past).when(withdrawEarlyAccess, { postId: talk }, who);

  test('is for the author, and for facilitators and admins who see the post', () => {
    when(ada).yields({ type: 'EarlyAccessWithdrawn', data: { postId: talk, withdrawnBy: ada.memberId } });
    when(admin).yields({ type: 'EarlyAccessWithdrawn' });
    when(chloe, assigned(chloe, { role: 'FACILITATOR' })).yields({ type: 'EarlyAccessWithdrawn' });
    when(bao).rejects('NOT_ALLOWED');
    when(dora, assigned(dora, { role: 'FACILITATOR' })).rejects('POST_NOT_FOUND');
  });

  test('comes before the opening or not at all, and twice changes nothing', () => {
    when(ada, opened).rejects('OPENED_ALREADY');
    when(ada, withdrawn).yields();
    when(ada, takenBack).rejects('POST_RETRACTED');
    given(...open, { ...early, data: { ...early.data, earlyAccess: undefined } })
      .when(withdrawEarlyAccess, { postId: talk }, ada)
      .rejects('NOT_IN_EARLY_ACCESS');
  });

  test('leaves the post to its audience, and keeps it from the others for good', () => {
    const say = { postId: talk, body: 'Still here.' };
    given(...open, early, withdrawn)
      .when(publishComment, say, bao)
      .yields({ type: 'CommentPublished' });
    given(...open, early, withdrawn)
      .when(publishComment, say, dora)
      .rejects('POST_NOT_FOUND');
  });
});

describe('taking back', () => {
  test('says whether it was open by then', () => {
    const when = (...past: readonly Told[]) => given(...open, early, ...past).when(retractPost, { postId: talk }, ada);
    when().yields({ type: 'PostRetracted', data: { earlyAccess: 'CLOSED' } });
    when(withdrawn).yields({ type: 'PostRetracted', data: { earlyAccess: 'CLOSED' } });
    when(opened).yields({ type: 'PostRetracted', data: { earlyAccess: 'OPENED' } });
  });
});

describe('the process', () => {
  const timers = (told: Told) => process.timers?.[told.type]?.(told.data as never, {} as never) ?? [];

  test('sets a timer for the time that was set, and stops it once there is nothing to open', () => {
    expect(timers(early)).toEqual([
      {
        op: 'set',
        name: talk,
        dueAt: OPENS,
        order: { command: 'OpenEarlyAccess', input: { postId: talk, opensAt: OPENS } },
      },
    ]);
    expect(timers(asked)).toEqual([]);
    const stop = [{ op: 'stop', name: talk }];
    for (const told of [opened, withdrawn]) expect(timers({ ...told, data: { postId: talk } })).toEqual(stop);
    expect(timers({ ...takenBack, data: { postId: talk, earlyAccess: 'CLOSED' } })).toEqual(stop);
    expect(timers({ ...takenBack, data: { postId: talk } })).toEqual([]);
  });
});
