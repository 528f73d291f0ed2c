import { describe, expect, test } from 'vitest';
import { activateCommunity } from '../../src/domain/activation.ts';
import { adoptCharter } from '../../src/domain/charter.ts';
import { acknowledgeExpectations, retireExpectation, stateExpectation } from '../../src/domain/expectation.ts';
import { foundCommunity } from '../../src/domain/founding.ts';
import { closeObjective, setObjective } from '../../src/domain/objective.ts';
import { setActivationRule } from '../../src/domain/organisation.ts';
import { given, NEW_ID, type Told } from '../support/given.ts';
import { declared } from '../support/promise-story.ts';
import {
  acknowledged,
  ada,
  admin,
  aimed,
  anchored,
  archived,
  assigned,
  bao,
  charter,
  chartered,
  closedProject,
  expectation,
  expected,
  forming,
  founded,
  foundersRole,
  garden,
  joined,
  left,
  objective,
  registeredProject,
  roleEnded,
  strict,
} from '../support/story.ts';

describe('a charter', () => {
  const adopt = { communityId: garden, purpose: 'To grow.', inScope: 'Trees.' };

  test('has a version, which its next wording raises', () => {
    given(founded())
      .when(adoptCharter, adopt, ada)
      .yields({ type: 'CharterAdopted', data: { communityId: garden, version: 1, ...charter } });
    given(founded(), chartered(), chartered(2))
      .when(adoptCharter, { ...adopt, outOfScope: 'Flowers.' }, ada)
      .yields({ type: 'CharterAdopted', data: { version: 3, outOfScope: 'Flowers.' } });
  });

  test('in the same words is the same charter', () => {
    given(founded(), chartered()).when(adoptCharter, adopt, ada).yields();
  });

  test('is written by facilitators and admins', () => {
    given(founded()).when(adoptCharter, adopt, admin).yields({ type: 'CharterAdopted' });
    given(founded(), joined(bao)).when(adoptCharter, adopt, bao).rejects('NOT_ALLOWED');
    given(founded(), archived).when(adoptCharter, adopt, ada).rejects('COMMUNITY_ARCHIVED');
  });

  test('says what the community is for', () => {
    expect(adoptCharter.input.safeParse({ ...adopt, purpose: '  ' }).success).toBe(false);
    expect(adoptCharter.input.safeParse({ ...adopt, inScope: '' }).success).toBe(false);
  });
});

describe('an objective', () => {
  const aim = {
    communityId: garden,
    statistic: 'response.repliedRate',
    baseline: 0.4,
    target: 0.8,
    windowDays: 90,
    dueAt: '2026-12-31T00:00:00.000Z',
  } as const;

  test('aims at a statistic', () => {
    given(founded())
      .when(setObjective, aim, ada)
      .yields({ type: 'ObjectiveSet', data: { ...aim, objectiveId: NEW_ID } });
    given(founded()).when(setObjective, aim, bao).rejects('NOT_ALLOWED');
  });

  test('may want less of something', () => {
    given(founded())
      .when(setObjective, { ...aim, baseline: 0.8, target: 0.4 }, ada)
      .yields({ type: 'ObjectiveSet' });
  });

  test('that changes nothing, or is due already, is refused', () => {
    given(founded())
      .when(setObjective, { ...aim, target: 0.4 }, ada)
      .rejects('TARGET_IS_BASELINE');
    given(founded())
      .when(setObjective, { ...aim, dueAt: '2026-01-01T00:00:00.000Z' }, ada)
      .rejects('DUE_IN_THE_PAST');
  });

  test.each(['retention', 'conversion', 'participation.levels', 'leaders.example', 'courage.funnel', 'happiness'])(
    'cannot aim at %s, which has no one value',
    (statistic) => {
      const read = setObjective.input.safeParse({ ...aim, statistic });
      expect(read.success).toBe(false);
      expect(read.error?.issues[0]).toMatchObject({ path: ['statistic'] });
      expect(read.error?.issues[0]?.message).toContain('response.repliedRate');
    },
  );

  test.each([0, 367, 1.5])('has a window of 1 to 366 whole days, never %s', (windowDays) => {
    expect(setObjective.input.safeParse({ ...aim, windowDays }).success).toBe(false);
  });

  test('is closed once, with what became of it', () => {
    const close = { communityId: garden, objectiveId: objective, outcome: 'REACHED' } as const;
    given(founded(), aimed).when(closeObjective, close, ada).yields({ type: 'ObjectiveClosed', data: close });
    given(founded()).when(closeObjective, close, ada).rejects('OBJECTIVE_NOT_FOUND');
    given(founded(), aimed, { ...aimed, type: 'ObjectiveClosed', data: close })
      .when(closeObjective, close, ada)
      .rejects('OBJECTIVE_NOT_FOUND');
  });
});

