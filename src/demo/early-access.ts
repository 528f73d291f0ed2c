import { DAY, HOUR, momentOf } from './calendar.ts';
import type { Person } from './people.ts';
import { createRandom } from './random.ts';
import { principal, type Script } from './script.ts';

/** A community with those who have a part in what it tells some first. */
export type FirstTold = {
  readonly communityId: string;
  readonly slug: string;
  readonly lead: Person;
  readonly expert: Person | undefined;
  /** Somebody without a role. */
  readonly other: Person | undefined;
};

type Exclusive = {
  readonly slug: string;
  /** Days before the history ends. */
  readonly ago: number;
  readonly hours: number;
  readonly title: string;
  readonly body: string;
  /** By the expert, while it is for some alone. */
  readonly first: string;
  /** By somebody else, once it is for everybody; null where that never came. */
  readonly after: string | null;
};

const EXCLUSIVES: readonly Exclusive[] = [
  {
    slug: 'data-platform',
    ago: 58,
    hours: 48,
    title: 'The customer model, before it replaces the old one',
    body: 'You get it two days before everybody else, because you will be asked about it. Try the three reports that you know best, and say here what looks wrong. It opens to all on its own.',
    first: 'The number of active contracts is eleven short of mine. It was the cancelled ones: yours is right.',
    after: 'I wondered why the experts were so quiet. Thank you for sorting out the contracts before we saw it.',
  },
  {
    slug: 'compteurs-communicants',
    ago: 33,
    hours: 24,
    title: 'Calendrier de pose du trimestre : relisez avant tout le monde',
    body: 'Vous l’avez un jour avant les autres. Vérifiez votre secteur, surtout les semaines de vacances : demain matin il sera visible de toutes et tous.',
    first: 'La résidence du Parc est notée deux fois, semaines 3 et 5. Je garde la 5, le gardien est prévenu.',
    after: 'Merci d’avoir publié avec les semaines de vacances déjà corrigées, c’est la première fois !',
  },
  {
    slug: 'bienvenue',
    ago: 12,
    hours: 24,
    title: 'Journée d’accueil de janvier : le programme, d’abord pour celles et ceux qui accueillent',
    body: 'Vous l’avez un jour avant les nouveaux. Dites ici ce qui manque, surtout pour la visite de la chaufferie Nord. It opens to everybody tomorrow, in both languages.',
    first: 'Il manque le déjeuner des anciens et des nouveaux, c’est pourtant là que tout se noue. Ajouté à midi.',
    after: 'Le déjeuner commun, quelle bonne idée. J’y serai, avec une nouvelle arrivée de mon service.',
  },
  {
    slug: 'plain-words',
    ago: 19,
    hours: 72,
    title: 'A letter about the new tariffs, for five pairs of eyes',
    body: 'Please read it aloud before it goes to everybody on Thursday. Where do you stop? Where would you call us?',
    first: 'I stopped at the second paragraph, twice. The tariffs are not decided yet, are they? Then let us wait.',
    after: null,
  },
];

/** Announcements that role holders had before the others: three that opened at the time that was set, one that was withdrawn. */
export const tellFirst = (script: Script, communities: readonly FirstTold[], anchor: number) => {
  for (const exclusive of EXCLUSIVES) {
    const community = communities.find(({ slug }) => slug === exclusive.slug);
    if (!community?.expert) continue;
    const { communityId, lead, expert, other } = community;
    const { title, body, hours } = exclusive;
    const [author, reader] = [principal(lead.memberId), principal(expert.memberId)];
    const at = momentOf(anchor - exclusive.ago * DAY, createRandom(0, 'first', exclusive.slug));
    const opens = at + hours * HOUR;
    const postId = script.publish(at, author, {
      ...{ communityId, kind: 'ANNOUNCEMENT', title, body },
      earlyAccess: {
        opensAt: new Date(opens).toISOString(),
        audience: { roles: ['EXPERT', 'SPONSOR', 'MENTOR'] },
      },
    });
    script.comment(at + 3 * HOUR, reader, { postId, body: exclusive.first });
    script.react(at + 4 * HOUR, reader, { id: postId, type: 'POST' }, 'eyes');
    if (exclusive.after === null) {
      script.withdraw(at + 5 * HOUR, author, postId);
      continue;
    }
    script.open(opens, postId);
    if (!other) continue;
    script.comment(opens + 2 * HOUR, principal(other.memberId), { postId, body: exclusive.after });
    script.react(opens + 2 * HOUR, principal(other.memberId), { id: postId, type: 'POST' }, 'heart');
  }
};
