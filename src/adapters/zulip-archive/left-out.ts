import type { LeftOut } from './archive.ts';

const WHY: Readonly<Record<string, string>> = {
  zerver_usermessage: 'who has read or starred what is not imported',
  zerver_attachment: 'uploaded files are not imported; their links stay in the texts',
  zerver_realmemoji: 'pictures of custom emoji are not imported',
  zerver_customprofilefield: 'members have no custom fields',
  zerver_customprofilefieldvalue: 'members have no custom fields',
  zerver_usergroup: 'there are no groups of members; mentions of them stay text',
  zerver_namedusergroup: 'there are no groups of members; mentions of them stay text',
  zerver_usergroupmembership: 'there are no groups of members',
  zerver_groupgroupmembership: 'there are no groups of members',
  zerver_submessage: 'votes in polls and ticks in to-do lists are not imported; the poll stays a text',
  zerver_huddle: 'private conversations are not imported',
  zerver_direct_message_group: 'private conversations are not imported',
  zerver_client: 'the programs that messages were sent with are not kept',
  zerver_usertopic: 'personal settings are not imported',
  zerver_mutedtopic: 'personal settings are not imported',
  zerver_muteduser: 'personal settings are not imported',
  zerver_userpresence: 'presence is not imported',
  zerver_userstatus: 'presence is not imported',
  zerver_useractivity: 'presence is not imported',
  zerver_useractivityinterval: 'presence is not imported',
  zerver_defaultstream: 'nobody joins a community by default',
  zerver_realmfilter: 'rules that turn text into links are not imported',
  zerver_realmdomain: 'who may sign in is decided by the issuer of logins',
  zerver_scheduledmessage: 'what was not sent yet is not imported',
  zerver_realmauditlog: 'read only for the times at which people joined channels',
};

/** Tables that the import reads, in whatever file they stand. */
export const READ: readonly string[] = [
  'zerver_realm',
  'zerver_userprofile',
  'zerver_userprofile_mirrordummy',
  'zerver_userprofile_crossrealm',
  'zerver_stream',
  'zerver_recipient',
  'zerver_subscription',
  'zerver_reaction',
  'zerver_message',
];

/** Counts what the import has no place for, so that nothing is dropped silently. */
export const createLeftOut = () => {
  const counts = new Map<string, { count: number; why: string }>();
  const add = (what: string, count: number, why: string) => {
    if (count === 0) return;
    const before = counts.get(what);
    counts.set(what, { count: (before?.count ?? 0) + count, why });
  };
  return {
    add,
    /** Every table of a file that nobody reads. */
    tables: (tables: Readonly<Record<string, unknown>>) => {
      for (const [table, rows] of Object.entries(tables))
        if (Array.isArray(rows) && !READ.includes(table))
          add(`rows of ${table}`, rows.length, WHY[table] ?? 'Palabre has nothing that corresponds');
    },
    list: (): LeftOut[] => [...counts].map(([what, { count, why }]) => ({ what, count, why })),
  };
};
export type LeftOutCounts = ReturnType<typeof createLeftOut>;
