import type { Topic } from './topic.ts';

const lieu = ['au siège', 'au dépôt sud', 'à l’atelier', 'à l’agence du port'];
const place = ['at head office', 'at the south depot', 'in the workshop', 'at the harbour branch'];

/** Everybody's first months: whoever asks here has just arrived. */
export const bienvenueFr: readonly Topic[] = [
  {
    kind: 'QUESTION',
    slots: { lieu },
    title: 'Premier jour {lieu} : à qui s’adresser ?',
    body: 'Je commence lundi {lieu}. J’ai une heure, pas de nom. Qui accueille les nouveaux, et que faut-il apporter ?',
    replies: [
      'L’accueil t’attend à partir de huit heures et appelle ton parrain ou ta marraine. Apporte une pièce d’identité et de quoi écrire, le reste est prêt.',
      'Je suis {lieu} lundi : demande-moi, je te fais faire le tour. Le café est au fond à gauche.',
    ],
    thanks: 'Merci, je viens avec moins d’appréhension !',
  },
  {
    kind: 'QUESTION',
    slots: { lieu },
    title: 'Comment réserver une salle {lieu} ?',
    body: 'Question sans doute évidente : comment réserve-t-on une salle {lieu} ? Le calendrier me montre les salles mais refuse ma demande.',
    replies: [
      'Aucune question n’est évidente. Il faut inviter la salle comme une personne ; si elle accepte, elle est à toi. C’est pareil partout, y compris {lieu}.',
      'Pour les petites salles, pas de réservation : une feuille sur la porte.',
    ],
    thanks: 'Inviter la salle… il fallait le savoir. Merci !',
  },
  {
    kind: 'QUESTION',
    slots: { lieu },
    title: 'Peut-on passer une journée dans une autre équipe {lieu} ?',
    body: 'On m’a parlé de « vis ma vie » : une journée avec une autre équipe, {lieu}. Est-ce vrai, et comment fait-on ?',
    replies: [
      'C’est vrai. Tu choisis l’équipe, tu préviens la tienne, tu écris ici trois lignes le soir. C’est la seule condition.',
      'L’équipe de pose cherche toujours du monde {lieu}, le mardi. Bonnes chaussures obligatoires.',
    ],
  },
  {
    kind: 'ANNOUNCEMENT',
    slots: { lieu },
    title: 'Petit déjeuner des nouveaux {lieu}',
    body: 'Tous les premiers jeudis du mois, {lieu} : du café, des gens, aucune présentation à préparer. Les anciens sont invités aussi, à condition de s’asseoir à côté de quelqu’un qu’ils ne connaissent pas.',
    replies: [
      'J’y serai, et je jouerai le jeu de la chaise inconnue.',
      'Mon premier était le meilleur moment de mon mois d’arrivée.',
    ],
  },
];

export const bienvenueEn: readonly Topic[] = [
  {
    kind: 'QUESTION',
    slots: { place },
    title: 'What does everybody know {place} that nobody told me?',
    body: 'Second week {place}. I keep discovering things that everybody knows. Would you tell me three of them before I find out the hard way?',
    replies: [
      'The printer needs the badge twice. The good coffee is one floor up. And you may say “I do not know”: it is the most useful sentence we have.',
      'Fridays are quiet {place}, so that is when people have time for questions. Ask then, and ask a lot.',
    ],
    thanks: 'Twice! That explains the printer. Thank you.',
  },
  {
    kind: 'QUESTION',
    slots: { place },
    title: 'Is it all right to ask in English {place}?',
    body: 'My French is on its way but not there yet. Is it all right to ask in English {place}, or do I wait until I can do it properly?',
    replies: [
      'Ask in English, in French or in both at once. Half of us read both, and the other half has patient neighbours.',
      'Please do not wait. We have had people who waited a year, and we missed a year of good questions.',
    ],
    thanks: 'Merci! (You see, it is on its way.)',
  },
  {
    kind: 'DISCUSSION',
    slots: { place },
    title: 'What made your first month {place} easier?',
    body: 'I prepare the page for those who arrive next month {place}. Not the rules, they have those. What did somebody do for you that made it easier?',
    replies: [
      'Somebody had lunch with me on the first day, and on the second. That was all, and it was everything.',
      'A list of people, with what one may ask them. Mine had nine names and I used every one.',
      'Being asked for my opinion in the second week. I had none, but I felt that I was there.',
    ],
  },
  {
    kind: 'ANNOUNCEMENT',
    slots: { place },
    title: 'Mentors wanted {place}',
    body: 'Five people arrive {place} next month. A mentor has lunch with one of them once a week for two months, and reads a first text before it is published, if they want. Raise your hand below; two each at most, so that it stays a pleasure.',
    replies: ['I take one, gladly.', 'Count on me for two. I still remember mine.'],
  },
];
