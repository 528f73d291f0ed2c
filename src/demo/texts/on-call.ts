import type { Topic } from './topic.ts';

const alarm = ['low pressure', 'pump vibration', 'lost connection', 'high return temperature', 'battery low'];
const site = ['Quai Vert', 'Les Tilleuls', 'Haute-Borne', 'Saint-Elme', 'the swimming pool'];
const hour = ['two in the morning', 'five on Sunday', 'midnight', 'half past four'];
const app = ['the duty app', 'the alarm app', 'the on-call app'];
const tool = ['the duty app', 'the alarm wall', 'the shift calendar', 'the incident form'];

/** Being on call, and learning from what went wrong. */
export const onCall: readonly Topic[] = [
  {
    kind: 'QUESTION',
    slots: { alarm, site },
    title: '“{alarm}” at {site}: wait or drive?',
    body: 'The alarm “{alarm}” came up at {site} last night and went away after eight minutes. I stayed at home and slept badly. Would you have driven there?',
    replies: [
      'I would have waited as you did. The sheet for {site} says: one alarm of “{alarm}” under fifteen minutes is noted, two in the same night are visited.',
      'Look at the neighbouring sensor first. If it is quiet, “{alarm}” is nearly always the cable. I ask the day team to have it checked.',
      'At {site} I would drive, because nobody lives there who would notice. Everywhere else, wait.',
    ],
    thanks: 'That settles it, and I will sleep better. Noted, as the sheet says.',
  },
  {
    kind: 'QUESTION',
    slots: { app, hour },
    title: '{app} did not ring at {hour}',
    body: 'The alarm was there when I looked, but {app} had not rung at {hour}. The phone was loud and on the table. Where do I start looking?',
    replies: [
      'Start with the battery settings: after the last update the phone puts {app} to sleep. Allow it to run in the background, then send yourself a test alarm.',
      'Check whether your shift had begun in the calendar. It once ended at midnight for half of the team, by one wrong click.',
    ],
    thanks: 'It was the battery setting. The test alarm woke the whole house.',
  },
  {
    kind: 'QUESTION',
    slots: { alarm },
    title: 'Can we mute “{alarm}” during planned work?',
    body: 'During yesterday’s works I counted fourteen times “{alarm}”, all of them expected. By the tenth I no longer looked, which is the real danger. Is there a proper way to mute it?',
    replies: [
      'Yes: open a works window with an end. While it is open, “{alarm}” is written down but does not ring, and everything else does. It closes by itself.',
      'Please never mute without an end. We found one last year that had been silent for five months.',
      'Tell the desk too. A human who knows is worth more than any window.',
    ],
  },
  {
    kind: 'QUESTION',
    slots: { site, tool },
    title: 'Where are the keys of {site}?',
    body: 'I stood in front of {site} with a torch and no key. {tool} says “at the usual place”. For whom is that usual?',
    replies: [
      'In the key safe of the south depot since March. The code changes every month and stands on the duty sheet. I have corrected the entry in {tool}.',
      'Ring the caretaker of the school next door if the depot is closed: they have had a second key for {site} for years, and they are kind about it.',
    ],
    thanks: 'Found it, thank you. And thank you for correcting the entry for the next one.',
  },
  {
    kind: 'QUESTION',
    slots: { hour },
    title: 'First week on call: what do you wish you had known?',
    body: 'My first week starts on Monday. I have read everything and feel no wiser. What do you wish somebody had told you before your first call at {hour}?',
    replies: [
      'Put your boots beside the door and the torch in the left one. Everything else comes with time.',
      'Write down what you do while you do it. At {hour} you believe that you will remember. You will not.',
      'That you may call the second line at any time. Nobody has ever complained about having been called too early.',
    ],
    thanks: 'The boots stand beside the door. I feel better already.',
  },
  {
    kind: 'DISCUSSION',
    slots: { site, alarm },
    title: 'What we learned from the night at {site}',
    body: 'Nobody was hurt, forty flats were cold for six hours. The short story: “{alarm}” rang at the right moment, and we looked at the wrong drawing. I wrote down the timeline, without names. What would have helped you, in our place?',
    replies: [
      'A drawing with a date on it. Ours at {site} has three versions, and the oldest one hangs on the wall.',
      'Thank you for writing it down so plainly. It is easier to admit a mistake when somebody has gone first.',
      'I would add “{alarm}” to the next exercise, so that everybody has followed it once in daylight.',
    ],
  },
  {
    kind: 'DISCUSSION',
    slots: { tool },
    title: 'Handing over in ten minutes',
    body: 'Our Monday hand-over takes forty minutes, and half of it is reading aloud what {tool} shows anyway. I propose three questions: what is open, what is strange, what did you promise. Shall we try it for a month?',
    replies: [
      'Yes, and the last question first. Promises are what gets lost.',
      'We do it like that since autumn: twelve minutes on average. I am for it.',
      'Keep five minutes for the newcomers, they learn most from the “strange” part.',
    ],
  },
  {
    kind: 'ANNOUNCEMENT',
    slots: { site },
    title: 'Exercise at {site} next month',
    body: 'We switch off one pump on purpose, in daylight, with everybody watching. Whoever has never closed the main valve at {site} comes first. Put your name below; there is soup afterwards.',
    replies: ['I am in, and I have indeed never closed it.', 'Count me in for the valve and for the soup.'],
  },
];
