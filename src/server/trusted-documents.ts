import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { TrustedDocumentSettings } from '../config/edge.ts';
import { ConfigError } from '../config.ts';
import { refusal } from './refusal.ts';

/** What a client sends to say which document it means: its text, or the id of one that is trusted. */
export type Asking = {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly operationName?: unknown;
  readonly extensions?: unknown;
};

export type TrustedDocuments = {
  /**
   * The text of the document that a client asks for; undefined where it names none. Throws the refusal. Every door asks here
   * (HTTP, event streams, WebSocket): what is refused on one is refused on all.
   */
  textOf(asking: Asking): string | undefined;
  /** Whether a client means a document by its id. */
  isById(asking: Asking): boolean;
};

/** Reads the manifest. Throws `ConfigError` where it is none, or where an id is not that of its text. */
export const openTrustedDocuments = async (settings: TrustedDocumentSettings): Promise<TrustedDocuments> => {
  const documents = settings.mode === 'off' ? null : await readManifest(settings.file);
  return {
    isById: (asking) => documentIdIn(asking) !== null,
    textOf: (asking) => {
      const id = documentIdIn(asking);
      if (id !== null) {
        const text = documents?.get(id);
        if (text !== undefined) return text;
        if (settings.mode !== 'require' && isPersistedQuery(asking)) return persistedText(asking, id);
        throw refusal(
          404,
          'DOCUMENT_NOT_FOUND',
          'No trusted document of this server has that id: register it, or send its text.',
        );
      }
      if (settings.mode === 'require' && asking.query != null)
        throw refusal(
          403,
          'DOCUMENT_NOT_TRUSTED',
          'Only trusted documents are executed here: send the `documentId` of one, not a text.',
        );
      return typeof asking.query === 'string' ? asking.query : undefined;
    },
  };
};

const PREFIX = 'sha256:';

/** `documentId`, or what Apollo's clients send. In lower case, with its prefix. */
export const documentIdIn = ({ documentId, extensions }: Asking): string | null => {
  const extended = extensions as { documentId?: unknown; persistedQuery?: { sha256Hash?: unknown } } | null | undefined;
  // A message of a WebSocket has no other room for it than its extensions.
  const given = documentId ?? extended?.documentId ?? extended?.persistedQuery?.sha256Hash;
  if (given === undefined || given === null) return null;
  const id = String(given).toLowerCase();
  return id.startsWith(PREFIX) ? id : `${PREFIX}${id}`;
};

/** Whether it is one of Apollo's automatic persisted queries, whose clients send the text as soon as they hear that it is needed. */
const isPersistedQuery = ({ documentId, extensions }: Asking): boolean =>
  documentId == null && (extensions as { persistedQuery?: unknown } | null | undefined)?.persistedQuery != null;

/** The text that came with its hash. None is kept: where texts are taken, each client sends its own. */
const persistedText = ({ query }: Asking, id: string): string => {
  // The message and the code are what clients look for.
  if (typeof query !== 'string' || query === '')
    throw refusal(404, 'PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
  if (id === `${PREFIX}${createHash('sha256').update(query).digest('hex')}`) return query;
  throw refusal(400, 'BAD_REQUEST', 'The hash of the persisted query must be the SHA-256 of its text.');
};

const readManifest = async (file: string): Promise<ReadonlyMap<string, string>> => {
  const say = (what: string) => new ConfigError([`PALABRE_TRUSTED_DOCUMENTS names ${file}, ${what}`]);
  const text = await readFile(file, 'utf8').catch(() => {
    throw say('which cannot be read.');
  });
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    throw say('which is not JSON.');
  }
  if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest))
    throw say('which is no object of ids and documents: `npm run codegen` writes such a manifest.');
  const documents = new Map<string, string>();
  for (const [key, document] of Object.entries(manifest)) {
    const id = documentIdIn({ documentId: key });
    const isRight =
      typeof document === 'string' && id === `${PREFIX}${createHash('sha256').update(document).digest('hex')}`;
    if (!isRight) throw say(`where ${JSON.stringify(key.slice(0, 80))} is not the SHA-256 of its document.`);
    documents.set(id, document);
  }
  return documents;
};
