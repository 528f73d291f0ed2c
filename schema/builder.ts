import SchemaBuilder from '@pothos/core';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import type { Context } from './context.ts';
import { fault } from './fault.ts';
import { may, type Scope } from './scopes.ts';

/** What the builder knows of our scalars: how they come in, how they go out. */
type Scalars = {
  ID: { Input: string; Output: string };
  DateTime: { Input: Date; Output: Date | string };
  Position: { Input: string; Output: string };
  JSON: { Input: never; Output: unknown };
};

/** The one builder. Output fields are non-null unless they say otherwise; a root field without a scope answers nobody. */
export const builder = new SchemaBuilder<{
  Context: Context;
  Scalars: Scalars;
  DefaultFieldNullability: false;
  AuthScopes: { may: Scope };
}>({
  plugins: [ScopeAuthPlugin],
  defaultFieldNullability: false,
  scopeAuth: {
    authorizeOnSubscribe: true,
    authScopes: ({ viewer }) => ({ may: (scope) => may(viewer, scope) }),
    unauthorizedError: (_, { viewer }) =>
      viewer
        ? fault('FORBIDDEN', 'Your roles do not allow this.')
        : fault('UNAUTHENTICATED', 'This needs a valid token: send "Authorization: Bearer <token>".'),
  },
});

/** What the builder's helpers are typed by. */
export type Types = (typeof builder)['$inferSchemaTypes'];
