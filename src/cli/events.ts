import { once } from 'node:events';
import { defineCommand } from 'citty';
import type { App } from '../app.ts';
import type { Envelope, StoredEvent } from '../core/event.ts';
import type { LogFilter } from '../core/event-log.ts';
import { type Cursor, encodeCursor, placeNamed, START } from '../core/position.ts';
import { bind } from '../core/sealing.ts';
import { isConfidential } from '../domain/index.ts';
import { withApp } from './with-app.ts';
import { WrongUse } from './wrong-use.ts';

const args = {
  after: {
    type: 'string',
    valueHint: 'cursor',
    description: 'Go on after this place: the "position" of a line, what the last run said, or "start"',
  },
  types: { type: 'string', valueHint: 'a,b', description: 'Only events of these types' },
  open: {
    type: 'boolean',
    description: 'Decrypt personal data, and let drafts through: the output then holds names and texts',
  },
} as const;

export const eventsCommand = defineCommand({
  meta: { description: 'The log as NDJSON, one event a line' },
  subCommands: {
    export: defineCommand({
      meta: { description: 'All events up to the present end of the log' },
      args,
      run: async ({ args: options }) =>
        withApp(opening(options), async (app, signal) => {
          const { after = START, filter } = await read(app, options);
          const isWhole = await exportEvents(app, { after, filter, open: options.open === true, signal });
          return isWhole ? 0 : 1;
        }),
    }),
    tail: defineCommand({
      meta: { description: 'Events as they come, until Ctrl-C; with --after, those since then first' },
      args,
      run: async ({ args: options }) =>
        withApp(opening(options), async (app, signal) => {
          const { after = await app.log.head(), filter } = await read(app, options);
          await tailEvents(app, { after, filter, open: options.open === true, signal });
        }),
    }),
  },
});

/** Only what is opened needs the master key: the log as it is stored can be taken away after the key was lost. */
const opening = ({ open }: { readonly open?: boolean | undefined }) =>
  ({ projections: 'none', masterKey: open ? 'required' : 'spared' }) as const;

type Reading = { after: Cursor; filter: LogFilter | undefined; open: boolean; signal: AbortSignal };

const exportEvents = async (app: App, { after, filter, open, signal }: Reading): Promise<boolean> => {
  const { log } = app;
  const end = await log.head();
  let cursor = after;
  while (cursor.position < end.position && !signal.aborted && isHeard()) {
    const batch = await log.readAll({ after: cursor, ...(filter ? { filter } : {}) });
    await write(
      app,
      batch.events.filter(({ position }) => position <= end.position),
      open,
    );
    cursor = batch.cursor.position < end.position ? batch.cursor : end;
  }
  sayCursor(app, cursor);
  return cursor.position >= end.position || !isHeard();
};

const tailEvents = async (app: App, { after, filter, open, signal }: Reading) => {
  let cursor = after;
  const left = new AbortController();
  process.stdout.once('close', () => left.abort()).once('error', () => left.abort());
  const until = AbortSignal.any([signal, left.signal]);
  for await (const batch of app.log.subscribe({ after, signal: until, ...(filter ? { filter } : {}) })) {
    await write(app, batch.events, open);
    cursor = batch.cursor;
  }
  sayCursor(app, cursor);
};

const read = async ({ log, catalogue }: App, { after, types }: { after?: string; types?: string }) => {
  const cursor = after === undefined ? undefined : placeNamed(log.identity, after);
  if (cursor) await log.verify(cursor);
  const wanted = types
    ?.split(',')
    .map((type) => type.trim())
    .filter(Boolean);
  const unknown = wanted?.find((type) => !catalogue.types.includes(type));
  if (unknown) throw new WrongUse(`no event has the type "${unknown}". There are: ${catalogue.types.join(', ')}.`);
  return { after: cursor, filter: wanted && { types: wanted } };
};

/** Writes whole batches and waits for a slow reader, so that a log of any size needs little memory. */
const write = async (app: App, events: readonly StoredEvent[], open: boolean) => {
  // What somebody has not published passes no door; whoever opens what is sealed has the key to all of it anyway.
  const told = open ? events : events.filter(({ type }) => !isConfidential(type));
  if (told.length === 0 || !isHeard()) return;
  const lines = await Promise.all(told.map(async (event) => `${JSON.stringify(await toLine(app, event, open))}\n`));
  if (process.stdout.write(lines.join(''))) return;
  await Promise.race([once(process.stdout, 'drain'), once(process.stdout, 'close')]).catch(() => {});
};

const toLine = async ({ log, sealing }: App, event: StoredEvent, open: boolean): Promise<object> => {
  const { id, stream, revision, type, version, recordedAt, metadata, position } = event;
  const line = {
    position: encodeCursor(log.identity, { position, eventId: id }),
    id,
    stream,
    revision,
    type,
    version,
    occurredAt: metadata.occurredAt,
    recordedAt,
    metadata,
    data: event.data,
  };
  if (!open || !('sealed' in event.data)) return line;
  const { sealed, ...data } = event.data as { sealed: Envelope };
  const opened = await sealing.open(bind(sealed, { stream, eventId: id, type }));
  return { ...line, data, personal: opened.erased ? 'erased' : opened.value };
};

const isHeard = () => process.stdout.writable && !process.stdout.destroyed;

const sayCursor = ({ log }: App, cursor: Cursor) => {
  process.stderr.write(`Go on with --after ${encodeCursor(log.identity, cursor)}\n`);
};
