import { derivedId } from '../core/ids.ts';
import { planBulletins } from './bulletins.ts';
import { atWork, DAY, HOUR, MINUTE, momentOf, moments } from './calendar.ts';
import { type DemoCommunity, demoCommunities, ORGANISATION_NAME, WELCOME } from './communities.ts';
import { converse, type Stage } from './conversation.ts';
import { type Encouraging, tellHesitations } from './courage.ts';
import { type FirstTold, tellFirst } from './early-access.ts';
import { keepGoing, layFoundations } from './foundations.ts';
import { createPeople, type Person } from './people.ts';
import { type DemoPromise, tellPromises } from './promises.ts';
import { createRandom, type Random } from './random.ts';
import { createScript, type Planned, principal, type Script } from './script.ts';
import { chooser } from './texts/choose.ts';
import { smallTalk } from './texts/small-talk.ts';
import type { Language } from './texts/topic.ts';

/** Eighteen months. */
export const HISTORY = 548 * DAY;
const MONTH = HISTORY / 18;

export const DEMO_PEOPLE = 150;

/** A community takes shape for some days before members find it, where its people are there so early. */
const FORMING = 4 * DAY;

/** Who was invited into the private community and has not answered yet, and waits to be let in elsewhere. */
const RELUCTANT = 11;

type Membership = { readonly person: Person; readonly from: number; readonly until: number };

/** The whole history of the demo organisation, ending at the anchor: the same for the same seed and anchor. */
export const planDemo = (seed: number, anchor: number): readonly Planned[] => {
  const start = anchor - HISTORY;
  const script = createScript(seed);
  const people = createPeople(seed, DEMO_PEOPLE, start, anchor);
  script.name(start, ORGANISATION_NAME);
  script.strict(start + 1);
  for (const person of people) script.register(person.arrivesAt, person);
  const robot = { memberId: derivedId('demo', seed, 'bulletin'), name: 'Bulletin', handle: 'bulletin' };
  script.registerBot(start + 2 * DAY, robot);

  const promises = new Map<string, DemoPromise>();
  const told: (FirstTold & Encouraging)[] = [];
  for (const community of demoCommunities) {
    const random = createRandom(seed, community.slug);
    const founder = people[community.facilitator] as Person;
    const there = Math.max(founder.arrivesAt, people[community.sponsor]?.arrivesAt ?? 0) + 3 * HOUR;
    const foundedAt = Math.max(there, Math.round(atWork(start + community.foundedAfter * MONTH, random)));
    const formingAt = Math.max(foundedAt - FORMING, there - 2 * HOUR);
    const communityId = found(script, community, founder, formingAt);
    const ground = {
      script,
      random: createRandom(seed, community.slug, 'foundations'),
      community,
      people,
      founder,
      anchor,
    };
    const projectId = layFoundations(ground, { communityId, foundedAt: formingAt, openAt: foundedAt });
    promises.set(communityId, promiseOf(script, community, { communityId, founder, at: formingAt + 5 * MINUTE }));
    const members = gather(script, random, { community, communityId, foundedAt, anchor, people });
    const { expert, mentor, other } = keepGoing(ground, { communityId, openAt: foundedAt, projectId }, members);
    told.push({ communityId, slug: community.slug, lead: founder, expert, mentor, other, members });
    const stageIn = (language: Language): Stage => ({
      script,
      random,
      communityId,
      talk: smallTalk[language],
      present: (at) => members.filter(({ from, until }) => from < at && at < until).map(({ person }) => person),
      readiness: (person) => person.kindness * (person === founder ? 6 : 1),
    });
    const asked = talkAbout(stageIn, community, { foundedAt: foundedAt + 6 * HOUR, anchor, people });
    if (community.amended)
      script.describe(momentOf(anchor - 90 * DAY, random), principal(founder.memberId), communityId, community.amended);
    if (community.slug === WELCOME) introduce(stageIn, people, members);
    if (!community.isPrivate && community.posts > 45)
      planBulletins(script, {
        robot,
        communityId,
        language: languagesOf(community)[0] ?? 'FR',
        foundedAt,
        anchor,
        asked,
      });
  }
  marry(script, people[6], Math.round(anchor - 200.4 * DAY));
  tellFirst(script, told, anchor);
  tellHesitations(script, told, anchor);
  return tellPromises(script.planned(anchor), promises, anchor);
};

