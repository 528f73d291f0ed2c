import type { Realm } from '../adapters/zulip-archive/index.ts';
import { derivedId } from '../core/ids.ts';

/**
 * The ids that an archive's rows have here: the same for every export of the same organisation, whatever it is called
 * by then, and never those of another organisation's rows. Id and time of creation of a realm are all that never changes.
 */
export const zulipIds = (realm: Pick<Realm, 'id' | 'createdKey'>) => {
  const scope = derivedId('zulip', realm.id, realm.createdKey);
  const of = (noun: string) => (id: number) => derivedId(scope, noun, id);
  return {
    /** What all events of all imports of this organisation are correlated by. */
    scope,
    member: of('user'),
    community: of('channel'),
    /** A message's id, whether it stands here as a post or as a comment. */
    message: of('message'),
    command: (...parts: readonly (string | number)[]) => derivedId(scope, 'command', ...parts),
  };
};
export type ZulipIds = ReturnType<typeof zulipIds>;
