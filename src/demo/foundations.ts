import { DAY, HOUR } from './calendar.ts';
import { type DemoFoundation, english, foundations } from './charters.ts';
import type { DemoCommunity } from './communities.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';
import { principal, type Script } from './script.ts';

type Ground = {
  readonly script: Script;
  readonly random: Random;
  readonly community: DemoCommunity;
  readonly people: readonly Person[];
  readonly founder: Person;
  readonly anchor: number;
};

/** Everything that a strict rule asks for, from the founding to the activation; answers the project's id. */
export const layFoundations = ({ script, community, people, founder, anchor }: Ground, at: Steps): string => {
  const { communityId } = at;
  const foundation = foundations[community.slug] as DemoFoundation;
  const [lead, sponsor] = [principal(founder.memberId), people[community.sponsor] as Person];
  const when = (step: number) => Math.round(at.foundedAt + ((at.openAt - at.foundedAt) * step) / 10);
  const { project, charter, objective, expectations, reasons } = foundation;

  const projectId = script.registerProject(when(1), lead, { name: project.name, description: project.description });
  for (const [n, name] of project.milestones.entries()) {
    const dueAt = at.foundedAt + (n + 1) * 170 * DAY;
    const milestoneId = script.planMilestone(when(2) + n, lead, projectId, name, dueAt);
    if (dueAt < anchor - 40 * DAY) script.reachMilestone(dueAt + (n - 1) * 9 * DAY, lead, projectId, milestoneId);
  }
  script.anchor(when(3), lead, communityId, projectId);
  script.charter(when(4), lead, { communityId, ...charter });
  script.objective(when(5), lead, {
    communityId,
    ...objective,
    windowDays: 90,
    dueAt: new Date(anchor + 120 * DAY).toISOString(),
  });
  for (const [n, expectation] of expectations.entries())
    script.expect(when(6) + n, lead, { communityId, ...expectation });
  script.assign(when(7), lead, { communityId, memberId: sponsor.memberId, role: 'SPONSOR', reason: reasons[0] });
  script.activate(when(9), lead, communityId);
  return projectId;
};

type Steps = { readonly communityId: string; readonly foundedAt: number; readonly openAt: number };

type Member = { readonly person: Person; readonly from: number; readonly until: number };

/**
 * What becomes of it: roles with terms, expectations read and changed, a project that ends. Answers who is its expert, and somebody who
 * has been there as long, and its mentor.
 */
export const keepGoing = (
  ground: Ground,
  { communityId, openAt, projectId }: Omit<Steps, 'foundedAt'> & { readonly projectId: string },
  members: readonly Member[],
) => {
  const { script, random, community, founder, anchor } = ground;
  const foundation = foundations[community.slug] as DemoFoundation;
  const lead = principal(founder.memberId);
  const others = members.filter(
    ({ person, until }) => person !== founder && until === anchor && person.arrivesAt < openAt,
  );
  const [expert, curator, ambassador] = others.map(({ person }) => person);
  const later = (days: number) => new Date(openAt + days * DAY).toISOString();
  const [, why, memory, voice] = foundation.reasons;

  if (expert)
    script.assign(openAt + 40 * DAY, lead, { communityId, memberId: expert.memberId, role: 'EXPERT', reason: why });
  if (curator)
    script.assign(openAt + 55 * DAY, lead, {
      communityId,
      memberId: curator.memberId,
      role: 'CURATOR',
      until: new Date(anchor + 200 * DAY).toISOString(),
      reason: memory,
    });
  if (ambassador) {
    const assignmentId = script.assign(openAt + 70 * DAY, lead, {
      communityId,
      memberId: ambassador.memberId,
      role: 'AMBASSADOR',
      until: later(250),
      reason: voice,
    });
    if (openAt + 250 * DAY < anchor - DAY) script.passTerm(openAt + 250 * DAY, communityId, assignmentId);
  }

  const changed = openAt < anchor - 120 * DAY && foundation.expectations.length > 1 ? anchor - 45 * DAY : null;
  const first = foundation.expectations.length;
  for (const { person, from, until } of members) {
    const readAt = Math.max(from, openAt) + Math.round(random.logNormal(30, 0.8) * HOUR);
    if (readAt < Math.min(until, changed ?? anchor) && random.chance(0.6))
      script.acknowledge(readAt, principal(person.memberId), communityId, first);
    const again = changed === null ? 0 : Math.max(changed, from) + Math.round(random.logNormal(4 * 24, 0.9) * HOUR);
    if (changed !== null && again < until && random.chance(0.45))
      script.acknowledge(again, principal(person.memberId), communityId, first + 1);
  }
  const heir = community.slug === HANDED_OVER && expert ? principal(expert.memberId) : lead;
  if (changed !== null)
    script.expect(changed, heir, {
      communityId,
      behaviour:
        foundation.reasons === english
          ? 'Say thank you to who answered, or that it did not help.'
          : 'Dire merci à qui a répondu, ou que cela n’a pas aidé.',
    });

  if (community.slug === HANDED_OVER && expert) {
    const until = anchor - 15 * DAY;
    const role = { communityId, memberId: expert.memberId, role: 'FACILITATOR' } as const;
    const assignmentId = script.assign(openAt + 200 * DAY, lead, {
      ...role,
      until: new Date(until).toISOString(),
      reason: why,
    });
    script.resign(openAt + 214 * DAY, lead, communityId, 'FACILITATOR');
    script.passTerm(until, communityId, assignmentId);
  }
  if (community.slug === UNANCHORED) {
    script.closeProject(anchor - 30 * DAY, lead, projectId);
    script.loseAnchor(anchor - 30 * DAY + 1_000, communityId, projectId);
  }
  return { expert, mentor: curator, other: others.at(3)?.person };
};

/** Its founder handed it on, and the successor's term has passed. */
const HANDED_OVER = 'renovation-des-chaufferies';
/** Its project is over, and nobody has found another one yet. */
const UNANCHORED = 'mobilite-douce';
