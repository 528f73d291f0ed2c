import {
  type ASTNode,
  buildASTSchema,
  type DirectiveNode,
  type DocumentNode,
  findBreakingChanges,
  GraphQLSchema,
  isIntrospectionType,
  Kind,
  parse,
  visit,
} from 'graphql';

/** What a deprecation says: what to use instead, and a first day of a quarter. */
const REASON = /^Use `[^`]+`(?: [^.]+)?\. Removal on (\d{4}-(?:01|04|07|10)-01)\.$/;
const DAY = 24 * 60 * 60 * 1000;
const NOTICE = 180 * DAY;

/** The deprecated members of a contract, each with its reason: `Post.title`, `Query.posts(first)`, `PostKind.QUESTION`. */
const deprecations = (contract: DocumentNode): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  const path: string[] = [];
  visit(contract, {
    enter: (node) => {
      if ('name' in node && node.name && node.kind !== Kind.DIRECTIVE && node.kind !== Kind.NAMED_TYPE) {
        path.push(node.name.value);
        const reason = reasonOf(node);
        if (reason !== null) found.set(path.join('.'), reason);
      }
    },
    leave: (node) => {
      if ('name' in node && node.name && node.kind !== Kind.DIRECTIVE && node.kind !== Kind.NAMED_TYPE) path.pop();
    },
  });
  return found;
};

const reasonOf = (node: ASTNode): string | null => {
  const directives: readonly DirectiveNode[] = ('directives' in node && node.directives) || [];
  const given = directives.find(({ name }) => name.value === 'deprecated');
  if (!given) return null;
  const value = given.arguments?.find(({ name }) => name.value === 'reason')?.value;
  return value?.kind === Kind.STRING ? value.value : '';
};

/** The day on which a member may go; null for a reason that names none. */
const removalDay = (reason: string): number | null => {
  const day = REASON.exec(reason)?.[1];
  return day === undefined ? null : Date.parse(`${day}T00:00:00Z`);
};

/** What of the deprecations of a contract breaks the rules; `released` is what clients know already. */
export const brokenNotices = (released: string, current: string, now: number): string[] => {
  const known = deprecations(parse(released));
  return [...deprecations(parse(current))].flatMap(([member, reason]) => {
    const day = removalDay(reason);
    if (day === null) return [`${member} does not say: Use \`x\`. Removal on YYYY-MM-DD. (the first day of a quarter)`];
    const before = removalDay(known.get(member) ?? '');
    if (before !== null) return day < before ? [`${member} goes earlier than was announced.`] : [];
    return day - now < NOTICE ? [`${member} goes less than 180 days from now.`] : [];
  });
};

/** The changes from the released contract that break clients, without the removals whose announced day has come. */
export const brokenPromises = (released: string, current: string, now: number): string[] => {
  const due = (node: ASTNode) => {
    const reason = reasonOf(node);
    const day = reason === null ? null : removalDay(reason);
    return day !== null && day <= now;
  };
  const binding = visit(parse(released), { enter: (node) => (due(node) ? null : undefined) });
  const promised = reachable(buildASTSchema(binding));
  return findBreakingChanges(promised, buildASTSchema(parse(current))).map(({ description }) => description);
};

/** A type that only what has gone used may go with it. */
const reachable = (schema: GraphQLSchema): GraphQLSchema => {
  const roots = {
    query: schema.getQueryType() ?? null,
    mutation: schema.getMutationType() ?? null,
    subscription: schema.getSubscriptionType() ?? null,
  };
  const used = new GraphQLSchema(roots).getTypeMap();
  const interfaces = Object.values(used).filter((type) => 'resolveType' in type && !isIntrospectionType(type));
  const implementing = interfaces.flatMap((type) =>
    'getFields' in type ? schema.getPossibleTypes(type as never) : [],
  );
  return new GraphQLSchema({ ...roots, types: implementing });
};
