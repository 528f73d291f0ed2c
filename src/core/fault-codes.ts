/**
 * Every code that a top-level error can carry in `extensions.code`, on every door, and what it asks of the client. What a
 * rule refuses is not here: that is a `UserError` in a payload. Codes are part of the contract: add, never rename.
 */
export const faultCodes = {
  UNAUTHENTICATED: 'No valid token came with the request: get one and send it as "Authorization: Bearer <token>".',
  FORBIDDEN: 'The token is valid, but its roles or the scopes that it names do not allow this.',
  NOT_FOUND: 'It is not there, or the viewer may not see it.',
  BAD_USER_INPUT: 'An argument or a variable has a value that cannot be honoured: the message says which.',
  PAGE_SIZE_OUT_OF_RANGE: 'A page has 1 to 100 items, counted from the start or from the end, never both.',
  LIST_TOO_LONG: 'A list in the arguments has more items than it may have.',
  CURSOR_MALFORMED: 'This is not a cursor that Palabre gave out for this list.',
  CURSOR_OF_ANOTHER_LOG: 'The cursor was given out by another deployment.',
  CURSOR_OF_OLDER_INCARNATION:
    'The log was restored or moved since the cursor was given out: read again from the fresh one in `extensions.cursor`.',
  CURSOR_FROM_THE_FUTURE: 'The cursor is beyond the end of the log: read again from a fresh position.',
  WINDOW_INVALID: 'A window ends after it begins, lasts at most 50 years, and has at most 500 buckets.',
  STALE_READ: 'What was written is stored, but cannot be read yet: read again, do not write again.',
  OUTCOME_UNKNOWN: 'It is not known whether this was stored: repeat it with the same idempotency key.',
  READ_ONLY:
    'Nothing can be written for now, for the log is being moved, or its disk is full: nothing was stored, and reads go on. Try again in a while.',
  LOG_UNAVAILABLE: 'The log gives no answer, and this needs it: try again in a while.',
  QUERY_TOO_COMPLEX: 'The document asks for more than one operation may: ask for less, or in several operations.',
  RATE_LIMITED: 'Too much was asked in a short time: wait as long as `Retry-After` says.',
  TIMEOUT: 'The operation took too long and was given up: ask for less.',
  RESPONSE_TOO_LARGE: 'The answer is longer than one may be: ask for smaller pages, or for less of each item.',
  TOKEN_EXPIRED: 'The token ended, and with it what it held open: go on from the last cursor with a new one.',
  CONSUMER_TOO_SLOW: 'A stream was not taken for too long and is closed: go on from the last cursor.',
  SERVER_STOPPING: 'The server stops, and its streams with it: go on from the last cursor.',
  TOO_MANY_STREAMS: 'The token has as many streams, WebSockets or operations on one open as it may: close one.',
  IDENTITY_PROVIDER_UNAVAILABLE: 'No token can be checked at the moment: try again.',
  BAD_REQUEST: 'The request is not one of GraphQL over HTTP.',
  UNSUPPORTED_MEDIA_TYPE: 'The body is not JSON, or does not say so in its content type.',
  REQUEST_ENTITY_TOO_LARGE: 'The body is longer than a request may be.',
  METHOD_NOT_ALLOWED: 'Operations come by POST; only trusted documents, and `/events`, may come by GET.',
  NOT_ACCEPTABLE: 'No media type that the client accepts can hold an answer.',
  DOCUMENT_NOT_FOUND: 'No trusted document has this id: register it, or send its text where texts are taken.',
  PERSISTED_QUERY_NOT_FOUND:
    "No text came with the hash of an automatic persisted query: send both. Apollo's clients do that by themselves.",
  DOCUMENT_NOT_TRUSTED: 'This server executes only trusted documents: send the id of one.',
  OPERATION_RESOLUTION_FAILURE: 'The document has no operation of that name, or several and none was named.',
  GRAPHQL_PARSE_FAILED: 'The document is not GraphQL.',
  GRAPHQL_VALIDATION_FAILED: 'The document does not fit the schema.',
  INTERNAL_SERVER_ERROR: 'A fault of the server; it is logged under the request id.',
} as const;

export type FaultCode = keyof typeof faultCodes;
