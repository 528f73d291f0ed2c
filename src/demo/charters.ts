import type { MeasurableStatistic } from '../domain/statistic.ts';

/** What a community of the demo organisation stands on, in its own language. */
export type DemoFoundation = {
  readonly project: { readonly name: string; readonly description: string; readonly milestones: readonly string[] };
  readonly charter: {
    readonly purpose: string;
    readonly inScope: string;
    readonly outOfScope: string;
    readonly tools: string;
    readonly meaning: string;
  };
  readonly objective: { readonly statistic: MeasurableStatistic; readonly baseline: number; readonly target: number };
  readonly expectations: readonly Expected[];
  /** Why somebody was chosen as sponsor, expert, mentor and ambassador. */
  readonly reasons: readonly [sponsor: string, expert: string, curator: string, ambassador: string];
};

type Expected = {
  readonly behaviour: string;
  readonly audience?: 'NEWCOMERS' | 'LEADERS';
  readonly measure?: {
    readonly of: 'POSTS' | 'ANSWERS' | 'CONTRIBUTIONS';
    readonly atLeast: number;
    readonly per: 'WEEK' | 'MONTH';
  };
};

const french: DemoFoundation['reasons'] = [
  'Répond du temps que l’on y passe, et vient elle-même poser ses questions.',
  'Connaît le terrain depuis dix ans et explique sans jargon.',
  'Garde ce qui mérite de l’être, et sait où on l’a déjà dit.',
  'Parle de nous là où l’on ne nous lit pas encore.',
];
export const english: DemoFoundation['reasons'] = [
  'Answers for the time that people spend here, and asks questions herself.',
  'Has run this for years and explains it without jargon.',
  'Keeps what is worth keeping, and knows where it was said before.',
  'Speaks of us where nobody reads us yet.',
];
const answering: Expected = {
  behaviour: 'Qui anime ou parraine répond à au moins une question par mois.',
  audience: 'LEADERS',
  measure: { of: 'ANSWERS', atLeast: 1, per: 'MONTH' },
};

