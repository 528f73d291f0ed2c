/**
 * How often a test does the same thing: seldom in `npm test`, as often as the promise says with PALABRE_TESTS_AT_LENGTH=1. The
 * test is the same.
 */
export const atLength = (seldom: number, often: number): number =>
  process.env.PALABRE_TESTS_AT_LENGTH ? often : seldom;
