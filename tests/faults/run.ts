import { appendFile, readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Kills, killAtRandom, type Verdict } from './rounds.ts';

/**
 * `npm run test:faults -- [rounds] [--life n] [--record file] [--at-most n]`: kills deployments under load, again and again, and
 * checks the whole history of each. With a record, the rounds that stand in it already count.
 */
const USAGE = `Usage: npm run test:faults -- [rounds, 500 by default] [--life 20] [--record <file>] [--at-most <rounds>]
  --life     how many kills one deployment lives through before its whole history is checked
  --record   a file with one line of JSON for each life: what stands there counts, so that a run may be cut and gone on with
  --at-most  how many rounds to run now`;

/** One life of a deployment, as the record keeps it. */
type Life = {
  readonly rounds: number;
  readonly kills: Kills;
  readonly asked: number;
  readonly acknowledged: number;
  readonly stored: number;
  readonly violations: readonly string[];
};

const wrongUse = (): never => {
  console.error(USAGE);
  process.exit(2);
};

const whole = (text: string): number => (/^[1-9]\d*$/.test(text) ? Number(text) : wrongUse());

const readArguments = () => {
  try {
    const options = { life: { type: 'string' }, record: { type: 'string' }, 'at-most': { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const rounds = whole(positionals[0] ?? '500');
    return {
      rounds,
      life: whole(values.life ?? '20'),
      record: values.record,
      atMost: whole(values['at-most'] ?? `${rounds}`),
    };
  } catch {
    return wrongUse();
  }
};

const recorded = async (file: string | undefined): Promise<Life[]> => {
  if (!file) return [];
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
};

const toLife = (rounds: number, { history, violations, kills }: Verdict): Life => ({
  rounds,
  kills,
  asked: history.publications.length,
  acknowledged: history.publications.filter((publication) => publication.acknowledged).length,
  stored: history.log.length,
  violations,
});

const sum = (lives: readonly Life[], of: (life: Life) => number) => lives.reduce((total, life) => total + of(life), 0);

const { rounds, life, record, atMost } = readArguments();
const lives = await recorded(record);
const before = sum(lives, (each) => each.rounds);
const aim = Math.min(rounds, before + atMost);
for (let done = before; done < aim; ) {
  const count = Math.min(life, aim - done);
  const first = done + 1;
  const verdict = await killAtRandom(count, {
    onRound: ({ round, victim, inRecovery, acknowledged, away }) =>
      console.error(
        `round ${first + round} of ${rounds}: killed ${victim}${inRecovery ? ', and again while it came back' : ''}; answering after ${away} ms; ${acknowledged} acknowledged`,
      ),
  });
  const lived = toLife(count, verdict);
  lives.push(lived);
  done += count;
  if (record) await appendFile(record, `${JSON.stringify(lived)}\n`);
  console.error(`checked ${lived.stored} stored of ${lived.asked} asked: ${lived.violations.length} violations`);
}
const violations = lives.flatMap((each) => each.violations);
console.log(
  JSON.stringify({
    rounds: sum(lives, (each) => each.rounds),
    kills: Object.fromEntries(
      (['server', 'database', 'both', 'recovery'] as const).map((name) => [
        name,
        sum(lives, ({ kills }) => kills[name]),
      ]),
    ),
    asked: sum(lives, (each) => each.asked),
    acknowledged: sum(lives, (each) => each.acknowledged),
    stored: sum(lives, (each) => each.stored),
    violations,
  }),
);
process.exit(violations.length > 0 ? 1 : 0);
