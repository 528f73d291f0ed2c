import type { Topic } from './topic.ts';

const lieu = ['l’agence du port', 'l’atelier', 'la Haute-Borne', 'la centrale', 'la maison mère'];
const trajet = ['gare – siège', 'centre – dépôt sud', 'port – atelier', 'Haute-Borne – siège'];
const materiel = ['un vélo cargo', 'un vélo électrique', 'une remorque', 'un antivol pliant'];

/** Venir au travail autrement. */
export const mobilite: readonly Topic[] = [
  {
    kind: 'QUESTION',
    slots: { lieu },
    title: 'Où ranger un vélo à {lieu} quand il pleut ?',
    body: 'L’abri de {lieu} est plein dès huit heures et le reste est en plein vent. Y a-t-il un autre endroit, autorisé de préférence ?',
    replies: [
      'Derrière la réserve, porte verte : huit places au sec, clé à l’accueil. Tout le monde à {lieu} croit que c’est fermé.',
      'Une demande est partie pour dix arceaux de plus. Dis-le ici si tu en veux aussi, le nombre compte.',
    ],
    thanks: 'La porte verte ! Trois ans que je passe devant. Merci.',
  },
  {
    kind: 'QUESTION',
    slots: { trajet },
    title: 'Covoiturage {trajet} : qui part avant sept heures ?',
    body: 'Je commence à sept heures et je fais {trajet} seul, quatre jours par semaine. Y a-t-il quelqu’un sur ce chemin, même une partie du trajet ?',
    replies: [
      'Moi, les mardis et jeudis. Je pars à six heures vingt et je peux te prendre au rond-point.',
      'Inscris {trajet} dans le tableau des covoiturages : nous sommes déjà trois et cela tourne par semaine.',
      'Pas moi, mais ma voisine de bureau oui. Je lui montre ton message.',
    ],
    thanks: 'À mardi, donc ! Je paie le café.',
  },
  {
    kind: 'QUESTION',
    slots: { materiel, lieu },
    title: 'Peut-on emprunter {materiel} à {lieu} ?',
    body: 'J’aimerais essayer {materiel} une semaine avant d’en acheter. On m’a dit que {lieu} en prêtait. À qui s’adresser, et faut-il une caution ?',
    replies: [
      'Oui, au magasin de {lieu}, pour quinze jours, sans caution. Il faut juste signer le carnet et le rendre propre.',
      'Je te prête mon expérience : {materiel}, j’étais sceptique, je ne reviendrais pas en arrière.',
    ],
  },
  {
    kind: 'QUESTION',
    slots: { trajet },
    title: 'L’indemnité vaut-elle pour {trajet} en deux modes ?',
    body: 'Je fais {trajet} moitié train, moitié vélo. Puis-je demander l’indemnité pour la partie à vélo en plus de l’abonnement ?',
    replies: [
      'Oui, les deux se cumulent depuis janvier, jusqu’au plafond. Il faut déclarer les jours, pas les kilomètres.',
      'Le formulaire a une case « trajet mixte », tout en bas. C’est elle qu’il faut cocher.',
    ],
    thanks: 'Bonne nouvelle, et dossier envoyé. Merci !',
  },
  {
    kind: 'QUESTION',
    slots: { lieu, materiel },
    title: 'Prise électrique pour {materiel} à {lieu} ?',
    body: 'Une recharge de temps en temps suffirait, mais je ne veux pas brancher n’importe où à {lieu}. Quelle est la règle ?',
    replies: [
      'La règle : uniquement les prises repérées en vert, jamais dans un couloir. À {lieu}, il y en a deux à l’entrée de l’atelier.',
      'Et jamais la nuit, à cause de l’assurance. De jour, aucun souci.',
    ],
  },
  {
    kind: 'DISCUSSION',
    slots: { trajet },
    title: 'La piste {trajet} est-elle praticable en hiver ?',
    body: 'Feuilles, verglas, éclairage : racontez votre {trajet}. Je rassemble les remarques pour la rencontre avec la commune, dans trois semaines.',
    replies: [
      'Praticable, sauf sous le pont où l’eau gèle. Une simple rigole suffirait.',
      'L’éclairage s’éteint à six heures et demie, exactement quand nous passons.',
      'Merci de porter cela. Seul, personne ne nous écoutait.',
    ],
  },
  {
    kind: 'DISCUSSION',
    slots: { lieu },
    title: 'Une journée sans voiture à {lieu} ?',
    body: 'Pas une obligation : un essai, un vendredi, avec petit déjeuner offert. Qu’est-ce qui vous empêcherait d’y participer à {lieu} ?',
    replies: [
      'L’école, deux enfants, deux sens opposés. Si c’est un mercredi, je viens.',
      'Rien. Il suffit qu’on me le propose, je crois que c’est le cas de beaucoup.',
      'Les horaires du premier bus. Peut-on commencer à neuf heures ce jour-là ?',
    ],
  },
  {
    kind: 'ANNOUNCEMENT',
    slots: { lieu },
    title: 'Atelier de réparation, jeudi à {lieu}',
    body: 'Freins, dérailleur, éclairage : jeudi midi, deux collègues réparent avec vous et vous apprennent à le faire. Venez même sans rien à réparer, il y a toujours une main à tenir. À {lieu}, sous l’auvent.',
    replies: ['J’apporte les rustines.', 'Est-ce ouvert aux enfants des collègues ?'],
  },
];
