import type { Topic } from './topic.ts';

const chaufferie = [
  'la chaufferie Nord',
  'la chaufferie des Tilleuls',
  'la chaufferie du port',
  'la chaufferie Saint-Elme',
];
const piece = ['le brûleur', 'l’échangeur', 'la pompe de bouclage', 'la vanne trois voies', 'le vase d’expansion'];
const etape = ['la dépose', 'l’épreuve hydraulique', 'le raccordement électrique', 'la mise en service'];

/** La rénovation des chaufferies, site par site. */
export const chaufferies: readonly Topic[] = [
  {
    kind: 'QUESTION',
    slots: { chaufferie, piece },
    title: '{piece} à {chaufferie} : réparer ou remplacer ?',
    body: 'Après douze ans de service, {piece} de {chaufferie} donne des signes de fatigue. Le devis de réparation est à la moitié du neuf. Nous rénovons dans deux ans. Que feriez-vous ?',
    replies: [
      'Demande s’il en reste une à l’atelier : nous en avons déposé trois l’an dernier, dont une presque neuve.',
      'Répare, et garde la pièce neuve pour la rénovation. Deux ans, c’est exactement ce que tient une réparation bien faite sur {piece}.',
      'Compte aussi l’arrêt. À {chaufferie}, couper un jour en janvier coûte plus cher que {piece}.',
    ],
    thanks: 'Il en restait une à l’atelier ! Remontée ce matin, et le devis est au panier.',
  },
  {
    kind: 'QUESTION',
    slots: { chaufferie, etape },
    title: 'Qui valide {etape} à {chaufferie} ?',
    body: 'Le planning dit « {etape} : validation », sans nom en face. L’entreprise attend et moi aussi. Qui signe ?',
    replies: [
      'Pour {chaufferie}, la conduite de travaux signe, après passage de l’exploitant. Je mets les deux noms sur le planning pour que cela ne se reproduise plus.',
      'Si personne n’est joignable, l’astreinte technique peut valider {etape} sous réserve. C’est écrit au chapitre quatre.',
    ],
    thanks: 'Signé ce midi. Merci d’avoir mis des noms sur le planning.',
  },
  {
    kind: 'QUESTION',
    slots: { piece },
    title: 'Bruit anormal sur {piece}',
    body: 'Un claquement toutes les quatre secondes sur {piece}, seulement quand la température de départ dépasse soixante-dix. J’ai un enregistrement. Quelqu’un a déjà entendu cela ?',
    replies: [
      'Oui, l’hiver dernier : de l’air dans le circuit. Purge au point haut avant toute chose, puis réécoute {piece}.',
      'Vérifie le serrage des colliers. À chaud tout se dilate, et un collier trop serré claque exactement comme cela.',
      'Ton enregistrement est précieux, garde-le. Il servira à former les suivants.',
    ],
    thanks: 'C’était l’air. Dix minutes de purge et le silence. Merci !',
  },
  {
    kind: 'QUESTION',
    slots: { chaufferie },
    title: 'Où sont les plans à jour de {chaufferie} ?',
    body: 'Je trouve trois plans de {chaufferie}, de trois années différentes, et aucun ne montre la cloison que j’ai devant moi. Lequel fait foi ?',
    replies: [
      'Aucun des trois : le relevé a été refait au printemps et attend son dépôt. Je le mets dans le dossier aujourd’hui et j’archive les anciens.',
      'Celui qui est affiché sur la porte, annoté au crayon, est le plus proche de la vérité. Prends-le en photo avant qu’il ne disparaisse.',
    ],
  },
  {
    kind: 'QUESTION',
    slots: { etape, chaufferie },
    title: 'Combien de jours prévoir pour {etape} ?',
    body: 'Je prépare l’arrêt de {chaufferie} et l’entreprise annonce deux jours pour {etape}. Cela me paraît optimiste. Qu’avez-vous constaté ailleurs ?',
    replies: [
      'Trois jours sur nos quatre derniers chantiers, dont un demi à attendre une pièce. Prévois trois et annonce trois.',
      'Deux, si tout est livré la veille et contrôlé à la livraison. C’est la livraison qui fait le délai, jamais {etape}.',
    ],
    thanks: 'Je prévois trois. Si c’est deux, tout le monde sera content.',
  },
  {
    kind: 'DISCUSSION',
    slots: { chaufferie },
    title: 'Faire visiter {chaufferie} aux habitants ?',
    body: 'Avant les travaux, les habitants de {chaufferie} ne savent pas ce qui les chauffe. Une visite un samedi, par groupes de dix, changerait beaucoup. Qui serait partant, et que faut-il pour la sécurité ?',
    replies: [
      'Partante. Casques, liste des présents, et quelqu’un qui ferme la marche : rien de plus.',
      'Nous l’avons fait une fois. Les meilleures questions viennent des enfants.',
      'Je peux préparer un panneau simple : d’où vient la chaleur, où elle va, ce qui change.',
    ],
  },
  {
    kind: 'DISCUSSION',
    slots: { piece, etape },
    title: 'Que faire des anciennes pièces après {etape} ?',
    body: 'Entre {piece} qui peut resservir et ce qui part à la ferraille, personne ne tient de liste. Je propose une étagère, une étiquette par pièce et une page ici. Trop simple ?',
    replies: [
      'Assez simple pour marcher. Je mets l’étagère, qui met les étiquettes ?',
      'Ajoutons la date de dépose et l’état. Sans état, personne n’ose remonter une pièce.',
    ],
  },
  {
    kind: 'ANNOUNCEMENT',
    slots: { chaufferie, etape },
    title: '{chaufferie} : {etape} commence lundi',
    body: 'Nous y sommes. {etape} commence lundi à {chaufferie}. L’eau chaude sera coupée de neuf à seize heures pendant trois jours ; les habitants sont prévenus. Toute question posée ici aura sa réponse sous deux jours ouvrés, comme toujours.',
    replies: ['Merci, l’accueil est au courant et a la fiche.', 'Peut-on prévoir une solution pour la crèche ?'],
  },
];
