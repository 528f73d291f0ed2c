import SchemaBuilder from '@pothos/core';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { may, type Scope } from '../src/core/scopes.ts';
import type { Context } from './context.ts';
import { fault } from './fault.ts';

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
  /** One scope, or several of which one is enough. */
  AuthScopes: { may: Scope | readonly Scope[] };
}>({
  plugins: [ScopeAuthPlugin],
  defaultFieldNullability: false,
  scopeAuth: {
    authorizeOnSubscribe: true,
    authScopes: ({ viewer }) => ({ may: (scopes) => [scopes].flat().some((scope) => may(viewer, scope)) }),
    unauthorizedError: (_, { viewer }) =>
      viewer
        ? fault('FORBIDDEN', 'This token does not allow that: its roles, or the scopes that it names, are too narrow.')
        : fault('UNAUTHENTICATED', 'This needs a valid token: send "Authorization: Bearer <token>".'),
  },
});

/** What the builder's helpers are typed by. */
export type Types = (typeof builder)['$inferSchemaTypes'];
