import type { AnyCommand } from '../core/decider.ts';
import { commands } from '../domain/index.ts';
import { atWork, DAY, HOUR, MINUTE, momentOf } from './calendar.ts';
import type { Person } from './people.ts';
import { createRandom } from './random.ts';
import { principal, type Script } from './script.ts';
import {
  type Hesitation,
  hesitations,
  mentoringTopics,
  scheduledToBeAsked,
  waitingForReview,
} from './texts/courage.ts';

/** A community where newcomers hesitate, and others help. */
export type Encouraging = {
  readonly communityId: string;
  readonly slug: string;
  readonly lead: Person;
  readonly expert: Person | undefined;
  readonly mentor: Person | undefined;
  readonly members: readonly { readonly person: Person; readonly from: number; readonly until: number }[];
};

/** The demo member looks at drafts here, and sees one that waits. */
const READ_BY_LEAD = 'bienvenue';
const LOAD = 3;

/** What newcomers drafted: most of it read by a mentor and then asked; one draft waits for that, one for its time. */
export const tellHesitations = (script: Script, communities: readonly Encouraging[], anchor: number) => {
  const quiet = unheardIn(script, anchor);
  const known = communities.filter(({ slug }) => mentoringTopics[slug]);
  for (const community of known) {
    const { communityId, slug, lead } = community;
    const topics = mentoringTopics[slug] ?? [];
    script.mentorAbout(anchor - 171 * DAY, principal(lead.memberId), communityId, topics);
    const offer = { communityId, topics: [...topics], load: LOAD };
    const mentor = mentorOf(community);
    script.volunteer(anchor - 170 * DAY, principal(mentor.memberId), offer);
    script.keepMentor(anchor - 170 * DAY + 1, communityId, mentor.memberId);
  }
  for (const hesitation of [...hesitations, waitingForReview, scheduledToBeAsked]) {
    const community = known.find(({ slug }) => slug === hesitation.slug);
    if (!community?.expert) continue;
    const at = workTime(anchor - hesitation.ago * DAY, hesitation.title);
    const author = newcomer(community, quiet, at);
    if (!author) continue;
    quiet.delete(author.memberId);
    const draftId = begin(script, community, hesitation, author, at);
    if (hesitation.feedback || hesitation === waitingForReview)
      beRead(script, community, hesitation, { author, draftId, at: at + 20 * MINUTE });
    if (hesitation === scheduledToBeAsked)
      script.schedule(at + HOUR, principal(author.memberId), draftId, anchor + 2 * DAY);
  }
};

const mentorOf = ({ slug, lead, mentor }: Encouraging) => (slug === READ_BY_LEAD ? lead : (mentor ?? lead));

const workTime = (day: number, purpose: string) => {
  const random = createRandom(0, 'courage', purpose);
  return atWork(momentOf(day, random), random);
};

/** Who will not have said anything in the whole history: their first words are these. */
const unheardIn = (script: Script, anchor: number): Set<string> => {
  const planned = script.planned(anchor);
  const heard = new Set(planned.filter(({ command }) => SPEAKING.includes(command)).map(speaker));
  return new Set(planned.map(speaker).filter((memberId) => !heard.has(memberId)));
};
const SPEAKING: readonly AnyCommand[] = [commands.publishPost, commands.publishComment];
const speaker = ({ actor }: { readonly actor: { readonly memberId: string } }) => actor.memberId;

/** Whoever came last before that time, of those who have not been heard. */
const newcomer = ({ members }: Encouraging, quiet: ReadonlySet<string>, at: number): Person | undefined =>
  members
    .filter(({ person, from, until }) => quiet.has(person.memberId) && from < at - HOUR && at < until)
    .sort((a, b) => b.from - a.from)
    .at(0)?.person;

const begin = (
  script: Script,
  { communityId }: Encouraging,
  { title, body }: Hesitation,
  { memberId }: Person,
  at: number,
) => script.draft(at, principal(memberId), { communityId, kind: 'QUESTION', title, body });

type Draft = { readonly author: Person; readonly draftId: string; readonly at: number };

/** A mentor is asked, and says what could be better. */
const beRead = (script: Script, community: Encouraging, hesitation: Hesitation, { author, draftId, at }: Draft) => {
  const { communityId } = community;
  const { topic, feedback } = hesitation;
  const who = principal(author.memberId);
  const reviewId = script.askForReview(at, who, { draftId, topic });
  if (!feedback) return;
  const mentor = principal(mentorOf(community).memberId);
  const random = createRandom(0, 'review', hesitation.title);
  const readAt = atWork(at + random.logNormal(4, 0.6) * HOUR, random);
  const review = { reviewId, draftId, communityId };
  script.takeReview(readAt, mentor, review);
  script.giveFeedback(readAt + 15 * MINUTE, mentor, { ...review, body: feedback });
  if (hesitation.asked) ask(script, community, hesitation, { author, draftId, at: workTime(readAt + DAY, draftId) });
};

/** It is asked at last; its author is welcomed and answered, and mostly says something again. */
const ask = (
  script: Script,
  { communityId, lead, expert }: Encouraging,
  said: Hesitation,
  { author, draftId, at }: Draft,
) => {
  const who = principal(author.memberId);
  const { title, asked = said.body, answer = '', thanks } = said;
  script.revise(at, who, { draftId, title, body: asked });
  script.ask(at + 5 * MINUTE, who, { draftId, communityId });
  script.welcome(at + 25 * MINUTE, principal(lead.memberId), draftId);
  const by = expert ?? lead;
  const answerId = script.comment(at + 70 * MINUTE, principal(by.memberId), {
    postId: draftId,
    kind: 'ANSWER',
    body: answer,
  });
  if (!thanks) return;
  script.comment(at + 100 * MINUTE, who, { postId: draftId, parentId: answerId, body: thanks });
  script.accept(at + 101 * MINUTE, who, draftId, answerId);
};
