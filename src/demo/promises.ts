import { SYSTEM } from '../core/decider.ts';
import { commands } from '../domain/index.ts';
import { type PromiseTerms, promiseFor, type TargetName, targetOf, warningAt } from '../domain/promise-terms.ts';
import { breachPromise, closePromise, fulfilPromise, warnOfBreach } from '../domain/promise-turns.ts';
import { dueAfter, workingSeconds } from '../domain/working-time.ts';
import { HOUR, MINUTE } from './calendar.ts';
import { type Planned, principal } from './script.ts';
import type { Language } from './texts/topic.ts';

/** What a demo community promises, and who speaks for it. */
export type DemoPromise = { readonly terms: PromiseTerms; readonly facilitatorId: string; readonly language: Language };

const MORE_TIME: Readonly<Record<Language, readonly [string, ...string[]]>> = {
  FR: [
    'La personne qui sait est en déplacement, elle rentre après-demain.',
    'Il faut vérifier sur place avant de répondre n’importe quoi.',
    'On attend le retour du fournisseur, rien de fiable avant.',
  ],
  EN: [
    'Whoever knows this is travelling until the day after tomorrow.',
    'We would rather look at it on site than guess.',
    'The supplier has not come back to us yet.',
  ],
};

type Facts = {
  readonly asked: Planned;
  readonly promise: DemoPromise;
  readonly isFirst: boolean;
  response?: Planned;
  acceptance?: Planned;
  retraction?: Planned;
};

/**
 * What became of the promises of a history, told by the seed itself: no process goes back to what was before it. A question
 * that would still be waiting in time when the history ends was never asked, for nobody would come back to it either.
 */
export const tellPromises = (
  planned: readonly Planned[],
  promises: ReadonlyMap<string, DemoPromise>,
  anchor: number,
): readonly Planned[] => {
  const questions = questionsIn(planned, promises);
  const waiting = new Set([...questions].filter(([, facts]) => isWaiting(facts, anchor)).map(([postId]) => postId));
  const told = planned.filter(({ writes, about }) => !waiting.has(writes) && !about.some((id) => waiting.has(id)));
  const later = [...questions].flatMap(([postId, facts], n) =>
    waiting.has(postId) ? [] : historyOf(postId, facts, n, anchor),
  );
  return inFreeMoments(told, later);
};

/** The questions of a history by their ids, each with what settles its promise. */
const questionsIn = (planned: readonly Planned[], promises: ReadonlyMap<string, DemoPromise>) => {
  const questions = new Map<string, Facts>();
  const known = new Set<string>();
  const placeOf = new Map<string, string>();
  for (const each of planned) {
    const { command, input, actor, writes } = each;
    const given = input as { communityId?: string; postId?: string; kind?: string };
    if (command === commands.publishPost && given.communityId) {
      const promise = promises.get(given.communityId);
      const isFirst = !known.has(`${given.communityId} ${actor.memberId}`);
      placeOf.set(writes, given.communityId);
      if (promise && given.kind === 'QUESTION' && actor.kind === 'MEMBER')
        questions.set(writes, { asked: each, promise, isFirst });
    }
    const communityId = given.communityId ?? placeOf.get(given.postId ?? '');
    if (command === commands.publishPost || command === commands.publishComment)
      known.add(`${communityId} ${actor.memberId}`);
    const question = questions.get(given.postId ?? '');
    if (!question) continue;
    const isOther = actor.kind === 'MEMBER' && actor.memberId !== question.asked.actor.memberId;
    if (command === commands.publishComment && isOther) question.response ??= each;
    if (command === commands.acceptAnswer) question.acceptance ??= each;
    if (command === commands.retractPost) question.retraction ??= each;
  }
  return questions;
};

const promisedTo = ({ asked, promise: { terms }, isFirst }: Facts) => promiseFor(terms, textOf(asked.at), isFirst);

const isWaiting = (facts: Facts, anchor: number) => {
  const due = promisedTo(facts)?.firstResponse.dueAt;
  return due !== undefined && Date.parse(due) >= anchor && !facts.response && !facts.retraction;
};

