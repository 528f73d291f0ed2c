import { type Cursor, CursorError } from '../core/position.ts';

/** Throws `CursorError` unless the event that stands at the cursor's place (undefined: none) is the cursor's own. */
export const assertStands = (cursor: Cursor, standing: string | undefined) => {
  if (standing === cursor.eventId) return;
  if (cursor.position <= 0n)
    throw new CursorError(
      'CURSOR_MALFORMED',
      'No event stands at this place of the log: this is not a cursor that Palabre gave out.',
    );
  if (standing === undefined)
    throw new CursorError(
      'CURSOR_FROM_THE_FUTURE',
      'This cursor is beyond the end of the log: it was given out before the log was restored, or by another one. Read again from a fresh position.',
    );
  throw new CursorError(
    'CURSOR_OF_OLDER_INCARNATION',
    'Another event stands at this place of the log than when the cursor was given out: the log was restored since. Read again from a fresh position.',
  );
};
