import { sql } from 'kysely';
import { type Db, instant } from '../scope.ts';
import { invitingPosts } from './facts.ts';
import { type Asked, rate, type Statistic } from './statistic.ts';

/**
 * Questions of the window, and whether an answer was accepted at its end. Events of the first release do not say which acceptance
 * they end: one that has no end counts only where it is what the question shows now.
 */
const questions = (db: Db, { scope, window }: Asked) => {
  const accepted = db
    .selectFrom('acceptances')
    .select(sql`1`.as('one'))
    .where(sql<boolean>`acceptances."postId" = topic.id`)
    .where('at', '<', instant(window.to))
    .where(
      sql<boolean>`("undoneAt" >= ${instant(window.to)} or "undoneAt" is null and "commentId" = topic."acceptedAnswerId")`,
    );
  return sql`
    select position, 'post-' || id as stream, exists (${accepted}) as accepted
      from (${invitingPosts(db, scope, window).where('kind', '=', 'QUESTION')}) as topic`;
};

export const acceptedRate: Statistic = {
  key: 'response.acceptedRate',
  version: 1,
  definition: 'Of the questions that members opened in the window, those with an accepted answer at its end.',
  compute: async (db, asked) => {
    const { rows } = await sql<{ accepted: number; questions: number }>`
      select count(*)::int as questions, count(*) filter (where accepted)::int as accepted
        from (${questions(db, asked)}) as question`.execute(db);
    return rate(rows[0]?.accepted ?? 0, rows[0]?.questions ?? 0);
  },
  counted: (db, asked) => sql`select position, stream from (${questions(db, asked)}) as question where accepted`,
};
