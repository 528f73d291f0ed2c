import {
  type DocumentNode,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  NoDeprecatedCustomRule,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../adapters/log-lines.ts';
import type { ServingPlugin } from './serving.ts';

const DAY = 24 * 60 * 60 * 1000;
/** So long before its removal, at least, a member is announced. */
const NOTICE = 180 * DAY;
const MAX_CLIENTS = 1_000;
const CLIENT = /^[\w./ -]{1,80}$/;

/** The latest news of what a document uses that is going to be removed. */
type Notice = { readonly members: readonly string[]; readonly removal: Date };

/**
 * Tells clients that use deprecated members of the schema, in the headers of the answer, and counts who does: a member can
 * be removed in peace once nobody is counted any more. Costs nothing while nothing is deprecated.
 */
export const tellDeprecations = (schema: GraphQLSchema, logger: Logger): ServingPlugin => {
  if (!hasDeprecated(schema)) return {};
  const notices = new WeakMap<DocumentNode, Notice | null>();
  const counts = new LRUCache<string, number>({ max: MAX_CLIENTS });

  const noticeOf = (document: DocumentNode): Notice | null => {
    const known = notices.get(document);
    if (known !== undefined) return known;
    const notice = readNotice(schema, document);
    notices.set(document, notice);
    return notice;
  };

  /** A line at the first use, the tenth, the hundredth: enough to know who must be told. */
  const count = (client: string, members: readonly string[]) => {
    for (const member of members) {
      const uses = (counts.get(`${client}: ${member}`) ?? 0) + 1;
      counts.set(`${client}: ${member}`, uses);
      if (Number.isInteger(Math.log10(uses)))
        logger.warn({ client, member, uses }, 'A client uses what will be removed.');
    }
  };

  return {
    onExecute: ({ args }) => {
      const notice = noticeOf(args.document);
      if (!notice) return;
      const { request } = args.contextValue as { request?: Request };
      const given = request?.headers.get('x-palabre-client') ?? '';
      count(CLIENT.test(given) ? given : 'unknown', notice.members);
      return {
        onExecuteDone: ({ result, setResult }) => {
          if (Symbol.asyncIterator in result) return;
          const { http, ...extensions } = (result.extensions ?? {}) as { http?: { headers?: object } };
          const headers = { ...http?.headers, ...headersOf(notice) };
          setResult({ ...result, extensions: { ...extensions, http: { ...http, headers } } });
        },
      };
    },
  };
};

/** RFC 9745 and RFC 8594, and which members it is about. */
const headersOf = ({ members, removal }: Notice) => ({
  Deprecation: `@${(removal.getTime() - NOTICE) / 1000}`,
  Sunset: removal.toUTCString(),
  'x-palabre-deprecated': members.join(', '),
});

const readNotice = (schema: GraphQLSchema, document: DocumentNode): Notice | null => {
  const found = validate(schema, document, [NoDeprecatedCustomRule]).map(({ message }) => message);
  if (found.length === 0) return null;
  const removals = found.map((message) => Date.parse(/Removal on (\d{4}-\d{2}-\d{2})/.exec(message)?.[1] ?? ''));
  const soonest = Math.min(...removals.filter((day) => !Number.isNaN(day)));
  const members = found.map((message) => NAMED.exec(message)?.slice(1).filter(Boolean).join(' ') ?? message);
  return {
    members: [...new Set(members)],
    removal: new Date(Number.isFinite(soonest) ? soonest : Date.now() + NOTICE),
  };
};

/** `Post.title`, or `Query.posts first` for an argument. */
const NAMED = /(?:field|value) "?([\w.]+)"?(?: argument "(\w+)")?/i;

const hasDeprecated = (schema: GraphQLSchema): boolean =>
  Object.values(schema.getTypeMap()).some((type) => {
    if (type.name.startsWith('__')) return false;
    if ('getValues' in type) return type.getValues().some(({ deprecationReason }) => deprecationReason != null);
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return false;
    return Object.values(type.getFields()).some(
      (field) =>
        field.deprecationReason != null ||
        ('args' in field &&
          field.args.some((argument: { deprecationReason?: unknown }) => argument.deprecationReason != null)),
    );
  });
