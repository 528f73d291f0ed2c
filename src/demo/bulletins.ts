import { DAY, momentOf } from './calendar.ts';
import { createRandom } from './random.ts';
import { principal, type Script } from './script.ts';
import type { Language } from './texts/topic.ts';

type Publication = {
  readonly robot: { readonly memberId: string };
  readonly communityId: string;
  readonly language: Language;
  readonly foundedAt: number;
  readonly anchor: number;
  /** When questions were asked. */
  readonly asked: readonly number[];
};

/** On the first working day of each month the bulletin's service account counts the questions of the month before. */
export const planBulletins = (script: Script, publication: Publication) => {
  const { robot, communityId, language, foundedAt, anchor, asked } = publication;
  const bot = principal(robot.memberId, 'SERVICE');
  const random = createRandom(0, 'bulletin', communityId);
  script.join(foundedAt + 4 * DAY, bot, communityId);
  for (let from = firstOfNextMonth(foundedAt); ; from = firstOfNextMonth(from)) {
    const until = firstOfNextMonth(from);
    const at = momentOf(firstWorkday(until), random);
    if (at >= anchor) return;
    const questions = asked.filter((time) => time >= from && time < until).length;
    script.publish(at, bot, { communityId, kind: 'ANNOUNCEMENT', ...textOf(language, new Date(from), questions) });
  }
};

const firstOfNextMonth = (at: number) => {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
};

const firstWorkday = (day: number): number => {
  const weekday = new Date(day).getUTCDay();
  return weekday === 6 ? day + 2 * DAY : weekday === 0 ? day + DAY : day;
};

const textOf = (language: Language, month: Date, questions: number) => {
  const named = (locale: string) =>
    new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(month);
  if (language === 'FR')
    return {
      title: `Bulletin de ${named('fr')}`.replace(/de (?=[ao])/, 'd’'),
      body: `${questions === 0 ? 'Aucune question' : questions === 1 ? 'Une question' : `${questions} questions`} ce mois-là. Celles qui attendent encore sont en haut du fil : à qui le tour ?`,
    };
  return {
    title: `Bulletin of ${named('en')}`,
    body: `${questions === 0 ? 'No question' : questions === 1 ? 'One question' : `${questions} questions`} in that month. Those that still wait stand at the top of the feed: whose turn is it?`,
  };
};
