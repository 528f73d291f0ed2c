/** A question that somebody new did not dare to ask at once. What is missing in one never came. */
export type Hesitation = {
  readonly slug: string;
  /** Days before the history ends at which it was begun. */
  readonly ago: number;
  /** What the mentor is asked about: one of the community's own topics. */
  readonly topic: string;
  readonly title: string;
  readonly body: string;
  /** The mentor's. */
  readonly feedback?: string;
  /** As it was asked then. */
  readonly asked?: string;
  readonly answer?: string;
  readonly thanks?: string;
};

/** What mentors are asked about, by community. */
export const mentoringTopics: Readonly<Record<string, readonly string[]>> = {
  'data-platform': ['First questions', 'Definitions'],
  bienvenue: ['Oser demander', 'Asking in English'],
  'plain-words': ['Tone', 'Structure'],
  'compteurs-communicants': ['Terrain', 'Outils'],
};

export const hesitations: readonly Hesitation[] = [
  {
    slug: 'data-platform',
    ago: 152,
    topic: 'Definitions',
    title: 'Which column is the heated area of a building?',
    body: 'I only know the old spreadsheet, and several columns could be it. Sorry if everybody knows this.',
    feedback:
      'Nobody wrote this down, so it is a good question. Name the columns, leave out the “sorry”, and you will have an answer within the hour.',
    asked: 'The old spreadsheet has surface, surface_2, heated and heated_2024. Which one came into the warehouse?',
    answer: 'heated_2024. The others are estimates from before the survey. I have added it to the definitions.',
    thanks: 'Thank you. That was less frightening than I thought.',
  },
  {
    slug: 'bienvenue',
    ago: 131,
    topic: 'Oser demander',
    title: 'Tutoie-t-on tout le monde, la direction aussi ?',
    body: 'Je ne sais jamais comment commencer mes messages, alors je n’en écris pas.',
    feedback:
      'Gardez cette phrase, elle est juste : d’autres se taisent pour la même raison. Ajoutez à qui vous écrivez, on vous répondra mieux.',
    asked: 'Je ne sais jamais comment commencer mes messages, alors je n’en écris pas. Et quand c’est au directeur ?',
    answer: 'Oui, tout le monde, lui compris : il l’a demandé lui-même. Avec les habitants, on vouvoie.',
    thanks: 'Merci ! J’ai envoyé mes trois messages en retard.',
  },
  {
    slug: 'plain-words',
    ago: 117,
    topic: 'Tone',
    title: 'May a reminder say “you owe us”?',
    body: 'The template says “an amount remains outstanding”. I would not know what that means.',
    feedback: 'Show both sentences, one under the other. Then it is no longer an opinion.',
    asked:
      'The template says “an amount remains outstanding”. I would write “you still owe us 84 euros”. Is that too blunt?',
    answer: 'It is plain, not blunt. “You have not paid 84 euros yet” is kinder still. We will try it in May.',
    thanks: '“Not paid yet” it is. Thank you, all of you.',
  },
  {
    slug: 'data-platform',
    ago: 96,
    topic: 'First questions',
    title: 'My count of flats is never yours: where do I look first?',
    body: 'I get 14,031 and the dashboard says 13,987. I have probably done something silly.',
    feedback: 'You have probably found something. Say on which day you counted: the answer is often in there.',
    asked: 'On the last day of the month I get 14,031, and the dashboard says 13,987. Where do I look first?',
    answer:
      'At the date: the dashboard counts flats with a contract on that day, your query also those that begin later.',
    thanks: 'That is it, exactly 44 of them. Thank you!',
  },
  {
    slug: 'bienvenue',
    ago: 83,
    topic: 'Asking in English',
    title: 'Whom do I tell that I did not understand the safety briefing?',
    body: 'It was in French and quick. I signed that I had understood.',
    feedback: 'Please ask this one soon, and just as it is. Nobody will blame you for having signed.',
    asked: 'It was in French and quick, and I signed that I had understood. Whom do I tell?',
    answer: 'Me, and thank you for saying so. There is a briefing in English on the first Monday: you are on the list.',
    thanks: 'Thank you. I am bringing two colleagues who had not dared to say it either.',
  },
  {
    slug: 'compteurs-communicants',
    ago: 67,
    topic: 'Terrain',
    title: 'Que dire à quelqu’un qui refuse la pose ?',
    body: 'C’est arrivé deux fois hier et je suis reparti sans rien dire.',
    feedback: 'Dites ce que la personne craignait : les réponses ne sont pas les mêmes.',
    asked: 'C’est arrivé deux fois hier, à cause des ondes et des données. Que dites-vous dans ces cas-là ?',
    answer:
      'La fiche 4 pour les ondes, et on propose de rappeler. Pour les données, on montre ce qui est envoyé : peu.',
  },
  {
    slug: 'plain-words',
    ago: 41,
    topic: 'Structure',
    title: 'Does the most important sentence really come first?',
    body: 'I was taught to explain first. It feels rude to begin with the price.',
    feedback: 'Half of us were taught the same. Put an example beside it and ask away.',
  },
  {
    slug: 'bienvenue',
    ago: 52,
    topic: 'Oser demander',
    title: 'Est-ce normal de ne rien comprendre aux réunions du lundi ?',
    body: 'Trop de sigles. Je note tout et je cherche le soir.',
  },
];

/** Lies in front of a mentor when the history ends. */
export const waitingForReview: Hesitation = {
  slug: 'bienvenue',
  ago: 5,
  topic: 'Oser demander',
  title: 'Peut-on dire non à une astreinte le premier mois ?',
  body: 'On me l’a proposé gentiment, je n’ai pas osé refuser. Est-ce que cela se fait ?',
};

/** Is asked by itself some days after the history ends. */
export const scheduledToBeAsked: Hesitation = {
  slug: 'data-platform',
  ago: 5,
  topic: 'First questions',
  title: 'Could somebody show me how you read a query plan?',
  body: 'I am free on most afternoons, and I would write down what I learn for the next one who asks.',
};
