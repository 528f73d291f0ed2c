import type { LeftOut, ZulipArchive } from '../adapters/zulip-archive/index.ts';
import { at } from '../core/decider.ts';
import type { Cursor } from '../core/position.ts';
import type { Sealing } from '../core/sealing.ts';
import { ORGANISATION_ID, organisation } from '../domain/organisation.ts';
import { type Appended, type AppendTools, appendDrafts, ImportInterrupted } from './append.ts';
import { planArchivings, planCommunityChanges, planPeopleChanges, planTextChanges, tellWhatIsGone } from './changes.ts';
import { planCommunities, planMemberships } from './communities.ts';
import { planConversations } from './conversations.ts';
import type { Draft, Noun } from './draft.ts';
import { planEndedMemberships } from './ended-memberships.ts';
import { createMentions } from './mentions.ts';
import { type People, planPeople } from './people.ts';
import { createKeys, createTally, NOBODY, type Planning } from './plan.ts';
import { planReactions } from './reactions.ts';
import { planResolutions } from './resolutions.ts';
import { readStored } from './stored.ts';
import { zulipIds } from './zulip-ids.ts';

export { ImportInterrupted } from './append.ts';
export type { Noun } from './draft.ts';

export type ImportReport = {
  readonly organisation: string;
  /** What was stored by this import, and what was there before it. */
  readonly stored: ReadonlyMap<Noun, number>;
  readonly present: ReadonlyMap<Noun, number>;
  /** All that the archive holds and Palabre does not, with the reason. */
  readonly leftOut: readonly LeftOut[];
  /** Rows that were left out because they are wrong, each by its place. */
  readonly invalid: readonly string[];
  readonly events: number;
  /** The last event of this import, or the log's when nothing was to do: what projections must reach. */
  readonly last: Cursor;
};

export type ImportOptions = {
  readonly signal?: AbortSignal;
  readonly onProgress?: (phase: ImportPhase, done: number, total: number) => void;
};

/** `comparing`: events of the log looked at. `storing`: messages of the archive. */
export type ImportPhase = 'comparing' | 'storing';

const ATTEMPTS = 5;

/**
 * Stores what an archive holds and the log does not. Running it again, after it ended or was cut off, stores the rest and
 * nothing twice; it may run beside a server. Throws `ImportInterrupted` when the log refuses something or does not answer.
 */
export const importZulip = async (
  tools: AppendTools,
  archive: ZulipArchive,
  { signal, onProgress = () => {} }: ImportOptions = {},
): Promise<ImportReport> => {
  const ids = zulipIds(archive.realm);
  const { planning, people, communities, claimed } = await claimKeys(tools, archive, { signal, onProgress });
  const mentions = createMentions(archive.users, people.memberIdOf);
  const isErased = await erasedAmong(tools.sealing, archive, people);
  const conversations = planConversations(planning, people, mentions, isErased);

  const total = archive.messages.length;
  let done = planning.stored.posts.size + planning.stored.comments.size;
  onProgress('storing', Math.min(done, total), total);
  const onAppended = (drafts: readonly Draft[]) => {
    done += drafts.filter(({ noun }) => noun === 'posts' || noun === 'comments').length;
    onProgress('storing', Math.min(done, total), total);
  };
  const append = (...parts: readonly Iterable<Draft>[]) =>
    appendDrafts(tools, inTurn(parts), { scope: ids.scope, signal, onAppended });
  tellWhatIsGone(planning);
  const said = await append(
    naming(planning),
    people.drafts,
    await planPeopleChanges(planning, people, tools.sealing),
    // Who may read comes before what there is to read.
    communities,
    planCommunityChanges(planning),
    planEndedMemberships(planning, people),
    planMemberships(planning, people),
    await planTextChanges(planning, people, mentions, tools.sealing),
    conversations.drafts,
  );
  // What is about posts comes once all of them have their answer.
  const about = await append(
    planResolutions(planning, conversations),
    planReactions(planning, people, conversations),
    planArchivings(planning),
  );

  for (let n = mentions.unknown(); n > 0; n -= 1) planning.tally.leftOut('mentions', UNKNOWN_MENTION);
  return {
    organisation: archive.realm.name,
    stored: sum(said.stored, about.stored),
    present: sum(planning.tally.presents, said.present, about.present),
    leftOut: [...archive.leftOut, ...planning.tally.list()],
    invalid: archive.invalid,
    events: claimed.events + said.events + about.events,
    last: about.last ?? said.last ?? claimed.last ?? (await tools.log.head()),
  };
};

