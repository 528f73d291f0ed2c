import { type Broken, Conflict, Rejection } from '../src/core/rejection.ts';
import { builder } from './builder.ts';

/** Every code with which a rule or a race refuses a command. A test holds the list to the rules. */
export const userErrorCodes = {
  INVALID_INPUT: 'A field of the input is not as it must be: `path` says which.',
  NOT_ALLOWED: 'Somebody else may do this, the viewer may not.',
  NOT_A_FIRST_CONTRIBUTION: 'Its author has spoken in the community before.',
  NOT_A_MEMBER: 'Only members of the community may do this: join it first.',
  INVITATION_NEEDED: 'The community is joined by invitation.',
  COMMUNITY_NOT_FOUND: 'There is no such community, or none that the viewer sees.',
  COMMUNITY_ARCHIVED: 'The community is archived: nothing can be added to it.',
  COMMUNITY_FORMING: 'The community is still forming: nobody takes part in it before it is activated.',
  PROJECT_NOT_FOUND: 'There is no such project.',
  PROJECT_CLOSED: 'The project is closed: nothing about it changes any more.',
  MILESTONE_NOT_FOUND: 'The project has no such milestone.',
  TOO_MANY_MILESTONES: 'The project has as many milestones as one may have.',
  ROLE_NEEDS_A_PERSON: 'A service account holds no role.',
  ROLE_NOT_HELD: 'The member does not hold this role now.',
  LAST_FACILITATOR: 'A community has a facilitator: assign a successor first.',
  TERM_IN_THE_PAST: 'The end of a term lies ahead.',
  TARGET_IS_BASELINE: 'An objective changes something: its target is not its baseline.',
  DUE_IN_THE_PAST: 'An objective is due at a moment that lies ahead.',
  OBJECTIVE_NOT_FOUND: 'The community has no such open objective.',
  TOO_MANY_OBJECTIVES: 'The community has as many open objectives as one may have.',
  EXPECTATION_NOT_FOUND: 'The community has no such expectation.',
  TOO_MANY_EXPECTATIONS: 'The community has as many expectations as one may have.',
  EXPECTATIONS_CHANGED: 'Another version of the expectations holds: read them again.',
  CHARTER_MISSING: 'To be activated, the community needs a charter.',
  PROJECT_MISSING: 'To be activated, the community needs to stand on an open project.',
  OBJECTIVE_MISSING: 'To be activated, the community needs an objective.',
  EXPECTATION_MISSING: 'To be activated, the community needs an expectation.',
  PROMISE_MISSING: 'To be activated, the community needs to promise when questions are answered.',
  FACILITATOR_MISSING: 'To be activated, the community needs a facilitator.',
  SPONSOR_MISSING: 'To be activated, the community needs a sponsor.',
  REACTION_KIND_TWICE: 'Two kinds of reactions have the same name or emoji.',
  REACTION_NOT_OFFERED: 'The organisation does not offer this kind of reaction.',
  REQUEST_NEEDED: 'The community lets in who asks: request membership.',
  REQUEST_NOT_NEEDED: 'The community is open: join it.',
  REQUEST_NOT_FOUND: 'The member has no request that waits for an answer.',
  INVITED_ALREADY: 'The viewer is invited already: answer the invitation.',
  INVITATION_NOT_FOUND: 'There is no invitation that waits for an answer.',
  MEMBER_NOT_FOUND: 'There is no such member.',
  POST_NOT_FOUND: 'There is no such post, or none that the viewer sees.',
  POST_RETRACTED: 'Its author took the post back.',
  COMMENT_NOT_FOUND: 'There is no such comment, or none that the viewer sees.',
  COMMENT_RETRACTED: 'Its author took the comment back.',
  ANSWER_NOT_FOUND: 'There is no such answer to this question.',
  ANSWER_REPLIES_TO_POST: 'An answer replies to the question itself, never to a comment.',
  EARLY_ACCESS_WITHDRAWN: 'The post stays with its audience for good.',
  EARLY_ACCESS_TO_QUESTION: 'A question is for everybody at once.',
  AUDIENCE_EMPTY: 'Early access is for somebody: name roles, members, or both.',
  OPENING_IN_THE_PAST: 'A post in early access opens at a moment that lies ahead.',
  NOT_IN_EARLY_ACCESS: 'The post was for everybody from the beginning.',
  OPENED_ALREADY: 'The post is for everybody already: its early access can no longer be withdrawn.',
  NOT_A_QUESTION: 'Only a question has answers.',
  QUESTION_IS_OPEN: 'The question is open already: there is nothing to reopen.',
  NOT_THE_ORIGINAL: 'The question named is a duplicate itself, or the same one: name the one that was asked first.',
  OWN_ANSWER: 'Nobody endorses an answer of their own.',
  PROMISE_CONTRADICTS: 'The times of a promise contradict each other.',
  PROMISE_BEYOND_HORIZON: 'What is promised must be due within a year.',
  CALENDAR_WITHOUT_HOURS: 'No promise can be counted on such a calendar: the message says what is missing.',
  NO_PROMISE: 'Nothing of this kind was promised for the post.',
  PROMISE_SETTLED: 'The promise is fulfilled or was cancelled already.',
  PROMISE_OVERDUE: 'The promised time is over: it can no longer be renegotiated.',
  DUE_NOT_LATER: 'A promise is renegotiated to a later time than the one that stands.',
  NO_PROPOSAL: 'No such request for more time is open.',
  PROPOSAL_AMBIGUOUS: 'One request for more time took the place of another: name the one that was read.',
  DRAFT_NOT_FOUND: 'The viewer has no such draft.',
  DRAFT_DISCARDED: 'The draft was discarded: its text is gone.',
  DRAFT_PUBLISHED: 'The draft is published already: it is a post with the same text, to be edited as one.',
  DRAFT_INCOMPLETE: 'The draft lacks something that a post has: `path` says what.',
  SCHEDULE_OUT_OF_RANGE: 'A post is scheduled for a moment ahead, within a year.',
  TOPIC_UNKNOWN: 'The community has no such topic: the message names those that it has.',
  TOPIC_NOT_YOURS: 'The mentor does not review drafts about this topic.',
  NOT_A_MENTOR: 'Only who volunteers as a mentor of the community takes reviews.',
  MENTOR_IS_A_PERSON: 'A service account reviews no drafts.',
  MENTORS_VOLUNTEER: 'The role of a mentor is not assigned: members volunteer for it.',
  MENTOR_LOADED: 'The mentor has as many reviews as they volunteered for.',
  OWN_DRAFT: 'Nobody reviews a draft of their own.',
  REVIEW_NOT_FOUND: 'There is no such review, or none that the viewer may take.',
  REVIEW_TAKEN: 'A mentor has taken this review.',
  REVIEW_NOT_OFFERED: 'The review is not offered to the viewer.',
  REVIEW_OFFERED: 'The review is offered to another mentor, who has room for it.',
  TARGET_NOT_FOUND: 'There is no such post or comment, or none that the viewer sees.',
  THREAD_TOO_DEEP: 'A thread has no further level.',
  EXISTS_ALREADY: 'What the command creates exists already.',
  SLUG_TAKEN: 'Another community has this slug.',
  HANDLE_TAKEN: 'Another member has this handle.',
  LOGIN_TAKEN: 'The login belongs to another member.',
  EMAIL_TAKEN: 'Another member has this e-mail address.',
  WEBHOOK_NOT_FOUND: 'There is no such webhook, or none of the viewer.',
  DELIVERY_NOT_FOUND: 'The webhook has no such delivery.',
  MACHINE_KEY_NOT_FOUND: 'There is no such machine key, or none of the viewer.',
  MACHINE_KEY_REVOKED: 'The machine key was ended for good: make a new one.',
  LIMIT_REACHED: 'There are as many of these as there may be: end one first.',
  IDEMPOTENCY_KEY_REUSED: 'The idempotency key came with another input before: take a new key.',
  REVISION_CONFLICT: 'Somebody else was first: read again, decide again.',
  TEXT_NOT_STORABLE: 'A text has characters that cannot be stored, such as NUL or half of a surrogate pair.',
  NOT_STORABLE: 'A value cannot be stored as it is.',
  EVENT_TOO_LARGE: 'What was typed is too long to be stored.',
  APPEND_TOO_LARGE: 'What was typed is too long to be stored.',
} as const;

