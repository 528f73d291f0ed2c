import type { Topic } from './topic.ts';

const site = ['la résidence des Tilleuls', 'Quai Vert', 'la Haute-Borne', 'l’îlot Saint-Elme', 'la cité du Verger'];
const compteur = [
  'les compteurs d’eau froide',
  'les compteurs de chaleur',
  'les répartiteurs',
  'les compteurs de sous-station',
];
const defaut = ['un trou de trois jours', 'un index qui recule', 'deux fois le même numéro', 'une pile annoncée vide'];
const outil = ['la tablette', 'l’application de tournée', 'le lecteur radio', 'le concentrateur'];

/** Les compteurs communicants, de la pose à la relève. */
export const compteurs: readonly Topic[] = [
  {
    kind: 'QUESTION',
    slots: { site, defaut },
    title: '{site} : {defaut}, que faire ?',
    body: 'Sur le tableau de relève de {site}, je vois {defaut}. J’ai vérifié l’adresse et le numéro de série. Faut-il passer sur place tout de suite ou attendre la prochaine relève ?',
    replies: [
      'Pour {site}, regarde d’abord le concentrateur du sous-sol. La prise est partagée avec l’aspirateur du gardien.',
      'Attends la relève de nuit : si demain tu as toujours {defaut}, ouvre une fiche et passe sur place. Neuf fois sur dix, cela rentre dans l’ordre.',
      'Passe sur place si tu es dans le quartier, et prends une photo de l’étiquette : elle règle la discussion avec le fournisseur.',
    ],
    thanks: 'C’était bien la prise partagée. J’ai collé une étiquette « ne pas débrancher ».',
  },
  {
    kind: 'QUESTION',
    slots: { outil, compteur },
    title: '{outil} ne reconnaît pas {compteur}',
    body: 'Depuis la mise à jour, {outil} refuse {compteur} posés avant l’an dernier : « modèle inconnu ». Les neufs passent sans souci. Est-ce que quelqu’un a trouvé comment faire ?',
    replies: [
      'Il faut recharger la liste des modèles : menu, références, tout recharger. Ensuite {outil} accepte aussi {compteur} anciens.',
      'En attendant, saisis le numéro à la main et coche « contrôlé de visu ». La relève sera acceptée.',
    ],
    thanks: 'La liste rechargée, tout est passé. Merci pour la rapidité !',
  },
  {
    kind: 'QUESTION',
    slots: { compteur, site },
    title: 'Dans quel ordre poser {compteur} à {site} ?',
    body: 'Nous commençons {site} lundi : quatre cages d’escalier, et {compteur} à remplacer partout. Par le haut, par le bas, par logement ? Je voudrais éviter de couper deux fois les mêmes gens.',
    replies: [
      'Par colonne et non par étage : tu coupes une fois, tu remplaces {compteur} de toute la colonne, et tu rends l’eau avant midi.',
      'Préviens les habitants par affiche ET par message, trois jours avant. À {site}, la moitié ne lit que l’affiche du hall.',
      'Commence par la cage du gardien. S’il est content, les trois autres iront toutes seules.',
    ],
  },
  {
    kind: 'QUESTION',
    slots: { site, outil },
    title: 'Pas de réseau au sous-sol de {site}',
    body: 'Au deuxième sous-sol de {site}, {outil} perd le réseau et ma saisie avec. J’ai refait la tournée deux fois. Existe-t-il un mode hors connexion ?',
    replies: [
      'Oui : télécharge la tournée avant de descendre, l’icône devient grise. {outil} garde tout et envoie quand tu remontes.',
      'Et ne ferme surtout pas l’application entre les deux. C’est le seul moyen de perdre ce que tu as saisi.',
    ],
    thanks: 'L’icône grise, je ne l’avais jamais vue. Tournée faite en une fois, merci.',
  },
  {
    kind: 'QUESTION',
    slots: { compteur },
    title: 'Qui répond aux habitants qui refusent {compteur} ?',
    body: 'Deux habitants refusent {compteur} par crainte des ondes. Je ne veux ni les brusquer ni raconter d’histoires. Que leur répondez-vous, et qui peut prendre le temps de les rappeler ?',
    replies: [
      'L’accueil a une fiche d’une page, avec les mesures faites chez nous. Je rappelle volontiers : dix minutes d’écoute valent mieux que dix courriers.',
      'Propose la visite d’un logement déjà équipé. {compteur} émettent deux secondes par jour, et le voir mesuré rassure.',
      'S’ils refusent encore, note-le sans insister. Nous repassons au printemps, et la plupart ont changé d’avis.',
    ],
    thanks: 'Merci. L’un des deux a accepté après l’appel, l’autre veut réfléchir.',
  },
  {
    kind: 'DISCUSSION',
    slots: { outil },
    title: 'Ce qu’il faudrait changer dans {outil}',
    body: 'Le fournisseur passe le mois prochain. Plutôt que trente remarques, je voudrais lui en porter trois, choisies ensemble. Qu’est-ce qui vous fait perdre le plus de temps avec {outil} ?',
    replies: [
      'Le retour à la première page après chaque saisie. Quarante fois par jour, faites le compte.',
      'La police de caractères. En plein soleil, je ne lis rien et je devine.',
      'Pouvoir annuler la dernière saisie. Aujourd’hui, une faute de frappe coûte un coup de téléphone.',
    ],
  },
  {
    kind: 'DISCUSSION',
    slots: { site },
    title: 'Retour d’expérience : {site}',
    body: 'Chantier terminé à {site} : 212 logements, onze jours, trois fuites et beaucoup de cafés offerts. Ce qui a bien marché : prévenir deux fois. Ce que nous referions autrement : compter les clés avant de partir. Et chez vous ?',
    replies: [
      'Merci pour les chiffres. Onze jours, c’est deux de moins que notre meilleure pose.',
      'Nous gardons l’idée des deux préavis pour la prochaine résidence.',
    ],
  },
  {
    kind: 'ANNOUNCEMENT',
    slots: { site, compteur },
    title: 'Dix mille : le cap est passé à {site}',
    body: 'Le dix-millième appareil a été posé ce matin à {site}. Merci à celles et ceux qui posent, à celles et ceux qui répondent au téléphone, et à ceux qui ont osé poser ici la question que tout le monde se posait sur {compteur}.',
    replies: ['Bravo à tous ! On fête cela comment ?', 'Dix mille, et je me souviens encore du premier.'],
  },
];
