import { hasContributed } from '../../projections/engagement/contributed.ts';
import { engagement } from '../../projections/engagement/index.ts';
import { freeMentor, reviews } from '../../projections/reviews.ts';
import type { PostgresReader } from '../adapters/postgres-tables/index.ts';
import type { Answer, Question } from '../core/decider.ts';
import type { EventLog } from '../core/event-log.ts';
import type { ReadModels } from '../core/read-models.ts';

type Tools = {
  readonly log: Pick<EventLog, 'head'>;
  readonly readModels: Pick<ReadModels, 'waitFor'>;
  readonly reader: Pick<PostgresReader, 'request'>;
};

/** Whoever asks has better things to do than to wait for context. */
const PATIENCE = 500;

/** What commands ask of the read models; null for what these do not know in time, or cannot tell. */
export const createAnswers =
  ({ log, readModels, reader }: Tools) =>
  async (question: Question): Promise<Answer | null> => {
    try {
      const asked = question.kind === 'HAS_CONTRIBUTED' ? engagement : reviews;
      const waited = await readModels.waitFor([asked.name], await log.head(), { timeoutMs: PATIENCE });
      if (waited !== 'reached') return null;
      const { from } = reader.request();
      if (question.kind === 'FREE_MENTOR') return (await freeMentor(from(reviews), question)) ?? false;
      return await hasContributed(from(engagement), question.communityId, question.memberId);
    } catch {
      return null;
    }
  };
