import { resolve } from 'node:path';
import { z } from 'zod';
import { isLoopback, type Limits, limitsFrom } from './limits.ts';

/** How the server faces browsers, strangers and operators. */
export type EdgeSettings = {
  readonly limits: Limits;
  /** Where clients reach the server, without a slash at the end; null: where it listens. */
  readonly publicUrl: string | null;
  /** Pages of these origins may call; no others. */
  readonly corsOrigins: ReadonlySet<string>;
  readonly trustedDocuments: TrustedDocumentSettings;
  readonly introspection: 'token' | 'off';
  readonly graphiql: boolean;
  /** Null: figures for Prometheus are not served. */
  readonly metricsPort: number | null;
  /** Names by which they may be asked for, beside those of this machine. */
  readonly metricsHosts: readonly string[];
};

/** `prefer` takes ids and texts, `require` ids alone. */
export type TrustedDocumentSettings =
  | { readonly mode: 'off' }
  | { readonly mode: 'prefer' | 'require'; readonly file: string };

const text = z.string().min(1);
const origins = text.transform((value, context) => {
  const list = value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  const wrong = list.find((part) => !URL.canParse(part) || new URL(part).origin !== part);
  if (wrong === undefined) return new Set(list);
  context.addIssue(
    'must be origins with commas between them: https://app.example,http://localhost:5173 (no path, no *)',
  );
  return z.NEVER;
});

/** Host names with commas between them; `*.example.org` stands for all below it. */
export const hostNames = text.transform((value, context) => {
  const list = value
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter(Boolean);
  if (list.length > 0 && list.every((name) => /^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(name))) return list;
  context.addIssue('must be host names with commas between them: hooks.example.org,*.example.net');
  return z.NEVER;
});

/** The variables of the edge, as part of the environment's schema. */
export const edgeVariables = {
  PALABRE_LIMITS: z.enum(['default', 'off']).optional(),
  PALABRE_PUBLIC_URL: text
    .refine(
      (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && !/[?#]/.test(value),
      'must be where clients reach the server: https://palabre.example',
    )
    .transform((value) => value.replace(/\/+$/, ''))
    .optional(),
  PALABRE_CORS_ORIGINS: origins.optional(),
  PALABRE_TRUSTED_DOCUMENTS: text.optional(),
  PALABRE_TRUSTED_DOCUMENTS_MODE: z.enum(['off', 'prefer', 'require']).optional(),
  PALABRE_INTROSPECTION: z.enum(['token', 'on', 'off']).optional(),
  PALABRE_GRAPHIQL: z.enum(['on', 'off']).optional(),
  PALABRE_METRICS_HOSTS: hostNames.optional(),
  PALABRE_METRICS_PORT: z
    .string()
    .regex(/^\d+$/, 'must be a port number, 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a port number, 0 to 65535')
    .optional(),
} as const;

type Values = z.infer<z.ZodObject<typeof edgeVariables>>;
type Circumstances = { readonly host: string; readonly isDemo: boolean };

/** What the variables say, with a line for each contradiction. */
export const edgeFrom = (
  values: Values,
  variables: Readonly<Record<string, string | undefined>>,
  { host, isDemo }: Circumstances,
): { readonly edge: EdgeSettings; readonly faults: readonly string[] } => {
  const limiting = values.PALABRE_LIMITS ?? (isDemo && isLoopback(host) ? 'off' : 'default');
  const { limits, faults } = limitsFrom(variables, limiting === 'off');
  const file = values.PALABRE_TRUSTED_DOCUMENTS;
  const mode = values.PALABRE_TRUSTED_DOCUMENTS_MODE ?? (file ? 'prefer' : 'off');
  return {
    edge: {
      limits,
      publicUrl: values.PALABRE_PUBLIC_URL ?? null,
      corsOrigins: values.PALABRE_CORS_ORIGINS ?? new Set(),
      trustedDocuments: mode !== 'off' && file ? { mode, file: resolve(file) } : { mode: 'off' },
      introspection: values.PALABRE_INTROSPECTION === 'off' ? 'off' : 'token',
      graphiql: values.PALABRE_GRAPHIQL ? values.PALABRE_GRAPHIQL === 'on' : isDemo,
      metricsPort: values.PALABRE_METRICS_PORT ?? null,
      metricsHosts: values.PALABRE_METRICS_HOSTS ?? [],
    },
    faults: [
      ...faults,
      ...(limiting === 'off' && !isLoopback(host)
        ? ['PALABRE_LIMITS must not be off while others can reach the server: leave it out, or set HOST to 127.0.0.1.']
        : []),
      ...(mode !== 'off' && !file
        ? [`PALABRE_TRUSTED_DOCUMENTS must name the manifest with PALABRE_TRUSTED_DOCUMENTS_MODE=${mode}.`]
        : []),
    ],
  };
};
