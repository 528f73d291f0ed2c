import type { Language, SmallTalk } from './topic.ts';

const english: SmallTalk = {
  agreeing: [
    'Same experience here, and it has held since spring.',
    'I would do exactly that. We lost a week finding it out ourselves.',
    'Seconded. It also spares the people who come after us.',
    'Good point, I had not seen it from that side.',
    'Agreed. Let us write it on the team page while it is fresh.',
  ],
  asides: [
    ['Does that hold for every team, or only for yours?', 'For every team. Some only need a day of notice more.'],
    [
      'Thank you. Is there anything to ask the works council first?',
      'Nothing to ask, only to tell: two lines are enough, and I can send you mine.',
    ],
    [
      'And if it does not work out, whom do I turn to?',
      'To whoever facilitates here. It is a person with a name, not a department.',
    ],
    [
      'Do you have an example that I could copy from?',
      'I put one into the shared folder, under the name of this community.',
    ],
    ['And what happens to what was there before?', 'Nothing is thrown away: it stays readable for a year.'],
    ['How long did it take you, honestly?', 'Half a day the first time, twenty minutes since.'],
    [
      'It sounds like a lot for somebody who starts alone. Is it?',
      'It is simpler than it sounds. Come by on Thursday and we do the first one together.',
    ],
  ],
  thanking: [
    'Thank you, that is what I was missing.',
    'It works. You have spared me an afternoon.',
    'Perfect, I will try it tomorrow and report back.',
    'Thanks, and sorry for not having searched longer.',
    'Done and checked this morning. Thank you!',
  ],
  adding: [
    'For those who find this later: it still holds, we went through it again last week.',
    'One more thing: tell the people next to you before you start, it saves them a surprise.',
    'We did it a little differently, but the idea is the same.',
    'I added this to the list for newcomers.',
    'A detail that cost us an hour: read it to the end before beginning.',
  ],
  welcoming: [
    'Welcome! Do not hesitate to ask what seems obvious: it rarely is.',
    'Glad you are here. Your first question will be answered within two working days, that is our promise.',
    'Welcome aboard. Have a look at the pinned announcements, then ask away.',
    'Nice to read you. You will find that people here answer.',
  ],
  introducing: [
    'Hello everyone, I joined this month and I am still learning the names of the sites. I will mostly read at first.',
    'Hello! I come from the customer desk and would like to understand how the other half works.',
    'Good morning. Ten years in the field, first week behind a desk: be patient with me.',
    'Hello all, a colleague told me that questions get answers here, so here I am.',
  ],
  correcting: ['I have put the date right.', 'Edited: the room has changed.', 'Edited to make the last step clearer.'],
};

const french: SmallTalk = {
  agreeing: [
    'Même constat chez nous, et cela tient depuis le printemps.',
    'Je ferais exactement pareil. Nous avons perdu une semaine à le comprendre.',
    'Tout à fait d’accord, et cela aide ceux qui viendront après nous.',
    'Bien vu, je n’avais pas regardé sous cet angle.',
    'D’accord. Écrivons-le sur la page de l’équipe tant que c’est frais.',
  ],
  asides: [
    [
      'Est-ce que cela vaut pour toutes les équipes, ou seulement pour la tienne ?',
      'Pour toutes. Certaines demandent seulement un jour de préavis de plus.',
    ],
    [
      'Merci. Faut-il en parler d’abord au comité ?',
      'Rien à demander, juste à prévenir : deux lignes suffisent, je peux t’envoyer les miennes.',
    ],
    [
      'Et si cela ne marche pas, vers qui se tourner ?',
      'Vers la personne qui anime cette communauté. C’est quelqu’un, pas un service.',
    ],
    [
      'Aurais-tu un exemple dont je pourrais partir ?',
      'J’en ai mis un dans le dossier partagé, au nom de cette communauté.',
    ],
    ['Et que devient ce qui existait avant ?', 'Rien n’est jeté : cela reste lisible pendant un an.'],
    ['Combien de temps cela t’a-t-il pris, honnêtement ?', 'Une demi-journée la première fois, vingt minutes depuis.'],
    [
      'Cela paraît beaucoup quand on commence seul, non ?',
      'C’est plus simple qu’il n’y paraît. Passe jeudi, nous ferons la première fois ensemble.',
    ],
  ],
  thanking: [
    'Merci, c’est exactement ce qui me manquait.',
    'Cela marche. Tu m’as épargné un après-midi.',
    'Parfait, j’essaie demain et je vous raconte.',
    'Merci, et pardon de ne pas avoir cherché plus longtemps.',
    'Fait et vérifié ce matin. Merci !',
  ],
  adding: [
    'Pour qui passera par ici plus tard : c’est toujours vrai, nous l’avons refait la semaine dernière.',
    'Un point encore : prévenez vos voisins avant de commencer, cela leur évite une surprise.',
    'Nous avons fait un peu autrement, mais l’idée est la même.',
    'Je l’ajoute à la liste pour les nouveaux.',
    'Un détail qui nous a coûté une heure : lisez jusqu’au bout avant de commencer.',
  ],
  welcoming: [
    'Bienvenue ! N’hésite pas à demander ce qui paraît évident : ça l’est rarement.',
    'Heureux de te lire. Ta première question aura une réponse sous deux jours ouvrés, c’est notre promesse.',
    'Bienvenue parmi nous. Jette un œil aux annonces, puis pose tes questions.',
    'Ravie de te compter parmi nous. Ici, les gens répondent.',
  ],
  introducing: [
    'Bonjour à tous, arrivé ce mois-ci, j’apprends encore le nom des sites. Je vais surtout lire au début.',
    'Bonjour ! Je viens de l’accueil des abonnés et j’aimerais comprendre comment travaille l’autre moitié.',
    'Bonjour. Dix ans de terrain, première semaine au bureau : soyez patients avec moi.',
    'Bonjour à toutes et à tous, on m’a dit qu’ici les questions trouvent des réponses, alors me voilà.',
  ],
  correcting: [
    'J’ai corrigé la date.',
    'Modifié : la salle a changé.',
    'Modifié pour rendre la dernière étape plus claire.',
  ],
};

export const smallTalk: Readonly<Record<Language, SmallTalk>> = { EN: english, FR: french };