/** Who is on call works day and night; the others at their desks. */
const deskHours = [1, 2, 3, 4, 5].map((day) => ({ day, from: '09:00', to: '17:00' }));
const HOLIDAYS = [
  '2025-07-14',
  '2025-08-15',
  '2025-11-11',
  '2025-12-25',
  '2026-01-01',
  '2026-04-06',
  '2026-05-01',
  '2026-05-08',
  '2026-07-14',
  '2026-11-11',
  '2026-12-25',
];

type Declaring = { readonly communityId: string; readonly founder: Person; readonly at: number };

/** What a community promises from its beginning. */
const promiseOf = (
  script: Script,
  { slug, promise, topics }: DemoCommunity,
  { communityId, founder, at }: Declaring,
): DemoPromise => {
  const who = principal(founder.memberId);
  const calendar = { timeZone: 'Europe/Paris', weeklyHours: deskHours, holidays: HOLIDAYS };
  const isAlwaysOn = slug === 'on-call';
  const inSeconds = (hours: number | undefined) => (hours === undefined ? null : (hours * HOUR) / 1_000);
  const policy = {
    firstResponseSeconds: (promise.first * HOUR) / 1_000,
    newcomerFirstResponseSeconds: inSeconds(promise.newcomer),
    resolutionSeconds: inSeconds(promise.resolution),
    warnPercent: 25,
  };
  if (!isAlwaysOn) script.work(at, who, { communityId, ...calendar });
  script.promise(at + MINUTE, who, { communityId, ...policy });
  return {
    terms: {
      policy: { policyVersion: 1, ...policy },
      calendar: isAlwaysOn ? null : { calendarVersion: 1, ...calendar },
    },
    facilitatorId: founder.memberId,
    language: languagesOf({ topics })[0] ?? 'FR',
  };
};

const languagesOf = ({ topics }: Pick<DemoCommunity, 'topics'>) => Object.keys(topics) as Language[];

const found = (
  script: Script,
  { name, slug, charter, isPrivate, onRequest }: DemoCommunity,
  founder: Person,
  at: number,
) =>
  script.found(at, principal(founder.memberId), {
    name,
    slug,
    description: charter,
    visibility: isPrivate ? 'PRIVATE' : 'PUBLIC',
    joinPolicy: isPrivate ? 'BY_INVITATION' : onRequest ? 'ON_REQUEST' : 'OPEN',
  });

type Gathering = {
  readonly community: DemoCommunity;
  readonly communityId: string;
  readonly foundedAt: number;
  readonly anchor: number;
  readonly people: readonly Person[];
};

/** Who joins and when; few leave again. Into a private community people are invited, and one of them never comes. */
const gather = (script: Script, random: Random, place: Gathering): Membership[] => {
  const { community, communityId, foundedAt, anchor, people } = place;
  const founder = people[community.facilitator] as Person;
  const languages = languagesOf(community);
  const joined: Membership[] = [{ person: founder, from: foundedAt, until: anchor }];
  for (const [n, person] of people.entries()) {
    if (person === founder) continue;
    const isCore = n === 0 || n === community.sponsor || n === RELUCTANT || (n < 12 && random.chance(0.6));
    const understands = person.speaks === 'BOTH' || languages.includes(person.speaks);
    if (!isCore && !random.chance(understands ? community.appeal : community.appeal * 0.15)) continue;
    const since = Math.max(foundedAt, person.arrivesAt);
    const from = atWork(since + random.logNormal(isCore ? 20 : 24 * 9, isCore ? 0.6 : 1.2) * HOUR, random);
    if (community.isPrivate) {
      script.invite(from, principal(founder.memberId), communityId, person.memberId);
      if (n === RELUCTANT) continue;
    }
    if (community.onRequest) {
      script.request(n === RELUCTANT ? anchor - 2 * DAY : from, principal(person.memberId), communityId);
      if (n === RELUCTANT) continue;
    }
    const isAsked = community.isPrivate || community.onRequest;
    const enters = isAsked ? atWork(from + random.logNormal(12, 0.7) * HOUR, random) : from;
    if (community.onRequest) script.admit(enters, principal(founder.memberId), communityId, person.memberId);
    else script.join(enters, principal(person.memberId), communityId);
    const until = n >= 12 && random.chance(0.04) ? atWork(enters + random.logNormal(120, 0.5) * DAY, random) : anchor;
    if (until < anchor) script.leave(until, principal(person.memberId), communityId);
    joined.push({ person, from: enters, until: until < anchor ? until - 21 * DAY : anchor });
  }
  return joined;
};

