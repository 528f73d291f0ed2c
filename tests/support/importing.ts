import { openMemoryLog } from '../../src/adapters/memory-log.ts';
import { readZulipArchive } from '../../src/adapters/zulip-archive/index.ts';
import { createCatalogue } from '../../src/core/catalogue.ts';
import type { StoredEvent } from '../../src/core/event.ts';
import type { EventLog } from '../../src/core/event-log.ts';
import { START } from '../../src/core/position.ts';
import { bind, type Sealing } from '../../src/core/sealing.ts';
import { domainEvents } from '../../src/domain/index.ts';
import { type ImportOptions, importZulip } from '../../src/imports/zulip.ts';
import { memorySealing } from './memory-keys.ts';
import { type Export, entriesOf, writeFolder } from './zulip-export.ts';

/** A log with keys, into which exports are imported. */
export const aPlaceToImport = async (log?: EventLog, sealing?: Sealing) => {
  const tools = { log: log ?? (await openMemoryLog()), sealing: sealing ?? (await memorySealing()) };
  const catalogue = createCatalogue(domainEvents, tools.sealing);
  return {
    ...tools,
    catalogue,
    /** Through the archive reader, as the command line does it; `through`: a log that stands between. */
    take: async (folder: string, made: Export, options: ImportOptions = {}, through: EventLog = tools.log) => {
      const archive = await readZulipArchive(await writeFolder(folder, entriesOf(made, '')));
      return importZulip({ ...tools, log: through, catalogue }, archive, options);
    },
    events: () => allEvents(tools.log),
    /** The personal part of an event, in clear. */
    open: async ({ data, stream, id, type }: StoredEvent): Promise<Record<string, unknown>> => {
      const { sealed } = data as { sealed?: Parameters<typeof bind>[0] };
      const opened = sealed && (await tools.sealing.open(bind(sealed, { stream, eventId: id, type })));
      return opened && !opened.erased ? opened.value : {};
    },
  };
};
export type PlaceToImport = Awaited<ReturnType<typeof aPlaceToImport>>;

export const allEvents = async (log: EventLog): Promise<StoredEvent[]> => {
  const events: StoredEvent[] = [];
  for (let after = START; ; ) {
    const batch = await log.readAll({ after, limit: 10_000 });
    events.push(...batch.events);
    after = batch.cursor;
    if (batch.caughtUp) return events;
  }
};

/** What a log says, without the places and times that it gave: two equal ones hold the same history. */
export const toldBy = (events: readonly StoredEvent[]) =>
  events
    .map(({ id, stream, revision, type, metadata }) => `${stream} ${revision} ${type} ${id} ${metadata.occurredAt}`)
    .sort();
