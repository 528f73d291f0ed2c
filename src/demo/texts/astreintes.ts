import type { Topic } from './topic.ts';

const equipe = ['l’équipe Nord', 'l’équipe Sud', 'la conduite', 'la permanence'];
const periode = ['les vacances de février', 'les ponts de mai', 'la semaine de Noël', 'le mois d’août'];

/** Un petit groupe prépare la nouvelle grille des astreintes, à huis clos, avant de la soumettre à tous. */
export const astreintes: readonly Topic[] = [
  {
    kind: 'QUESTION',
    slots: { equipe, periode },
    title: 'Combien de volontaires dans {equipe} pour {periode} ?',
    body: 'Pour chiffrer la proposition, il me faut une estimation honnête : dans {equipe}, combien accepteraient une semaine pendant {periode} si elle était compensée comme nous l’envisageons ?',
    replies: [
      'J’ai demandé sans engager personne : cinq oui, deux peut-être. Pour {periode}, c’est mieux que je ne pensais.',
      'Attention à ne pas compter deux fois ceux qui sont entre {equipe} et une autre. Je t’envoie la liste à part.',
    ],
    thanks: 'Cinq suffisent pour la première version. Merci d’avoir demandé avec tact.',
  },
  {
    kind: 'QUESTION',
    slots: { equipe },
    title: 'Quelle règle de repos appliquer à {equipe} ?',
    body: 'Après un appel entre minuit et cinq heures, {equipe} reprend aujourd’hui à neuf heures. Le texte dit onze heures de repos. Que proposons-nous d’écrire, noir sur blanc ?',
    replies: [
      'Le texte et rien d’autre : onze heures, décomptées depuis le retour au domicile. Si l’organisation n’y arrive pas, c’est elle qu’il faut changer.',
      'Écrivons aussi qui remplace le matin. Une règle sans remplaçant n’est pas appliquée, {equipe} le sait mieux que nous.',
    ],
  },
  {
    kind: 'DISCUSSION',
    slots: { periode },
    title: 'Variante B : tirage au sort pour {periode}',
    body: 'La variante A demande des volontaires, la variante B tire au sort parmi ceux qui n’ont pas fait {periode} l’an dernier. J’ai mis les deux côte à côte. Laquelle défendriez-vous devant vos collègues ?',
    replies: [
      'La A, avec la B en secours et annoncée d’avance. Le sort est juste, mais il n’est juste qu’une fois.',
      'La B. Les volontaires sont toujours les mêmes et s’épuisent en silence.',
      'Commençons par demander ce que cette période représente pour chacun. Pour certains, c’est l’argent ; pour d’autres, les enfants.',
    ],
  },
  {
    kind: 'DISCUSSION',
    slots: { equipe },
    title: 'Ce que {equipe} nous a dit',
    body: 'Compte rendu de la rencontre avec {equipe} : on ne demande pas plus d’argent, on demande de savoir trois mois à l’avance. Je crois que nous cherchions au mauvais endroit. Qu’en pensez-vous ?',
    replies: [
      'Pareil chez nous. La prévisibilité d’abord, le reste ensuite.',
      'Alors mettons le calendrier en article premier, et la grille en annexe.',
    ],
  },
  {
    kind: 'ANNOUNCEMENT',
    slots: { periode },
    title: 'Calendrier du groupe après {periode}',
    body: 'Trois réunions d’une heure, puis un texte soumis à tous. D’ici là, ce qui s’écrit ici reste ici : c’est ce qui permet de chercher à voix haute. Prochaine réunion juste après {periode}.',
    replies: ['Présente aux trois.', 'Je serai en retard à la première, commencez sans moi.'],
  },
];