const UNKNOWN_MENTION = 'of groups, of names that nobody or more than one bears: they stay text';

type Claimed = {
  readonly planning: Planning;
  readonly people: People;
  readonly communities: readonly Draft[];
  readonly claimed: Appended;
};

/** Plans who and what is new, and takes handles, addresses and slugs for them. Whoever was faster makes it plan again. */
const claimKeys = async (
  tools: AppendTools,
  archive: ZulipArchive,
  { signal, onProgress }: Pick<ImportOptions, 'signal'> & Required<Pick<ImportOptions, 'onProgress'>>,
): Promise<Claimed> => {
  const ids = zulipIds(archive.realm);
  const edited = archive.messages.filter(({ editedAt }) => editedAt !== null);
  const wanted = new Set(edited.map(({ id }) => ids.message(id)));
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const stored = await readStored(tools.log, ids.scope, {
      signal,
      wanted,
      onProgress: (done, total) => onProgress('comparing', done, total),
    });
    const { hash } = tools.sealing;
    const planning = { archive, ids, stored, hash, tally: createTally() };
    const keys = createKeys(planning);
    const people = planPeople(planning, keys);
    const communities = planCommunities(planning, keys, people);
    const claimed = await appendDrafts(tools, keys.drafts, { scope: ids.scope, signal });
    if (claimed.conflicts === 0) return { planning, people, communities, claimed };
  }
  throw new ImportInterrupted('Others keep taking the names that this import wants: run it again when it is quieter.');
};

/** The organisation is called as the archive says, unless it has a name. */
const naming = ({ archive, ids, stored, tally }: Planning): readonly Draft[] => {
  if (stored.organisationIsNamed) {
    tally.present('organisation names');
    return [];
  }
  return [
    {
      noun: 'organisation names',
      origin: 'the name of the organisation',
      to: at(organisation, ORGANISATION_ID),
      expected: 'none',
      commandId: ids.command('name'),
      actor: NOBODY,
      at: archive.realm.createdAt,
      events: [{ type: 'OrganisationNamed', data: { name: archive.realm.name } }],
    },
  ];
};

/** Whose key was destroyed: nothing can be sealed under it again. Gives everybody else a key. */
const erasedAmong = async (sealing: Sealing, archive: ZulipArchive, { memberIdOf }: People) => {
  const memberIds = archive.users.flatMap(({ id }) => memberIdOf(id) ?? []);
  await sealing.prepare(memberIds);
  const erased = new Set(memberIds.filter((memberId) => !canSeal(sealing, memberId)));
  return (memberId: string) => erased.has(memberId);
};

const canSeal = (sealing: Sealing, memberId: string): boolean => {
  try {
    sealing.seal(memberId, { stream: '', eventId: '', type: '' }, {});
    return true;
  } catch {
    return false;
  }
};

function* inTurn(parts: readonly Iterable<Draft>[]): Iterable<Draft> {
  for (const part of parts) yield* part;
}

const sum = (...all: readonly ReadonlyMap<Noun, number>[]): ReadonlyMap<Noun, number> => {
  const total = new Map<Noun, number>();
  for (const counts of all) for (const [noun, count] of counts) total.set(noun, (total.get(noun) ?? 0) + count);
  return total;
};