export const foundations: Readonly<Record<string, DemoFoundation>> = {
  bienvenue: {
    project: {
      name: 'Accueil des nouveaux 2026',
      description: 'Que chaque personne qui arrive sache, dès la première semaine, à qui demander.',
      milestones: ['Premier parcours d’accueil', 'Parrains dans chaque agence'],
    },
    charter: {
      purpose: 'Que personne n’arrive seul : ici on se présente, on demande, on est accueilli.',
      inScope: 'Les présentations, les questions des premières semaines, les bonnes adresses.',
      outOfScope: 'Les demandes personnelles : elles vont aux ressources humaines.',
      tools: 'Cet espace, et le café du mardi.',
      meaning: 'Qui a été bien accueilli accueille bien.',
    },
    objective: { statistic: 'contributors.new', baseline: 2, target: 8 },
    expectations: [
      { behaviour: 'Dire bonjour dans sa première semaine.', audience: 'NEWCOMERS' },
      { behaviour: 'Souhaiter la bienvenue à qui vient d’arriver.' },
    ],
    reasons: french,
  },
  'compteurs-communicants': {
    project: {
      name: 'Compteurs communicants 2027',
      description: 'Équiper 14 000 logements en deux ans, sans couper deux fois les mêmes gens.',
      milestones: ['Premier quartier équipé', 'Moitié des logements', 'Dernier immeuble'],
    },
    charter: {
      purpose: 'Équiper sans couper deux fois les mêmes gens, et apprendre d’un quartier pour le suivant.',
      inScope: 'La pose, la relève, les outils, les habitants.',
      outOfScope: 'Les factures.',
      tools: 'Cet espace, le planning de pose, l’application de relève.',
      meaning: 'Chacun sait ce qu’il consomme, et pourquoi.',
    },
    objective: { statistic: 'response.repliedRate', baseline: 0.6, target: 0.9 },
    expectations: [
      answering,
      { behaviour: 'Raconter ce qui n’a pas marché, avec le numéro du lot.' },
      { behaviour: 'Publier au moins une fois par mois.', measure: { of: 'CONTRIBUTIONS', atLeast: 1, per: 'MONTH' } },
    ],
    reasons: french,
  },
  'data-platform': {
    project: {
      name: 'One warehouse',
      description: 'One warehouse instead of thirty spreadsheets, with an owner for each definition.',
      milestones: ['First ten loads', 'Definitions have owners', 'Spreadsheets retired'],
    },
    charter: {
      purpose: 'One figure for one question: loads, definitions and doubts are settled in the open.',
      inScope: 'Loads, definitions, access, doubts about a figure.',
      outOfScope: 'Laptops and licences.',
      tools: 'This space, the catalogue of definitions, the Thursday clinic.',
      meaning: 'Decisions rest on figures that somebody can explain.',
    },
    objective: { statistic: 'topShare', baseline: 0.7, target: 0.4 },
    expectations: [
      { behaviour: 'Ask here rather than by mail, so that the answer is found again.' },
      {
        behaviour: 'Who facilitates or sponsors answers at least one question a month.',
        audience: 'LEADERS',
        measure: { of: 'ANSWERS', atLeast: 1, per: 'MONTH' },
      },
    ],
    reasons: english,
  },
  'on-call': {
    project: {
      name: 'Calm nights',
      description: 'Half as many alarms at night, and nobody alone with one.',
      milestones: ['Alarm inventory', 'Runbooks for the ten worst'],
    },
    charter: {
      purpose:
        'Nobody is alone at night: we share alarms, keys and what we learned, without looking for somebody to blame.',
      inScope: 'Alarms, keys, runbooks, reviews of incidents.',
      outOfScope: 'Urgent things: they go to the duty desk.',
      tools: 'This space, the runbooks, the duty desk’s board.',
      meaning: 'Who sleeps well repairs well.',
    },
    objective: { statistic: 'response.firstTime', baseline: 86_400, target: 14_400 },
    expectations: [
      { behaviour: 'Write down what an alarm was, within the week.' },
      { behaviour: 'Contribute every month.', measure: { of: 'CONTRIBUTIONS', atLeast: 1, per: 'MONTH' } },
    ],
    reasons: english,
  },
  'renovation-des-chaufferies': {
    project: {
      name: 'Neuf chaufferies avant 2028',
      description: 'Rénover neuf chaufferies, site par site, avant l’hiver 2028.',
      milestones: ['Premier site livré', 'Troisième site livré', 'Neuvième site livré'],
    },
    charter: {
      purpose: 'Que le chantier suivant aille mieux que le précédent.',
      inScope: 'Plans, pièces, délais, habitants.',
      outOfScope: 'Les marchés en cours de négociation.',
      tools: 'Cet espace, le dossier de chaque site.',
      meaning: 'On chauffe des gens, pas des bâtiments.',
    },
    objective: { statistic: 'heardRate', baseline: 0.5, target: 0.8 },
    expectations: [answering, { behaviour: 'Partager le bilan d’un site avant d’ouvrir le suivant.' }],
    reasons: french,
  },
  'plain-words': {
    project: {
      name: 'Letters people understand',
      description: 'A third fewer calls about letters within a year.',
      milestones: ['Ten letters rewritten', 'Read aloud by five people'],
    },
    charter: {
      purpose: 'Letters that customers understand the first time.',
      inScope: 'Letters, forms, signs in stairwells.',
      outOfScope: 'Contracts: the lawyers have the last word there.',
      tools: 'This space, and five people who read aloud.',
      meaning: 'Who understands a letter trusts who wrote it.',
    },
    objective: { statistic: 'gini', baseline: 0.6, target: 0.45 },
    expectations: [
      { behaviour: 'Bring one letter before your second month.', audience: 'NEWCOMERS' },
      { behaviour: 'Say what you did not understand; it is never stupid.' },
    ],
    reasons: english,
  },
  'mobilite-douce': {
    project: {
      name: 'Plan de mobilité 2026',
      description: 'Un trajet par semaine sans voiture, pour la moitié d’entre nous.',
      milestones: ['Abris à vélos', 'Covoiturage entre agences'],
    },
    charter: {
      purpose: 'Venir au travail autrement, au moins un jour par semaine.',
      inScope: 'Trajets, matériel, bons plans, ce que l’on demandera ensemble.',
      outOfScope: 'Les véhicules de service.',
      tools: 'Cet espace, la carte des trajets.',
      meaning: 'Arriver de bonne humeur.',
    },
    objective: { statistic: 'active.monthly', baseline: 12, target: 30 },
    expectations: [{ behaviour: 'Partager un trajet que l’on a vraiment essayé.' }],
    reasons: french,
  },
  'grille-des-astreintes': {
    project: {
      name: 'Nouvelle grille des astreintes',
      description: 'Une proposition écrite par ceux qui la vivront.',
      milestones: ['Proposition remise'],
    },
    charter: {
      purpose: 'Préparer une proposition avant de la soumettre à tous.',
      inScope: 'La grille, les compensations, les remplacements.',
      outOfScope: 'Les cas personnels.',
      tools: 'Cet espace, jusqu’à la publication du texte.',
      meaning: 'Une règle que l’on a écrite, on la tient.',
    },
    objective: { statistic: 'voiceEquity', baseline: 0.6, target: 0.85 },
    expectations: [{ behaviour: 'Ce qui s’écrit ici reste ici jusqu’à la publication.' }],
    reasons: french,
  },
};
