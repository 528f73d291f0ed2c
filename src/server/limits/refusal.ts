import { GraphQLError } from 'graphql';
import { type Limit, type LimitName, limitTable } from '../../config/limits.ts';

/** Too much was asked: what, how much there may be, and how much it was. */
export const tooMuch = (name: LimitName, max: number, asked: number | null, sentence: string): GraphQLError => {
  const { code, status }: Limit = limitTable[name];
  return new GraphQLError(sentence, {
    extensions: {
      code,
      limit: { name, max, ...(asked !== null && { asked }) },
      // `spec`: told with status 200 to clients that know no better media type than JSON, as the specification wants it.
      ...(status && { http: { status, ...(status === 400 && { spec: true }) } }),
    },
  });
};
