import { Conflict, Rejection } from '../src/core/rejection.ts';
import { builder } from './builder.ts';

/** Every code with which a rule or a race refuses a command. A test holds the list to the rules. */
export const userErrorCodes = {
  INVALID_INPUT: 'A field of the input is not as it must be: `path` says which.',
  NOT_ALLOWED: 'Somebody else may do this, the viewer may not.',
  NOT_A_MEMBER: 'Only members of the community may do this: join it first.',
  INVITATION_NEEDED: 'The community is joined by invitation.',
  COMMUNITY_NOT_FOUND: 'There is no such community, or none that the viewer sees.',
  COMMUNITY_ARCHIVED: 'The community is archived: nothing can be added to it.',
  MEMBER_NOT_FOUND: 'There is no such member.',
  POST_NOT_FOUND: 'There is no such post, or none that the viewer sees.',
  POST_RETRACTED: 'Its author took the post back.',
  COMMENT_NOT_FOUND: 'There is no such comment, or none that the viewer sees.',
  COMMENT_RETRACTED: 'Its author took the comment back.',
  ANSWER_NOT_FOUND: 'There is no such answer to this question.',
  ANSWER_REPLIES_TO_POST: 'An answer replies to the question itself, never to a comment.',
  NOT_A_QUESTION: 'Only a question has answers.',
  TARGET_NOT_FOUND: 'There is no such post or comment, or none that the viewer sees.',
  THREAD_TOO_DEEP: 'A thread has no further level.',
  EXISTS_ALREADY: 'What the command creates exists already.',
  SLUG_TAKEN: 'Another community has this slug.',
  HANDLE_TAKEN: 'Another member has this handle.',
  LOGIN_TAKEN: 'The login belongs to another member.',
  EMAIL_TAKEN: 'Another member has this e-mail address.',
  IDEMPOTENCY_KEY_REUSED: 'The idempotency key came with another input before: take a new key.',
  REVISION_CONFLICT: 'Somebody else was first: read again, decide again.',
  TEXT_NOT_STORABLE: 'A text has characters that cannot be stored, such as NUL or half of a surrogate pair.',
  NOT_STORABLE: 'A value cannot be stored as it is.',
  EVENT_TOO_LARGE: 'What was typed is too long to be stored.',
  APPEND_TOO_LARGE: 'What was typed is too long to be stored.',
} as const;

export type UserErrorCode = keyof typeof userErrorCodes;

const CodeType = builder.enumType('UserErrorCode', {
  description: 'Why a command was refused. The list grows: treat a code that you do not know as its message.',
  values: Object.fromEntries(
    Object.entries(userErrorCodes).map(([code, description]) => [code, { description }]),
  ) as Record<UserErrorCode, { description: string }>,
});

/** An error as a payload carries it: of a rule, or of a race. */
export type UserErrorFacts = {
  readonly code: UserErrorCode;
  readonly message: string;
  readonly path: readonly string[] | null;
  readonly actualRevision?: number;
};

export const UserError = builder.interfaceRef<UserErrorFacts>('UserError').implement({
  description: 'Why a command was refused: nothing was stored. Faults of the request or of the server are not here.',
  resolveType: ({ actualRevision }) => (actualRevision === undefined ? 'Rejection' : 'Conflict'),
  fields: (t) => ({
    code: t.field({ type: CodeType, description: 'For programs: stable.', resolve: ({ code }) => code }),
    message: t.exposeString('message', { description: 'For people: what was wrong, and what to do.' }),
    path: t.field({
      type: ['String'],
      nullable: true,
      description: 'The field of the input that it is about, from the outside in; null when it is about none.',
      resolve: ({ path }) => path,
    }),
  }),
});

builder.objectType(builder.objectRef<UserErrorFacts>('Rejection'), {
  description: 'A rule said no.',
  interfaces: [UserError],
});

builder.objectType(builder.objectRef<UserErrorFacts>('Conflict'), {
  description: 'Somebody else changed the same thing since the revision that the input expected.',
  interfaces: [UserError],
  fields: (t) => ({
    actualRevision: t.int({
      description: 'The revision that it has now.',
      resolve: ({ actualRevision }) => actualRevision ?? 0,
    }),
  }),
});

/** What a payload says of an error; null for one that is not the rules' doing. */
export const userErrorsOf = (error: unknown): readonly UserErrorFacts[] | null => {
  if (error instanceof Conflict)
    return [
      {
        code: 'REVISION_CONFLICT',
        message: `It has changed meanwhile and is at revision ${error.actual}: read it again and decide again.`,
        path: ['expectedRevision'],
        actualRevision: error.actual,
      },
    ];
  if (!(error instanceof Rejection)) return null;
  return [error, ...error.others].map(({ code, message, path }) => ({
    code: code as UserErrorCode,
    message,
    path: path.length > 0 ? path : null,
  }));
};
