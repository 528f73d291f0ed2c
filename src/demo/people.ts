import { derivedId } from '../core/ids.ts';
import { slugOf } from '../domain/words.ts';
import { DAY, momentOf } from './calendar.ts';
import { createRandom, type Random } from './random.ts';

/** Somebody of the demo organisation. None of them exists. */
export type Person = {
  readonly memberId: string;
  readonly name: string;
  readonly handle: string;
  readonly email: string;
  readonly arrivesAt: number;
  /** How much this person writes; 0 for who only reads. */
  readonly voice: number;
  /** How readily this person answers others. */
  readonly kindness: number;
  readonly speaks: 'FR' | 'EN' | 'BOTH';
};

/** Facilitates three communities, is heard in most, and was invited to the private one: a good pair of eyes. */
export const DEMO_MEMBER_HANDLE = 'ines-valmorin';

const given = [
  'Inès|Tobias|Awa|Gaspard|Linnea|Mehdi|Solveig|Baptiste|Noor|Elouan|Priya|Corentin|Maëlle|Dragan|Yuki|Anatole|Rokia',
  'Silvère|Hanna|Lucien|Fatou|Oskar|Clémence|Ravi|Perrine|Joao|Aïcha|Titouan|Greta|Malik|Violette|Pavel|Sidonie|Kwame',
  'Ondine|Ruben|Léonie|Tariq|Apolline|Stellan|Zélie|Amadou|Brune|Ivo|Marwa|Côme|Ilse|Samba|Philippine|Nils|Dalia',
].flatMap((names) => names.split('|'));

const family = [
  'Valmorin|Lindqvar|Diabaté-Roux|Fontaubert|Okonjou|Sauvagnac|Brisemer|Tellandre|Marchevent|Achterveld|Rivaudoux',
  'Kessoum|Delaroque|Pontaillac|Varenko|Belsaison|Orvando|Thibaudon|Nakaru|Quercissac|Hautbois|Lemoncelle|Zourabi',
  'Grandlac|Petrescou|Ambroisier|Castelmoure|Ferrandeau|Wintermeer|Olivarès-Tan|Joubertin|Malvoisie|Serrano-Bly',
].flatMap((names) => names.split('|'));

/** A name that fits nobody in particular. */
export const nameOf = (random: Random) => `${random.pick(given)} ${random.pick(family)}`;

/** The people who arrive between two times: a team to begin with, then a few every month. */
export const createPeople = (seed: number, count: number, from: number, until: number): Person[] => {
  const random = createRandom(seed, 'people');
  const founders = Math.min(count, Math.max(12, Math.round(count * 0.3)));
  const span = until - from;
  const handles = new Set<string>();

  const named = (n: number): { name: string; handle: string } => {
    for (;;) {
      const name = n === 0 ? `${given[0]} ${family[0]}` : nameOf(random);
      const handle = slugOf(name);
      const isFree = !handles.has(handle);
      handles.add(handle);
      if (isFree) return { name, handle };
    }
  };

  return Array.from({ length: count }, (_, n) => {
    const { name, handle } = named(n);
    const isLurker = n >= 12 && random.chance(0.35);
    const day =
      n < 12 ? 1 : n < founders ? 1 + random.integer(12) : Math.floor((random.next() * 0.97 * span) / DAY) + 3;
    return {
      memberId: derivedId('demo', seed, 'member', n),
      name,
      handle,
      email: `${handle}@belorme.example`,
      arrivesAt: momentOf(from + day * DAY, random),
      voice: isLurker ? 0 : random.logNormal(n < 12 ? 3.2 : 1, 0.9),
      kindness: isLurker ? 0 : random.logNormal(n < 12 ? 5 : 1, 1.1),
      speaks: n < 12 || random.chance(0.3) ? 'BOTH' : random.chance(0.62) ? 'FR' : 'EN',
    };
  });
};
