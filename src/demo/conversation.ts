import type { PostKind } from '../domain/words.ts';
import { atWork, HOUR, MINUTE } from './calendar.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';
import { principal, type Script, type Target } from './script.ts';
import type { SmallTalk } from './texts/topic.ts';

/** A topic whose words are chosen. */
export type Chosen = {
  readonly kind: PostKind;
  readonly title: string;
  readonly body: string;
  readonly replies: readonly string[];
  readonly thanks: string | undefined;
};

/** Where a conversation takes place, and who is there. */
export type Stage = {
  readonly script: Script;
  readonly random: Random;
  readonly communityId: string;
  readonly talk: SmallTalk;
  /** Who was a member at a time. */
  readonly present: (at: number) => readonly Person[];
  /** How readily somebody answers here: its facilitator more than others. */
  readonly readiness: (person: Person) => number;
};

type Said = { readonly id: string; readonly by: Person; readonly at: number; readonly isAnswer: boolean };

const UNANSWERED = 0.08;

/** A post and what follows from it: replies, thanks, asides, an accepted answer, reactions, corrections. */
export const converse = (stage: Stage, { kind, title, body, replies, thanks }: Chosen, author: Person, at: number) => {
  const { script, random, communityId } = stage;
  const isQuestion = kind === 'QUESTION';
  const postId = script.publish(at, principal(author.memberId), { communityId, kind, title, body });
  react(stage, { id: postId, type: 'POST' }, author, at, isQuestion ? 0.5 : 2.2);

  const said: Said[] = [];
  const silent = isQuestion ? random.chance(UNANSWERED) : random.chance(0.12);
  let after = at;
  for (const [n, text] of silent ? [] : replies.entries()) {
    if (n > 0 && !random.chance(0.62)) break;
    after = atWork(after + random.logNormal(isQuestion && n === 0 ? 2.2 : 7, 1.4) * HOUR, random);
    const reply = say(stage, postId, text, after, [author, ...said.map(({ by }) => by)], isQuestion);
    if (reply) said.push(reply);
  }
  for (const reply of said) continueThread(stage, postId, reply, author);
  if (isQuestion) accept(stage, postId, author, said, thanks);
  else if (said[0] && random.chance(0.4))
    answerBack(stage, postId, said[0], author, thanks ?? random.pick(stage.talk.thanking));
  if (said.length > 0 && random.chance(0.1)) addLater(stage, postId, author, said);
  correct(stage, { postId, title, body }, author, at, said.length === 0);
};

/** A reply by somebody who has not spoken yet; null where nobody is there to say it. */
const say = (
  stage: Stage,
  postId: string,
  body: string,
  at: number,
  silent: readonly Person[],
  isAnswer: boolean,
): Said | null => {
  const { script, random, present, readiness } = stage;
  const others = present(at).filter((person) => !silent.includes(person));
  const by = random.weighted(others, readiness);
  if (!by) return null;
  const kind = isAnswer ? 'ANSWER' : 'COMMENT';
  const id = script.comment(at, principal(by.memberId), { postId, kind, body });
  react(stage, { id, type: 'COMMENT' }, by, at, isAnswer ? 0.9 : 0.5);
  if (random.chance(0.03)) {
    const edited = `${body}\n\n${random.pick(stage.talk.correcting)}`;
    script.editComment(at + (4 + random.integer(40)) * MINUTE, principal(by.memberId), {
      commentId: id,
      body: edited,
    });
  }
  return { id, by, at, isAnswer };
};

/** Somebody agrees, or asks back and is told. */
const continueThread = (stage: Stage, postId: string, { id: parentId, by, at }: Said, author: Person) => {
  const { script, random, talk, present } = stage;
  const later = atWork(at + random.logNormal(3, 1.1) * HOUR, random);
  const others = present(later).filter((person) => person !== by && person.voice > 0);
  if (random.chance(0.22)) {
    const asker = random.chance(0.5) ? author : (random.weighted(others, ({ voice }) => voice) ?? author);
    const [asking, explaining] = random.pick(talk.asides);
    const aside = script.comment(later, principal(asker.memberId), { postId, parentId, body: asking });
    const told = atWork(later + random.logNormal(2, 1) * HOUR, random);
    script.comment(told, principal(by.memberId), { postId, parentId: aside, body: explaining });
  } else if (random.chance(0.16)) {
    const other = random.weighted(
      others.filter((person) => person !== author),
      ({ voice }) => voice,
    );
    if (!other) return;
    const body = random.pick(talk.agreeing);
    const id = script.comment(later, principal(other.memberId), { postId, parentId, body });
    if (random.chance(0.06))
      script.retractComment(later + (3 + random.integer(200)) * MINUTE, principal(other.memberId), id);
  }
};

/** The asker thanks and accepts; once in a while a better answer comes, and the mark moves. */
const accept = (stage: Stage, postId: string, author: Person, said: readonly Said[], thanks: string | undefined) => {
  const { script, random, talk } = stage;
  const [first, second] = said;
  if (!first) return;
  const best = second && random.chance(0.22) ? second : first;
  const isAccepted = random.chance(0.72);
  if (random.chance(isAccepted ? 0.7 : 0.25))
    answerBack(stage, postId, best, author, best === first && thanks ? thanks : random.pick(talk.thanking));
  if (!isAccepted) return;
  const at = atWork(best.at + random.logNormal(5, 1) * HOUR, random);
  script.accept(at, principal(author.memberId), postId, best.id);
  if (best === first && second && random.chance(0.12))
    script.accept(Math.max(at, second.at) + 2 * HOUR, principal(author.memberId), postId, second.id);
};

const answerBack = ({ script, random }: Stage, postId: string, to: Said, by: Person, body: string) => {
  const at = atWork(to.at + random.logNormal(2.5, 1) * HOUR, random);
  script.comment(at, principal(by.memberId), { postId, parentId: to.id, body });
};

/** Weeks later somebody finds the conversation and has something to add. */
const addLater = (stage: Stage, postId: string, author: Person, said: readonly Said[]) => {
  const { random, talk } = stage;
  const last = said.at(-1)?.at ?? 0;
  const at = atWork(last + random.logNormal(24 * 16, 0.7) * HOUR, random);
  say(stage, postId, random.pick(talk.adding), at, [author], false);
};

const KINDS = ['thumbs_up', 'thumbs_up', 'thumbs_up', 'heart', 'tada', 'bulb', 'clap', 'eyes'] as const;

const react = (stage: Stage, target: Target, author: Person, at: number, mean: number) => {
  const { script, random, present } = stage;
  const others = random.shuffled(present(at).filter((person) => person !== author));
  for (const person of others.slice(0, random.count(mean)))
    script.react(
      at + Math.round(random.logNormal(3, 1.2) * HOUR),
      principal(person.memberId),
      target,
      random.pick(KINDS),
    );
};

/** A text put right within the hour; rarely, one taken back before anybody has answered. */
const correct = (
  { script, random, talk }: Stage,
  post: { readonly postId: string; readonly title: string; readonly body: string },
  author: Person,
  at: number,
  isAlone: boolean,
) => {
  const who = principal(author.memberId);
  if (random.chance(0.05)) {
    const body = `${post.body}\n\n${random.pick(talk.correcting)}`;
    script.editPost(at + (3 + random.integer(50)) * MINUTE, who, { ...post, body });
  } else if (isAlone && random.chance(0.15)) {
    script.retractPost(at + (20 + random.integer(4_000)) * MINUTE, who, post.postId);
  }
};
