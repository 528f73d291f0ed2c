import type { Topic } from './topic.ts';

const letter = ['the first reminder', 'the yearly statement', 'the meter appointment', 'the moving-out letter'];
const word = ['“pursuant to”', '“index”', '“regularisation”', '“consumption period”', '“contractual power”'];
const team = ['the call desk', 'accounting', 'the field team', 'legal'];

/** Letters to customers that customers understand. */
export const plainWords: readonly Topic[] = [
  {
    kind: 'QUESTION',
    slots: { word, letter },
    title: 'A plain word for {word}?',
    body: 'We still write {word} in {letter}, and people call to ask what it means. What do you say to your neighbour when you explain it?',
    replies: [
      'I say what it does instead of what it is called. In {letter} a whole short sentence in place of {word} works better than any synonym.',
      'I asked three customers. None of them knew {word}, all of them understood once there was an example with numbers beside it.',
      'Keep {word} once, in brackets, because it also stands on the contract. After that, plain words only.',
    ],
    thanks: 'The short sentence reads so much better. I have put it into the draft.',
  },
  {
    kind: 'QUESTION',
    slots: { letter, team },
    title: 'Who has to agree before {letter} changes?',
    body: 'The new text of {letter} is ready and I am told to “check with {team}”. Is that a right of veto, a courtesy, or a habit?',
    replies: [
      'For {letter} it is a courtesy with a delay: they have five working days to object, in writing and with a better proposal. After that it goes out.',
      'Bring the calls with you. When {team} heard four minutes of recorded questions about {letter}, they agreed on the spot.',
    ],
    thanks: 'Five days, with a counter-proposal: I can live with that. Thank you.',
  },
  {
    kind: 'QUESTION',
    slots: { letter },
    title: 'How do you test {letter} with real people?',
    body: 'I would like to know whether {letter} is understood before we print twelve thousand of them. A survey takes weeks. What do you do?',
    replies: [
      'Five people, one question each: “what will you do now?” If two of the five say something else than you intended, rewrite {letter}. It takes one lunch break.',
      'The waiting room of the customer centre on a Wednesday. People are glad to be asked.',
      'Read it aloud to somebody who was not in the meeting. Where you stumble, they will.',
    ],
  },
  {
    kind: 'QUESTION',
    slots: { letter, word },
    title: 'Is there a translation of {letter}?',
    body: 'A family asked for {letter} in Portuguese. I can read it to them, but {word} has me stuck. Do we have anything ready?',
    replies: [
      'There is a glossary in six languages in the shared folder, {word} included. For {letter} as a whole we have Portuguese and Arabic, last revised in spring.',
      'I speak it at home and am happy to help. Send it to me, I will have it back by tomorrow.',
    ],
    thanks: 'The family says thank you, and so do I.',
  },
  {
    kind: 'DISCUSSION',
    slots: { letter },
    title: 'Before and after: {letter}',
    body: 'Before: 412 words, 9 of them capitalised. After: 168 words and a telephone number that somebody answers. The calls about {letter} went down by a third in the first month. What would you still take out?',
    replies: [
      'The second paragraph. It explains why we write, and the first one has shown it already.',
      'A third fewer calls! Please put that figure into the next bulletin, with the names of those who wrote it.',
      'I would leave it alone now. It is good, and good is allowed to rest.',
    ],
  },
  {
    kind: 'DISCUSSION',
    slots: { word, team },
    title: 'Should we ever write {word} again?',
    body: '{team} says that {word} is needed for precision. I say that precision which nobody understands is none. Where is the line, for you?',
    replies: [
      'In the contract it stays, in the letter it goes. Two texts, two purposes.',
      'Ask what somebody would do wrong if {word} were not there. If the answer is “nothing”, it can go.',
    ],
  },
  {
    kind: 'ANNOUNCEMENT',
    slots: { letter },
    title: 'Writing workshop: {letter}',
    body: 'Two hours, eight chairs, one letter. We take {letter} apart and put it together again. No experience needed; whoever has never dared to publish a text is especially welcome, nobody reads over your shoulder.',
    replies: ['I have never dared. I will come.', 'Is there one for the people of the evening shift?'],
  },
  {
    kind: 'ANNOUNCEMENT',
    slots: { word },
    title: 'Word of the month: {word}',
    body: 'This month we look for every place where {word} still stands. Post what you find, with a proposal. The best one goes into all letters, under the name of whoever found it.',
    replies: ['Found one on the lift in our own building.', 'Three on the invoice alone. Proposals follow tonight.'],
  },
];
