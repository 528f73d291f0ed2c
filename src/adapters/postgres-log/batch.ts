import type { Client } from 'pg';
import type { AppendOutcome, Expected } from '../../core/event-log.ts';
import { asText } from '../postgres.ts';
import { refusal, type Storable } from '../storable.ts';

const EXPECTED = { none: -1, any: -2, exists: -3 } as const;

const revisionOf = (expected: Expected) => (typeof expected === 'number' ? expected : EXPECTED[expected]);

/**
 * An append as the function `palabre_log.append` takes it, but for its number in the batch. JSON text that is ready goes in as it
 * is, so that nothing is written or escaped twice.
 */
export type Fragment = { readonly append: string; readonly events: readonly string[] };

export const toFragment = ({ request: { commandId, inputHash, stream, expected }, events }: Storable): Fragment => {
  const first = events[0]?.event.id;
  const last = events.at(-1)?.event.id;
  return {
    append:
      `,"command":"${commandId}","hash":${JSON.stringify(inputHash)},"stream":${JSON.stringify(stream)},` +
      `"expected":${revisionOf(expected)},"size":${events.length},"first_id":"${first}","last_id":"${last}"}`,
    events: events.map(
      ({ event: { id, type, version }, data, metadata }, i) =>
        `,"i":${i},"id":"${id}","type":${JSON.stringify(type)},"version":${version},"data":${data},"meta":${metadata}}`,
    ),
  };
};

type Row = [
  outcome: 'appended' | 'duplicate' | 'reused' | 'conflict',
  firstPosition: string,
  lastPosition: string,
  firstId: string,
  lastId: string,
  revision: string,
];

const STATEMENT = {
  name: 'append',
  text: 'select * from palabre_log.append($1, $2)',
  rowMode: 'array',
  types: asText,
} as const;

/** Appends to different streams in one transaction, each settled on its own. Throws when the statement fails as a whole. */
export const appendBatch = async (client: Client, fragments: readonly Fragment[]): Promise<AppendOutcome[]> => {
  const appends = fragments.map(({ append }, n) => `{"n":${n}${append}`);
  const events = fragments.flatMap((fragment, n) => fragment.events.map((event) => `{"n":${n}${event}`));
  const values = [`[${appends.join()}]`, `[${events.join()}]`];
  const { rows } = await client.query<Row>({ ...STATEMENT, values });
  return rows.map(toOutcome);
};

const toOutcome = ([outcome, firstPosition, lastPosition, firstId, lastId, revision]: Row): AppendOutcome => {
  if (outcome === 'conflict') return { status: 'conflict', actual: Number(revision) };
  if (outcome === 'reused')
    return refusal('IDEMPOTENCY_KEY_REUSED', 'This command id was used before with another input: use a new one.');
  return {
    status: outcome,
    first: { position: BigInt(firstPosition), eventId: firstId },
    last: { position: BigInt(lastPosition), eventId: lastId },
    revision: Number(revision),
  };
};
