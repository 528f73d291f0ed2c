import { randomUUID } from 'node:crypto';
import { derivedId } from '../../core/ids.ts';
import type { LogIdentity } from '../../core/position.ts';
import type { Connection, Recorded } from './client.ts';
import { isWrongVersion, KurrentFault, within } from './faults.ts';
import type { Reader } from './reader.ts';

/**
 * Whose log this is, and whether it takes appends. `filling`: a copy into it has begun and is not complete. `closed`: it was
 * moved elsewhere, or is being moved, and takes no more.
 */
export type LogState = LogIdentity & { readonly state: 'open' | 'filling' | 'closed' };

const TYPE = 'LogStateSet';
const encoder = new TextEncoder();

/** What an event of the identity stream says; undefined for what is none. */
export const toLogState = ({ type, data }: Recorded): LogState | undefined => {
  const { logId, incarnation, state } = (data ?? {}) as Partial<LogState>;
  if (type !== TYPE || typeof logId !== 'string' || typeof incarnation !== 'number') return undefined;
  return { logId, incarnation, state: state === 'filling' || state === 'closed' ? state : 'open' };
};

export type IdentityOptions = {
  readonly connection: Connection;
  readonly reader: Reader;
  readonly stream: string;
  readonly patience: number;
};

export type Identity = ReturnType<typeof createIdentity>;

/** The log's identity stands in a stream of its own, whose last event counts. */
export const createIdentity = ({ connection, reader, stream, patience }: IdentityOptions) => {
  const read = async (): Promise<{ readonly state: LogState; readonly revision: bigint } | undefined> => {
    const newest = await reader.newest(stream);
    if (!newest) return undefined;
    const state = toLogState(newest);
    if (!state)
      throw new KurrentFault(`The stream "${stream}" in KurrentDB holds what Palabre did not write: it names no log.`);
    return { state, revision: newest.revision };
  };

  const write = async (state: LogState, after: bigint | undefined): Promise<void> => {
    const event = {
      // A repeat of the same step is the same event.
      id: derivedId(state.logId, `${state.incarnation} ${state.state} ${after ?? 'first'}`),
      type: TYPE,
      contentType: 'application/json',
      data: { ...state },
      metadata: encoder.encode('{}'),
    } as const;
    await within(patience, connection.client().appendToStream(stream, [event], { streamState: after ?? 'no_stream' }));
  };

  return {
    read: async () => (await read())?.state,

    /** The log's identity, which whoever comes first gives it. */
    found: async (first: LogIdentity = { logId: randomUUID(), incarnation: 1 }): Promise<LogState> => {
      const standing = await read();
      if (standing) return standing.state;
      const state = { ...first, state: 'open' } as const;
      try {
        await write(state, undefined);
        return state;
      } catch (error) {
        if (!isWrongVersion(error)) throw error;
        const other = await read();
        if (!other) throw error;
        return other.state;
      }
    },

    /** Moves the log on to another state, from whatever it was in. */
    set: async (state: LogState): Promise<void> => {
      const standing = await read();
      if (JSON.stringify(standing?.state) !== JSON.stringify(state)) await write(state, standing?.revision);
    },
  };
};
