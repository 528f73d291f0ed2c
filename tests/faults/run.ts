import { killAtRandom } from './rounds.ts';

/** `npm run test:faults -- [rounds]`: kills a deployment under load, again and again, and checks its whole history. */
const rounds = Number(process.argv[2] ?? 500);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error('Usage: npm run test:faults -- [rounds, 500 by default]');
  process.exit(2);
}

const { history, violations, kills } = await killAtRandom(rounds, {
  onRound: (round, victim) => console.error(`round ${round + 1} of ${rounds}: killed ${victim}`),
});
const acknowledged = history.publications.filter((publication) => publication.acknowledged).length;
console.log(
  JSON.stringify({
    rounds,
    kills,
    asked: history.publications.length,
    acknowledged,
    stored: history.log.length,
    violations,
  }),
);
process.exit(violations.length > 0 ? 1 : 0);