/** The community's conversations, from its founding to the anchor. Answers when questions were asked. */
const talkAbout = (
  stageIn: (language: Language) => Stage,
  community: DemoCommunity,
  { foundedAt, anchor, people }: { foundedAt: number; anchor: number; people: readonly Person[] },
): readonly number[] => {
  const asked: number[] = [];
  const languages = languagesOf(community);
  const choosers = Object.fromEntries(
    languages.map((language) => [language, chooser(community.topics[language] ?? [])]),
  );
  const { random } = stageIn(languages[0] ?? 'FR');
  for (const at of moments(community.posts, foundedAt + DAY, anchor, random)) {
    const language = random.pick(languages);
    const stage = stageIn(language);
    const chosen = choosers[language]?.(random);
    const author = chosen && authorOf(stage, community, chosen.kind, at, people);
    if (!chosen || !author) continue;
    if (chosen.kind === 'QUESTION') asked.push(at);
    converse(stage, chosen, author, at);
  }
  return asked;
};

/** Announcements come from who facilitates or sponsors; everything else from whoever has a voice, newcomers first. */
const authorOf = (
  { random, present }: Stage,
  { facilitator, sponsor }: DemoCommunity,
  kind: string,
  at: number,
  people: readonly Person[],
): Person | undefined => {
  const there = present(at);
  if (kind === 'ANNOUNCEMENT') {
    const voices = [people[facilitator], people[sponsor]].filter((person) => person && there.includes(person));
    return voices.length > 0 ? random.pick(voices) : undefined;
  }
  const isNew = ({ arrivesAt }: Person) => at - arrivesAt < 75 * DAY;
  return random.weighted(there, (person) => person.voice * (kind === 'QUESTION' && isNew(person) ? 2.2 : 1));
};

/** Newcomers say hello, and are welcomed. */
const introduce = (
  stageIn: (language: Language) => Stage,
  people: readonly Person[],
  members: readonly Membership[],
) => {
  for (const { person, from } of members) {
    const language = person.speaks === 'BOTH' ? 'FR' : person.speaks;
    const stage = stageIn(language);
    if (people.indexOf(person) < 12 || !stage.random.chance(person.voice > 0 ? 0.5 : 0.1)) continue;
    const first = person.name.split(' ')[0];
    const { introducing, welcoming } = stage.talk;
    const chosen = {
      kind: 'DISCUSSION',
      title: language === 'FR' ? `Bonjour, je suis ${first}` : `Hello from ${first}`,
      body: stage.random.pick(introducing),
      replies: stage.random.shuffled(welcoming).slice(0, 3),
      thanks: language === 'FR' ? 'Merci pour l’accueil !' : 'Thank you for the warm welcome!',
    } as const;
    converse(stage, chosen, person, atWork(from + stage.random.logNormal(20, 0.8) * HOUR, stage.random));
  }
};

/** Somebody marries and has another name from then on. */
const marry = (script: Script, person: Person | undefined, at: number) => {
  if (person) script.rename(at, principal(person.memberId), `${person.name}-Aubrac`);
};