describe('an expectation', () => {
  const state = {
    communityId: garden,
    behaviour: 'Answer a question a week.',
    measure: { of: 'ANSWERS', atLeast: 1, per: 'WEEK' },
  } as const;
  const retired: Told = {
    ...expected(),
    type: 'ExpectationRetired',
    data: { communityId: garden, expectationId: expectation, version: 2 },
  };

  test('makes a new version, and so does taking it back', () => {
    given(founded(), expected())
      .when(stateExpectation, state, ada)
      .yields({
        type: 'ExpectationStated',
        data: { expectationId: NEW_ID, version: 2, audience: 'EVERYBODY', measure: state.measure },
      });
    given(founded(), expected())
      .when(retireExpectation, { communityId: garden, expectationId: expectation }, ada)
      .yields({ type: 'ExpectationRetired', data: { version: 2 } });
  });

  test('that is not there cannot be taken back', () => {
    const retire = { communityId: garden, expectationId: expectation };
    given(founded()).when(retireExpectation, retire, ada).rejects('EXPECTATION_NOT_FOUND');
    given(founded(), expected(), retired).when(retireExpectation, retire, ada).rejects('EXPECTATION_NOT_FOUND');
  });

  test('is stated by facilitators and admins', () => {
    given(founded(), joined(bao)).when(stateExpectation, state, bao).rejects('NOT_ALLOWED');
    given(founded()).when(stateExpectation, state, admin).yields({ type: 'ExpectationStated' });
  });

  test.each([0, 1_001, 1.5])('is measured in whole numbers from 1 to 1,000, never %s', (atLeast) => {
    const measure = { ...state.measure, atLeast };
    expect(stateExpectation.input.safeParse({ ...state, measure }).success).toBe(false);
  });

  const read = (version: number) => ({ communityId: garden, version });
  const here = [founded(), expected(), joined(bao)];

  test('is acknowledged by members, in the version that holds', () => {
    given(...here)
      .when(acknowledgeExpectations, read(1), bao)
      .yields({ type: 'ExpectationsAcknowledged', data: { memberId: bao.memberId, version: 1 } });
    given(...here, expected(2))
      .when(acknowledgeExpectations, read(1), bao)
      .rejects('EXPECTATIONS_CHANGED');
    given(...here)
      .when(acknowledgeExpectations, read(2), bao)
      .rejects('EXPECTATIONS_CHANGED');
    given(founded(), expected()).when(acknowledgeExpectations, read(1), bao).rejects('NOT_A_MEMBER');
  });

  test('is acknowledged once, and anew by who comes back', () => {
    given(...here, acknowledged(bao, 1))
      .when(acknowledgeExpectations, read(1), bao)
      .yields();
    given(...here, acknowledged(bao, 1), left(bao), joined(bao))
      .when(acknowledgeExpectations, read(1), bao)
      .yields({ type: 'ExpectationsAcknowledged' });
  });
});

describe('activation', () => {
  const activate = { communityId: garden };
  const whole = [
    strict,
    forming(),
    registeredProject(),
    anchored,
    chartered(),
    aimed,
    expected(),
    assigned(bao, { role: 'SPONSOR' }),
    declared(),
  ];
  const without = (...missing: readonly Told[]) => whole.filter((told) => !missing.includes(told));
  const [, , , anchor, words, aim, ask, sponsor, promise] = whole as [
    ...[Told, Told, Told, Told, Told],
    ...[Told, Told, Told, Told],
  ];

  test('under a strict rule a founded community is forming', () => {
    given(strict)
      .when(foundCommunity, { name: 'Garden', slug: 'garden' }, ada)
      .yields({ type: 'CommunityFounded', data: { status: 'FORMING' } });
  });

  test('follows when everything is there', () => {
    given(...whole)
      .when(activateCommunity, activate, ada)
      .yields({ type: 'CommunityActivated', data: activate });
    given(...whole)
      .when(activateCommunity, activate, bao)
      .rejects('NOT_ALLOWED');
  });

  test.each([
    ['a charter', without(words), 'CHARTER_MISSING'],
    ['a project', without(anchor), 'PROJECT_MISSING'],
    ['a project that is open', [...whole, closedProject], 'PROJECT_MISSING'],
    ['an objective', without(aim), 'OBJECTIVE_MISSING'],
    ['an expectation', without(ask), 'EXPECTATION_MISSING'],
    ['a promise', without(promise), 'PROMISE_MISSING'],
    ['a sponsor', without(sponsor), 'SPONSOR_MISSING'],
  ])('needs %s', (_, told, code) => {
    given(...told)
      .when(activateCommunity, activate, ada)
      .rejects(code);
  });

  test('needs a facilitator', () => {
    given(...whole, roleEnded(ada, 'FACILITATOR', foundersRole))
      .when(activateCommunity, activate, admin)
      .rejects('FACILITATOR_MISSING');
  });

  test('is refused with all that is missing', () => {
    const told = given(strict, forming(), roleEnded(ada, 'FACILITATOR', foundersRole));
    expect(() => told.when(activateCommunity, activate, admin).yields()).toThrow(
      expect.objectContaining({
        others: [
          expect.objectContaining({ code: 'PROJECT_MISSING' }),
          expect.objectContaining({ code: 'OBJECTIVE_MISSING' }),
          expect.objectContaining({ code: 'EXPECTATION_MISSING' }),
          expect.objectContaining({ code: 'PROMISE_MISSING' }),
          expect.objectContaining({ code: 'FACILITATOR_MISSING' }),
          expect.objectContaining({ code: 'SPONSOR_MISSING' }),
        ],
      }),
    );
  });

  test('of what is active changes nothing, and a relaxed rule asks for nothing', () => {
    given(strict, founded()).when(activateCommunity, activate, ada).yields();
    given(forming()).when(activateCommunity, activate, ada).yields({ type: 'CommunityActivated' });
  });

  test('is ruled by admins', () => {
    given().when(setActivationRule, { rule: 'STRICT' }, admin).yields({ type: 'ActivationRuleSet' });
    given(strict).when(setActivationRule, { rule: 'STRICT' }, admin).yields();
    given().when(setActivationRule, { rule: 'RELAXED' }, admin).yields();
    given().when(setActivationRule, { rule: 'STRICT' }, ada).rejects('NOT_ALLOWED');
  });
});
