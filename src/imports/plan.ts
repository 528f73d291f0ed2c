import type { LeftOut, ZulipArchive } from '../adapters/zulip-archive/index.ts';
import { at, type ClaimKind, streamName } from '../core/decider.ts';
import { claims } from '../domain/claim.ts';
import type { Draft, Noun } from './draft.ts';
import type { Stored } from './stored.ts';
import type { ZulipIds } from './zulip-ids.ts';

/** What every part of an import plans with. */
export type Planning = {
  readonly archive: ZulipArchive;
  readonly ids: ZulipIds;
  readonly stored: Stored;
  readonly hash: (kind: ClaimKind, key: string) => string;
  readonly tally: Tally;
};

/** What is there already, and what has no place here: the report's counts beside those of the appends. */
export type Tally = {
  present(noun: Noun): void;
  leftOut(what: string, why: string): void;
  readonly presents: ReadonlyMap<Noun, number>;
  list(): LeftOut[];
};

export const createTally = (): Tally => {
  const presents = new Map<Noun, number>();
  const notes = new Map<string, { count: number; why: string }>();
  return {
    presents,
    present: (noun) => presents.set(noun, (presents.get(noun) ?? 0) + 1),
    leftOut: (what, why) => notes.set(what, { count: (notes.get(what)?.count ?? 0) + 1, why }),
    list: () => [...notes].map(([what, { count, why }]) => ({ what, count, why })),
  };
};

/** Nobody acts: an archive does not tell who founded what, or who let whom in. */
export const NOBODY = 'system';

export type Owner = { readonly id: string; readonly stream: string; readonly commandId: string; readonly at: number };

/** The keys that an import takes for what it creates. Earlier ones of the same owner are found again. */
export const createKeys = ({ stored, hash }: Pick<Planning, 'stored' | 'hash'>) => {
  const taken = new Map<string, string>();
  const next = new Map<string, number>();
  const drafts: Draft[] = [];
  const refOf = (kind: ClaimKind, key: string) => at(claims[kind], kind === 'slug' ? key : hash(kind, key));

  /** Who holds a key: by the log, or by this import's plan. */
  const holder = (kind: ClaimKind, key: string): string | null => {
    const stream = streamName(refOf(kind, key));
    return taken.get(stream) ?? stored.claims.get(stream)?.ownerId ?? null;
  };

  const take = (kind: ClaimKind, key: string, { id, stream, commandId, at }: Owner): void => {
    const to = refOf(kind, key);
    const name = streamName(to);
    taken.set(name, id);
    const before = stored.claims.get(name);
    if (before?.ownerId === id) return;
    const events = [{ type: 'KeyClaimed', data: { ownerId: id, ownerStream: stream } }];
    const expected = before?.revision ?? 'none';
    drafts.push({
      noun: 'claims',
      origin: `the ${kind} of ${stream}`,
      to,
      expected,
      commandId,
      actor: NOBODY,
      at,
      events,
    });
  };

  /** Takes the first of `base`, `base-2`, `base-3`, … that is nobody else's, and answers it. */
  const takeFirstFree = (kind: ClaimKind, base: string, length: number, owner: Owner): string => {
    for (let n = next.get(`${kind} ${base}`) ?? 1; ; n += 1) {
      const suffix = n === 1 ? '' : `-${n}`;
      const key = `${base.slice(0, length - suffix.length).replace(/[._-]+$/, '')}${suffix}`;
      if ((holder(kind, key) ?? owner.id) !== owner.id) continue;
      next.set(`${kind} ${base}`, n + 1);
      take(kind, key, owner);
      return key;
    }
  };

  return { holder, take, takeFirstFree, drafts };
};
export type Keys = ReturnType<typeof createKeys>;
