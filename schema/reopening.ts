import type { Sealed } from '../src/core/event.ts';
import { builder } from './builder.ts';
import { PART_ID, partId } from './global-id.ts';
import { textIn } from './sealed.ts';
import { Community, Post, Project } from './types.ts';

type ReopeningFacts = {
  /** The id of what was reopened. */
  readonly of: string;
  readonly at: Date;
  readonly sealed: Sealed;
};

/** That something was over, and is not any more. */
const Reopening = builder.objectRef<ReopeningFacts>('Reopening').implement({
  description: 'That something that was settled, closed or archived goes on.',
  fields: (t) => ({
    id: t.field({
      type: 'ID',
      description: PART_ID,
      resolve: ({ of, at }) => partId('Reopening', of, at.toISOString()),
    }),
    at: t.field({ type: 'DateTime', description: 'When it was reopened.', resolve: ({ at }) => at }),
    reason: t.string({
      nullable: true,
      description: 'Why; null once who reopened it was erased.',
      resolve: ({ sealed }, _, context) => textIn(context, sealed, 'reason'),
    }),
  }),
});

type Reopened = { readonly id: string; readonly reopenedAt: Date | null; readonly reopening: Sealed | null };

const reopeningOf = ({ id, reopenedAt, reopening }: Reopened): ReopeningFacts | null =>
  reopenedAt && reopening ? { of: id, at: reopenedAt, sealed: reopening } : null;

const DESCRIPTION = 'When it was last reopened, and why; null where it never was.';

builder.objectField(Project, 'reopening', (t) =>
  t.field({ type: Reopening, nullable: true, description: DESCRIPTION, resolve: reopeningOf }),
);
builder.objectField(Community, 'reopening', (t) =>
  t.field({ type: Reopening, nullable: true, description: DESCRIPTION, resolve: reopeningOf }),
);
builder.objectField(Post, 'reopening', (t) =>
  t.field({ type: Reopening, nullable: true, description: DESCRIPTION, resolve: reopeningOf }),
);