const FREQUENT = 3;

/** The transitions of a question's promise, as a process would have written them. */
const historyOf = (postId: string, facts: Facts, n: number, anchor: number): Planned[] => {
  const promised = promisedTo(facts);
  if (!promised) return [];
  const { response, acceptance, retraction, asked, promise } = facts;
  const told: Planned[] = [];
  const add = (at: number, command: Planned['command'], input: object, actor = SYSTEM, what = command.type) => {
    if (at < anchor - MINUTE)
      told.push({ at, command, input, actor, key: `${asked.key}/${what}`, writes: postId, about: [postId] });
  };

  const follow = (target: TargetName, fulfilled: Planned | undefined) => {
    const first = targetOf(promised, target);
    if (!first) return;
    const end = Math.min(fulfilled?.at ?? Number.POSITIVE_INFINITY, retraction?.at ?? Number.POSITIVE_INFINITY);
    let { dueAt, warnAt } = first;
    const watch = (round: string) => {
      if (end > Date.parse(warnAt))
        add(Date.parse(warnAt), warnOfBreach, { postId, target, dueAt }, SYSTEM, `warn/${target}${round}`);
    };
    watch('');
    // Of those that came late, some were told in time that it would take longer, and said that this was fine.
    const isLate = fulfilled !== undefined && fulfilled.at > Date.parse(dueAt);
    if (target === 'FIRST_RESPONSE' && isLate && n % FREQUENT === 0 && promise.facilitatorId !== asked.actor.memberId) {
      const left = Date.parse(dueAt) - Date.parse(warnAt);
      const [proposedAt, agreedAt] = [Date.parse(warnAt) + left / 3, Date.parse(warnAt) + (2 * left) / 3].map(
        Math.round,
      );
      const later = dueAfter(promise.terms.calendar, textOf(fulfilled.at), (2 * HOUR) / 1_000);
      const reasons = MORE_TIME[promise.language];
      const reason = reasons[n % reasons.length] ?? reasons[0];
      add(
        proposedAt ?? 0,
        commands.renegotiatePromise,
        { postId, dueAt: later, reason },
        principal(promise.facilitatorId),
      );
      add(agreedAt ?? 0, commands.agreeToRenegotiation, { postId }, asked.actor);
      const { calendar, policy } = promise.terms;
      const now = textOf(agreedAt ?? 0);
      warnAt = warningAt(calendar, now, workingSeconds(calendar, now, later), policy?.warnPercent ?? 0);
      dueAt = later;
      watch('/again');
    }
    if (end > Date.parse(dueAt))
      add(Date.parse(dueAt), breachPromise, { postId, target, dueAt }, SYSTEM, `breach/${target}`);
    if (fulfilled && fulfilled.at === end) {
      const { commentId = fulfilled.writes } = fulfilled.input as { commentId?: string };
      const by = fulfilled.actor.memberId;
      const input = { postId, target, commentId, memberId: by, at: textOf(fulfilled.at) };
      add(fulfilled.at + 1, fulfilPromise, input, SYSTEM, `fulfil/${target}`);
    }
  };
  follow('FIRST_RESPONSE', response);
  follow('RESOLUTION', acceptance);
  if (retraction && (!response || (promised.resolution && !acceptance)))
    add(retraction.at + 1, closePromise, { postId, at: textOf(retraction.at) });
  return told;
};

/** Puts later commands among the others, which keep their times: each takes the next moment that is free. */
const inFreeMoments = (told: readonly Planned[], later: readonly Planned[]): readonly Planned[] => {
  const taken = new Set(told.map(({ at }) => at));
  const placed = later.map((each) => {
    let { at } = each;
    while (taken.has(at)) at += 1;
    taken.add(at);
    return { ...each, at };
  });
  return [...told, ...placed].sort((a, b) => a.at - b.at);
};

const textOf = (at: number) => new Date(at).toISOString();
