import type { Db } from './scope.ts';

/** Whether a member has said anything in a community that is not hidden, taken back or not. */
export const hasContributed = async (db: Db, communityId: string, memberId: string): Promise<boolean> => {
  const one = await db
    .selectFrom('contributions')
    .select('id')
    .where('memberId', '=', memberId)
    .where('communityId', '=', communityId)
    .where('hiddenAt', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return one !== undefined;
};