export type UserErrorCode = keyof typeof userErrorCodes;

export const UserErrorCodeType = builder.enumType('UserErrorCode', {
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
  readonly broken?: Broken | null;
};

const InputConstraint = builder.enumType('InputConstraint', {
  description: 'What a field of an input must keep to, so that a form can say it in its own words.',
  values: {
    REQUIRED: { description: 'Something must be given.' },
    TOO_SHORT: { description: 'A text or a list has at least `limit` characters or items.' },
    TOO_LONG: { description: 'A text has at most `limit` characters.' },
    TOO_SMALL: { description: 'A number is at least `limit`.' },
    TOO_LARGE: { description: 'A number is at most `limit`.' },
    TOO_MANY: { description: 'A list has at most `limit` items.' },
    FORMAT: { description: 'The value is written otherwise: the message says how.' },
    UNKNOWN_VALUE: { description: 'The value is one of `allowed`.' },
  } satisfies Record<Broken['constraint'], object>,
});

export const UserError = builder.interfaceRef<UserErrorFacts>('UserError').implement({
  description: 'Why a command was refused: nothing was stored. Faults of the request or of the server are not here.',
  resolveType: ({ actualRevision }) => (actualRevision === undefined ? 'Rejection' : 'Conflict'),
  fields: (t) => ({
    code: t.field({ type: UserErrorCodeType, description: 'For programs: stable.', resolve: ({ code }) => code }),
    message: t.exposeString('message', { description: 'For people: what was wrong, and what to do.' }),
    path: t.field({
      type: ['String'],
      nullable: true,
      description: 'The field of the input that it is about, from the outside in; null when it is about none.',
      resolve: ({ path }) => path,
    }),
    constraint: t.field({
      type: InputConstraint,
      nullable: true,
      description: 'Which constraint the field breaks; null where the rule is about more than the value.',
      resolve: ({ broken }) => broken?.constraint ?? null,
    }),
    limit: t.float({
      nullable: true,
      description:
        'The number that the constraint names: characters, items, or the least or greatest value; null where it names none.',
      resolve: ({ broken }) => broken?.limit ?? null,
    }),
    allowed: t.stringList({
      nullable: true,
      description: 'The values that there are, for UNKNOWN_VALUE; else null.',
      resolve: ({ broken }) => (broken?.allowed ? [...broken.allowed] : null),
    }),
  }),
});

builder.objectType(builder.objectRef<UserErrorFacts>('Rejection'), {
  description: 'A rule said no: the same input will be refused again until something else changes.',
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
  return [error, ...error.others].map(({ code, message, path, broken }) => ({
    code: code as UserErrorCode,
    message,
    path: path.length > 0 ? path : null,
    // A rule of our own about a value says at least that it is one.
    broken: broken ?? (code === 'INVALID_INPUT' ? { constraint: 'FORMAT' } : null),
  }));
};
