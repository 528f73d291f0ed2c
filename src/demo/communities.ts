import { astreintes } from './texts/astreintes.ts';
import { bienvenueEn, bienvenueFr } from './texts/bienvenue.ts';
import { chaufferies } from './texts/chaufferies.ts';
import { compteurs } from './texts/compteurs.ts';
import { dataPlatform } from './texts/data-platform.ts';
import { mobilite } from './texts/mobilite.ts';
import { onCall } from './texts/on-call.ts';
import { plainWords } from './texts/plain-words.ts';
import type { Language, Topic } from './texts/topic.ts';

/** A community of the demo organisation: a project that people work on, its charter, and what is talked about there. */
export type DemoCommunity = {
  readonly name: string;
  readonly slug: string;
  readonly charter: string;
  /** The charter as its community has rewritten it since. */
  readonly amended?: string;
  readonly isPrivate: boolean;
  /** Whoever wants to come in asks. */
  readonly onRequest?: boolean;
  /** Months after the beginning. */
  readonly foundedAfter: number;
  /** Whose community it is: an index among the people, the first twelve being there from the start. */
  readonly facilitator: number;
  readonly sponsor: number;
  readonly posts: number;
  /** Hours of work until somebody answers. */
  readonly promise: { readonly first: number; readonly newcomer?: number; readonly resolution?: number };
  /** Share of those who speak its language that join. */
  readonly appeal: number;
  readonly topics: Readonly<Partial<Record<Language, readonly Topic[]>>>;
};

export const ORGANISATION_NAME = 'Coopérative Belorme';

export const WELCOME = 'bienvenue';

export const demoCommunities: readonly DemoCommunity[] = [
  {
    name: 'Bienvenue · Welcome',
    slug: WELCOME,
    charter:
      'Pour arriver, pour accueillir. For arriving, and for making others arrive. Every question gets an answer within two working days; aucune n’est évidente.',
    isPrivate: false,
    foundedAfter: 0.1,
    facilitator: 0,
    sponsor: 9,
    posts: 34,
    promise: { first: 16, newcomer: 8 },
    appeal: 0.85,
    topics: { FR: bienvenueFr, EN: bienvenueEn },
  },
  {
    name: 'Compteurs communicants',
    slug: 'compteurs-communicants',
    charter:
      'Équiper 14 000 logements en deux ans, sans couper deux fois les mêmes gens. Ici : la pose, la relève, les outils, les habitants. Pas ici : les factures. Réponse sous deux jours ouvrés.',
    isPrivate: false,
    foundedAfter: 0.2,
    facilitator: 3,
    sponsor: 8,
    posts: 56,
    promise: { first: 16 },
    appeal: 0.5,
    topics: { FR: compteurs },
  },
  {
    name: 'Data platform',
    slug: 'data-platform',
    charter:
      'One warehouse instead of thirty spreadsheets. In scope: loads, definitions, access, doubts about a figure. Out of scope: laptops. Questions are answered within two working days; definitions have an owner.',
    isPrivate: false,
    foundedAfter: 0.3,
    facilitator: 0,
    sponsor: 7,
    posts: 52,
    promise: { first: 16, newcomer: 8, resolution: 80 },
    appeal: 0.6,
    topics: { EN: dataPlatform },
  },
  {
    name: 'On call and incidents',
    slug: 'on-call',
    charter:
      'Nobody is alone at night. We share alarms, keys and what we learned, without looking for somebody to blame. Urgent things go to the duty desk, not here.',
    isPrivate: false,
    foundedAfter: 1.1,
    facilitator: 1,
    sponsor: 7,
    posts: 46,
    promise: { first: 4, newcomer: 2 },
    appeal: 0.45,
    topics: { EN: onCall },
  },
  {
    name: 'Rénovation des chaufferies',
    slug: 'renovation-des-chaufferies',
    charter:
      'Neuf chaufferies à rénover avant l’hiver 2028, site par site. Plans, pièces, délais, habitants : tout ce qui aide le chantier suivant à aller mieux que le précédent.',
    isPrivate: false,
    foundedAfter: 2.2,
    facilitator: 4,
    sponsor: 8,
    posts: 42,
    promise: { first: 24 },
    appeal: 0.4,
    topics: { FR: chaufferies },
  },
  {
    name: 'Plain words',
    slug: 'plain-words',
    charter:
      'Letters that customers understand the first time. Objective: a third fewer calls about letters within a year. Whoever has never published anything is especially welcome.',
    amended:
      'Letters that customers understand the first time. The first objective is reached: a third fewer calls about letters. The next one: no letter is printed before five people have read it aloud. Whoever has never published anything is especially welcome.',
    isPrivate: false,
    foundedAfter: 4.0,
    facilitator: 5,
    sponsor: 9,
    posts: 34,
    promise: { first: 16, newcomer: 8 },
    appeal: 0.45,
    topics: { EN: plainWords },
  },
  {
    name: 'Mobilité douce',
    slug: 'mobilite-douce',
    charter:
      'Venir au travail autrement, au moins un jour par semaine. On y partage trajets, matériel et bons plans ; on y prépare ce que l’on demandera ensemble.',
    isPrivate: false,
    onRequest: true,
    foundedAfter: 6.3,
    facilitator: 6,
    sponsor: 10,
    posts: 36,
    promise: { first: 40 },
    appeal: 0.5,
    topics: { FR: mobilite },
  },
  {
    name: 'Nouvelle grille des astreintes',
    slug: 'grille-des-astreintes',
    charter:
      'Un petit groupe prépare la proposition avant de la soumettre à tous. Ce qui s’écrit ici reste ici jusqu’à la publication du texte.',
    isPrivate: true,
    foundedAfter: 10.5,
    facilitator: 2,
    sponsor: 10,
    posts: 13,
    promise: { first: 24 },
    appeal: 0,
    topics: { FR: astreintes },
  },
];
