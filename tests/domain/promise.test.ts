import { describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/decider.ts';
import { publishComment } from '../../src/domain/comment.ts';
import { promiseFor } from '../../src/domain/promise-terms.ts';
import {
  breachPromise,
  closePromise,
  fulfilPromise,
  restorePromise,
  warnOfBreach,
} from '../../src/domain/promise-turns.ts';
import { declareResponsePromise, defineWorkingCalendar } from '../../src/domain/promising.ts';
import { publishPost } from '../../src/domain/publishing.ts';
import { agreeToRenegotiation, declineRenegotiation, renegotiatePromise } from '../../src/domain/renegotiation.ts';
import { given } from '../support/given.ts';
import {
  askedForTime,
  became,
  becameAgain,
  DUE,
  declared,
  declinedTime,
  LATER,
  PROPOSAL,
  promisedTo,
  renegotiated,
  response,
  SECOND,
  WARN,
  worksOnWeekdays,
} from '../support/promise-story.ts';
import {
  acceptedIn,
  ada,
  admin,
  archived,
  asked,
  assigned,
  bao,
  chloe,
  firstAnswer,
  founded,
  garden,
  hidden,
  joined,
  other,
  published,
  question,
  repeated,
  repeatsNone,
} from '../support/story.ts';

const without = (field: string): object => expect.not.objectContaining({ [field]: expect.anything() });
const open = [founded(), joined(ada), joined(bao)];
const HOUR = 3_600;
const declare = { communityId: garden, firstResponseSeconds: 4 * HOUR };
const week = [1, 2, 3, 4, 5].map((day) => ({ day, from: '09:00', to: '17:00' }));
const calendar = { communityId: garden, timeZone: 'Europe/Paris', weeklyHours: week };

describe('what is promised falls due within a year', () => {
  const halfAnHour = [{ day: 1, from: '09:00', to: '09:40' }];
  test('a promise that a calendar may not keep within it is refused, whichever is declared last', () => {
    const sparse = { ...calendar, weeklyHours: halfAnHour };
    given(founded(), declared({ first: 200 * HOUR }))
      .when(defineWorkingCalendar, sparse, ada)
      .rejects('PROMISE_BEYOND_HORIZON');
    given(founded(), declared({ first: 4 * HOUR, resolution: 200 * HOUR }))
      .when(defineWorkingCalendar, sparse, ada)
      .rejects('PROMISE_BEYOND_HORIZON');
    given(founded(), declared({ first: 4 * HOUR }))
      .when(defineWorkingCalendar, sparse, ada)
      .yields({ type: 'WorkingCalendarDefined' });
    given(founded(), worksOnWeekdays)
      .when(declareResponsePromise, { ...declare, resolutionSeconds: 300 * 24 * HOUR }, ada)
      .rejects('PROMISE_BEYOND_HORIZON');
    given(founded())
      .when(declareResponsePromise, { ...declare, resolutionSeconds: 366 * 24 * HOUR }, ada)
      .yields({ type: 'ResponsePromiseDeclared' });
  });

  test('nobody proposes a later time', () => {
    given(...open, assigned(bao, { role: 'EXPERT' }), promisedTo(ada))
      .when(
        renegotiatePromise,
        { postId: question, target: 'FIRST_RESPONSE', dueAt: '2028-01-01T00:00:00Z', reason: 'Later' },
        bao,
      )
      .rejects('PROMISE_BEYOND_HORIZON');
  });
});

describe('declaring a promise', () => {
  test('whoever steers the community declares it, and each change is a version', () => {
    given(founded())
      .when(declareResponsePromise, declare, ada)
      .yields({
        type: 'ResponsePromiseDeclared',
        data: { policyVersion: 1, firstResponseSeconds: 14_400, resolutionSeconds: null, warnPercent: 25 },
      });
    given(founded(), declared())
      .when(declareResponsePromise, { ...declare, resolutionSeconds: 5 * HOUR }, admin)
      .yields({ type: 'ResponsePromiseDeclared', data: { policyVersion: 2, resolutionSeconds: 18_000 } });
  });

  test('the same promise again is no version', () => {
    given(founded(), declared()).when(declareResponsePromise, declare, ada).yields();
  });

  test('nobody else declares it, and none in an archived community', () => {
    given(...open)
      .when(declareResponsePromise, declare, bao)
      .rejects('NOT_ALLOWED');
    given(hidden()).when(declareResponsePromise, declare, bao).rejects('COMMUNITY_NOT_FOUND');
    given(founded(), archived).when(declareResponsePromise, declare, ada).rejects('COMMUNITY_ARCHIVED');
  });

  test('newcomers wait no longer than others, and nothing is resolved before it is answered', () => {
    const contradicts = (more: object) =>
      given(founded())
        .when(declareResponsePromise, { ...declare, ...more }, ada)
        .rejects('PROMISE_CONTRADICTS');
    contradicts({ newcomerFirstResponseSeconds: 5 * HOUR });
    contradicts({ resolutionSeconds: 3 * HOUR });
  });
});

describe('defining a working calendar', () => {
  test('whoever steers the community defines it, and each change is a version', () => {
    given(founded())
      .when(defineWorkingCalendar, { ...calendar, holidays: ['2026-12-25', '2026-05-01', '2026-12-25'] }, ada)
      .yields({
        type: 'WorkingCalendarDefined',
        data: {
          calendarVersion: 1,
          timeZone: 'Europe/Paris',
          weeklyHours: week,
          holidays: ['2026-05-01', '2026-12-25'],
        },
      });
    given(founded(), worksOnWeekdays)
      .when(defineWorkingCalendar, calendar, ada)
      .yields({ type: 'WorkingCalendarDefined', data: { calendarVersion: 4 } });
    given(founded(), worksOnWeekdays)
      .when(defineWorkingCalendar, { ...calendar, timeZone: 'UTC', holidays: ['2026-01-01'] }, ada)
      .yields();
  });

  test('one on which nobody works is refused', () => {
    given(founded())
      .when(defineWorkingCalendar, { ...calendar, weeklyHours: [] }, ada)
      .rejects('CALENDAR_WITHOUT_HOURS');
    given(founded())
      .when(defineWorkingCalendar, { ...calendar, timeZone: 'Moon/Tycho' }, ada)
      .rejects('CALENDAR_WITHOUT_HOURS');
  });

  test('nobody else defines it', () => {
    given(...open)
      .when(defineWorkingCalendar, calendar, bao)
      .rejects('NOT_ALLOWED');
  });
});

describe('a question', () => {
  const publish = { communityId: garden, kind: 'QUESTION', title: 'Which spade?', body: 'Heavy soil.' } as const;
  // Asked on a holiday, Thursday, January 1st 2026 at midnight.
  test('carries what was promised when it was asked', () => {
    given(...open, declared({ resolution: 10 * HOUR }), worksOnWeekdays)
      .when(publishPost, publish, bao)
      .yields({
        type: 'PostPublished',
        data: {
          promise: {
            policyVersion: 1,
            calendarVersion: 3,
            isTighter: false,
            firstResponse: { dueAt: '2026-01-02T13:00:00.000Z', warnAt: '2026-01-02T12:00:00.000Z' },
            resolution: { dueAt: '2026-01-05T11:00:00.000Z', warnAt: '2026-01-02T16:30:00.000Z' },
          },
        },
      });
  });

  test('is promised every hour of the day where no calendar is defined', () => {
    given(...open, declared())
      .when(publishPost, publish, bao)
      .yields({
        type: 'PostPublished',
        data: {
          promise: { calendarVersion: null, firstResponse: { dueAt: '2026-01-01T04:00:00.000Z' }, resolution: null },
        },
      });
  });

  test.each([
    ['in a community that promises nothing', [...open], publish, bao],
    ['no question at all', [...open, declared()], { ...publish, kind: 'DISCUSSION' as const }, bao],
    ['by a service account', [...open, declared()], publish, { ...bao, kind: 'SERVICE' as const }],
  ])('%s carries none', (_, past, input, actor) => {
    given(...past)
      .when(publishPost, input, actor)
      .yields({ type: 'PostPublished', data: without('promise') });
  });

  test('of a newcomer is promised a sooner response, and never a later one for want of knowing', () => {
    const policy = {
      policyVersion: 1,
      firstResponseSeconds: 8 * HOUR,
      resolutionSeconds: null,
      newcomerFirstResponseSeconds: HOUR,
      warnPercent: 50,
    };
    const terms = { policy, calendar: null };
    expect(promiseFor(terms, '2026-01-01T00:00:00.000Z', true)).toMatchObject({
      isTighter: true,
      firstResponse: { dueAt: '2026-01-01T01:00:00.000Z', warnAt: '2026-01-01T00:30:00.000Z' },
    });
    expect(promiseFor(terms, '2026-01-01T00:00:00.000Z', false)).toMatchObject({
      isTighter: false,
      firstResponse: { dueAt: '2026-01-01T08:00:00.000Z' },
    });
  });

  test.each([
    ['a first contribution', false, true],
    ['any other one', true, false],
    ['one of which nobody knows in time', null, false],
  ])('%s is asked with the promise that is due to it', (_, answer, isTighter) => {
    given(...open, declared({ newcomer: 3_600 }))
      .when(publishPost, publish, bao, { answer })
      .yields({ type: 'PostPublished', data: { promise: expect.objectContaining({ isTighter }) } });
  });

  test('is responded to by another member, not by its asker and not by a service account', () => {
    const past = [...open, promisedTo(ada)];
    const reply = { postId: question, body: 'A garden fork.' };
    const responds = { type: 'CommentPublished', data: { respondsToPromise: true } };
    const not = { type: 'CommentPublished', data: without('respondsToPromise') };
    given(...past)
      .when(publishComment, reply, bao)
      .yields(responds);
    given(...past)
      .when(publishComment, { ...reply, kind: 'ANSWER' }, bao)
      .yields(responds);
    given(...past)
      .when(publishComment, reply, ada)
      .yields(not);
    given(...past)
      .when(publishComment, reply, { ...bao, kind: 'SERVICE' })
      .yields(not);
    given(...open, asked)
      .when(publishComment, reply, bao)
      .yields(not);
  });
});

describe('as time passes', () => {
  const soon = { postId: question, target: 'FIRST_RESPONSE', dueAt: DUE } as const;
  const past = [...open, promisedTo(ada)];
  const turn = (type: string, more: object = {}) => ({
    type,
    data: { postId: question, communityId: garden, target: 'FIRST_RESPONSE', dueAt: DUE, ...more },
  });

  test('a breach becomes imminent once, while nobody has answered', () => {
    given(...past)
      .when(warnOfBreach, soon, SYSTEM)
      .yields(turn('BreachBecameImminent'));
    for (const before of ['BreachBecameImminent', 'PromiseKept', 'PromiseCancelled', 'PromiseBreached'] as const)
      given(...past, became(before))
        .when(warnOfBreach, soon, SYSTEM)
        .yields();
  });

  test('a promise is breached once, and not when it was kept or is no longer owed', () => {
    given(...past)
      .when(breachPromise, soon, SYSTEM)
      .yields(turn('PromiseBreached'));
    for (const before of ['PromiseKept', 'PromiseCancelled', 'PromiseBreached'] as const)
      given(...past, became(before))
        .when(breachPromise, soon, SYSTEM)
        .yields();
  });

  test('a response that came too late leaves the breach on record, whichever was noticed first', () => {
    given(...past, became('PromiseFulfilledLate'))
      .when(breachPromise, soon, SYSTEM)
      .yields(turn('PromiseBreached'));
  });

  test('a response is judged by when it was given, equal being in time', () => {
    const kept = turn('PromiseKept', { commentId: firstAnswer });
    given(...past)
      .when(fulfilPromise, response(WARN), SYSTEM)
      .yields(kept);
    given(...past)
      .when(fulfilPromise, response(DUE), SYSTEM)
      .yields(kept);
    given(...past)
      .when(fulfilPromise, response('2026-01-02T10:00:00.001Z'), SYSTEM)
      .yields(turn('PromiseFulfilledLate'));
  });

  test('a response in time keeps a promise that was taken for broken, and one kept stays kept', () => {
    given(...past, became('PromiseBreached'), became('PromiseFulfilledLate'))
      .when(fulfilPromise, response(WARN), SYSTEM)
      .yields(turn('PromiseKept'));
    given(...past, became('PromiseKept'))
      .when(fulfilPromise, response(LATER), SYSTEM)
      .yields();
  });

  test('what is still open when the question is taken back is cancelled in time, and lapses after it', () => {
    given(...past)
      .when(closePromise, { postId: question, at: WARN }, SYSTEM)
      .yields(turn('PromiseCancelled'), turn('PromiseCancelled', { target: 'RESOLUTION', dueAt: LATER }));
    given(...past, became('PromiseBreached'))
      .when(closePromise, { postId: question, at: '2026-01-03T00:00:00.000Z' }, SYSTEM)
      .yields(turn('PromiseLapsed'), turn('PromiseCancelled', { target: 'RESOLUTION', dueAt: LATER }));
    given(...past, became('PromiseKept'), became('PromiseKept', 'RESOLUTION'))
      .when(closePromise, { postId: question, at: LATER }, SYSTEM)
      .yields();
  });

  test('an answer that its asker found alone ends the wait for a response, and says so', () => {
    given(...past)
      .when(closePromise, { postId: question, at: WARN, cause: 'RESOLVED' }, SYSTEM)
      .yields(turn('PromiseCancelled', { cause: 'RESOLVED' }));
    given(...past, became('PromiseKept'))
      .when(closePromise, { postId: question, at: WARN, cause: 'RESOLVED' }, SYSTEM)
      .yields();
  });

  test('in an archived community nothing is breached, or warned of', () => {
    given(...past, archived)
      .when(breachPromise, soon, SYSTEM)
      .yields(turn('PromiseCancelled', { cause: 'ARCHIVED' }));
    given(...past, archived)
      .when(warnOfBreach, soon, SYSTEM)
      .yields();
    given(...past, archived, became('PromiseFulfilledLate'))
      .when(breachPromise, soon, SYSTEM)
      .yields(turn('PromiseBreached'));
  });

  describe('of a question that repeats another', () => {
    const repeats = [...past, published(other, ada, 'QUESTION'), repeated];
    const answered = [...repeats, acceptedIn(other)];
    const close = { postId: question, at: WARN, cause: 'DUPLICATE' } as const;

    test('nothing is owed once the other one is answered, and everything before', () => {
      given(...repeats)
        .when(closePromise, close, SYSTEM)
        .yields();
      given(...answered)
        .when(closePromise, close, SYSTEM)
        .yields(
          turn('PromiseCancelled', { cause: 'DUPLICATE' }),
          turn('PromiseCancelled', { target: 'RESOLUTION', dueAt: LATER, cause: 'DUPLICATE' }),
        );
      given(...repeats)
        .when(breachPromise, soon, SYSTEM)
        .yields(turn('PromiseBreached'));
      given(...answered)
        .when(breachPromise, soon, SYSTEM)
        .yields(turn('PromiseCancelled', { cause: 'DUPLICATE' }));
    });

    test('it is owed again when the mark is taken back, and not what ended for another cause', () => {
      const ended = became('PromiseCancelled', 'FIRST_RESPONSE', DUE, 'DUPLICATE');
      given(...answered, ended)
        .when(restorePromise, { postId: question }, SYSTEM)
        .yields();
      given(...answered, ended, became('PromiseKept', 'RESOLUTION'), repeatsNone)
        .when(restorePromise, { postId: question }, SYSTEM)
        .yields(turn('PromiseRestored', { warnAt: WARN }));
      given(...past, became('PromiseCancelled', 'FIRST_RESPONSE', DUE, 'ARCHIVED'))
        .when(restorePromise, { postId: question }, SYSTEM)
        .yields();
      given(...answered, ended, repeatsNone, becameAgain)
        .when(breachPromise, soon, SYSTEM)
        .yields(turn('PromiseBreached'));
    });
  });

  test('nothing of the old time happens once another was agreed upon', () => {
    const moved = [...past, became('BreachBecameImminent'), renegotiated(bao)];
    given(...moved)
      .when(breachPromise, soon, SYSTEM)
      .yields();
    given(...moved)
      .when(warnOfBreach, { ...soon, dueAt: LATER }, SYSTEM)
      .yields(turn('BreachBecameImminent', { dueAt: LATER }));
    given(...moved)
      .when(fulfilPromise, response('2026-01-03T00:00:00.000Z'), SYSTEM)
      .yields(turn('PromiseKept', { dueAt: LATER }));
  });

  test('people cannot bring any of it about', () => {
    given(...past)
      .when(breachPromise, soon, admin)
      .rejects('NOT_ALLOWED');
    given(...past)
      .when(warnOfBreach, soon, ada)
      .rejects('NOT_ALLOWED');
    given(...past)
      .when(fulfilPromise, response(WARN), bao)
      .rejects('NOT_ALLOWED');
    given(...past)
      .when(closePromise, { postId: question, at: WARN }, ada)
      .rejects('NOT_ALLOWED');
    given(...past)
      .when(restorePromise, { postId: question }, admin)
      .rejects('NOT_ALLOWED');
  });
});

describe('renegotiating', () => {
  const helped = [...open, assigned(bao, { role: 'EXPERT' })];
  const past = [...helped, promisedTo(ada)];
  const more = { postId: question, dueAt: LATER, reason: 'The gardener is away.' };
  const proposed = {
    type: 'RenegotiationProposed',
    data: { target: 'FIRST_RESPONSE', dueAt: DUE, proposedDueAt: LATER, proposedBy: bao.memberId },
    personal: { reason: 'The gardener is away.' },
  };
  const moved = { type: 'PromiseRenegotiated', data: { dueAt: LATER, formerDueAt: DUE, agreedBy: ada.memberId } };

  test('an expert asks for more time, and nothing changes until the asker agrees', () => {
    given(...past)
      .when(renegotiatePromise, more, bao)
      .yields(proposed);
    given(...past, askedForTime(bao))
      .when(agreeToRenegotiation, { postId: question }, ada)
      .yields(moved);
  });

  test('who asked may give more time at once', () => {
    given(...past)
      .when(renegotiatePromise, more, ada)
      .yields({ ...proposed, data: { proposedBy: ada.memberId } }, moved);
  });

  test('nobody agrees in the place of who asked', () => {
    for (const other of [bao, admin])
      given(...past, askedForTime(bao))
        .when(agreeToRenegotiation, { postId: question }, other)
        .rejects('NOT_ALLOWED');
  });

  test('a new proposal withdraws the one that is open, and then only the one that was read can be agreed to', () => {
    const again = [...past, askedForTime(bao, LATER, PROPOSAL)];
    given(...again)
      .when(renegotiatePromise, { ...more, dueAt: '2026-01-04T10:00:00.000Z' }, bao)
      .yields(
        { type: 'RenegotiationProposed', data: { proposedDueAt: '2026-01-04T10:00:00.000Z' } },
        { type: 'RenegotiationWithdrawn', data: { proposalId: PROPOSAL, withdrawnBy: bao.memberId } },
      );
    const replaced = [...again, askedForTime(bao, '2026-01-04T10:00:00.000Z', SECOND)];
    const agree = { postId: question };
    given(...replaced)
      .when(agreeToRenegotiation, agree, ada)
      .rejects('PROPOSAL_AMBIGUOUS');
    given(...replaced)
      .when(agreeToRenegotiation, { ...agree, proposalId: PROPOSAL }, ada)
      .rejects('NO_PROPOSAL');
    given(...replaced)
      .when(agreeToRenegotiation, { ...agree, proposalId: SECOND }, ada)
      .yields({ type: 'PromiseRenegotiated', data: { dueAt: '2026-01-04T10:00:00.000Z', proposalId: SECOND } });
  });

  test('who asked declines a proposal, with or without saying why, and nothing changes', () => {
    const open = [...past, askedForTime(bao, LATER, PROPOSAL)];
    const decline = { postId: question, proposalId: PROPOSAL };
    given(...open)
      .when(declineRenegotiation, { ...decline, reason: 'The visit is on Friday.' }, ada)
      .yields({
        type: 'RenegotiationDeclined',
        data: { dueAt: DUE, proposalId: PROPOSAL, declinedBy: ada.memberId },
        personal: { reason: 'The visit is on Friday.' },
      });
    given(...open)
      .when(declineRenegotiation, decline, ada)
      .yields({ type: 'RenegotiationDeclined', personal: { reason: null } });
    given(...open)
      .when(declineRenegotiation, decline, bao)
      .rejects('NOT_ALLOWED');
    given(...open, declinedTime(PROPOSAL))
      .when(agreeToRenegotiation, decline, ada)
      .rejects('NO_PROPOSAL');
  });

  test('there must be something to agree to', () => {
    given(...past)
      .when(agreeToRenegotiation, { postId: question }, ada)
      .rejects('NO_PROPOSAL');
    given(...past, askedForTime(bao), renegotiated(bao))
      .when(agreeToRenegotiation, { postId: question }, ada)
      .rejects('NO_PROPOSAL');
  });

  test('a promise moves to a later time only', () => {
    given(...past)
      .when(renegotiatePromise, { ...more, dueAt: WARN }, bao)
      .rejects('DUE_NOT_LATER');
    given(...past)
      .when(renegotiatePromise, { ...more, dueAt: DUE }, bao)
      .rejects('DUE_NOT_LATER');
  });

  test('a promise that is over is not moved any more', () => {
    const early = promisedTo(ada, { firstResponse: { dueAt: '2025-12-31T23:59:59.000Z', warnAt: WARN } });
    given(...helped, early)
      .when(renegotiatePromise, more, bao)
      .rejects('PROMISE_OVERDUE');
    given(...open, early, askedForTime(bao))
      .when(agreeToRenegotiation, { postId: question }, ada)
      .rejects('PROMISE_OVERDUE');
    given(...past, became('PromiseBreached'))
      .when(renegotiatePromise, more, bao)
      .rejects('PROMISE_OVERDUE');
    given(...past, became('PromiseKept'))
      .when(renegotiatePromise, more, bao)
      .rejects('PROMISE_SETTLED');
  });

  test('where nothing was promised there is nothing to renegotiate', () => {
    given(...helped, asked)
      .when(renegotiatePromise, more, bao)
      .rejects('NO_PROMISE');
    given(...helped, promisedTo(ada, { resolution: null }))
      .when(renegotiatePromise, { ...more, target: 'RESOLUTION' }, bao)
      .rejects('NO_PROMISE');
  });

  test('only facilitators, experts and who asked ask for time', () => {
    given(...open, joined(chloe), promisedTo(ada))
      .when(renegotiatePromise, more, chloe)
      .rejects('NOT_ALLOWED');
    given(...open, joined(chloe), assigned(chloe, { role: 'FACILITATOR' }), promisedTo(ada))
      .when(renegotiatePromise, more, chloe)
      .yields({ type: 'RenegotiationProposed' });
  });

  test('a first response is never due after the resolution: that is moved first', () => {
    const later = { ...more, dueAt: '2026-01-06T10:00:00Z' };
    given(...past)
      .when(renegotiatePromise, later, bao)
      .rejects('PROMISE_CONTRADICTS');
    given(...past)
      .when(renegotiatePromise, { ...later, target: 'RESOLUTION' }, bao)
      .yields({ type: 'RenegotiationProposed' });
    given(...helped, promisedTo(ada, { resolution: null }))
      .when(renegotiatePromise, later, bao)
      .yields({ type: 'RenegotiationProposed' });
  });

  test('only members ask for time', () => {
    given(...past)
      .when(renegotiatePromise, more, chloe)
      .rejects('NOT_A_MEMBER');
    given(hidden(), joined(ada), promisedTo(ada)).when(renegotiatePromise, more, chloe).rejects('POST_NOT_FOUND');
  });
});
