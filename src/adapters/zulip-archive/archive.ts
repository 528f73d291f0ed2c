/** A Zulip organisation export, validated whole: every reference in it that the import follows leads somewhere. */
export type ZulipArchive = {
  readonly realm: Realm;
  /** Ascending id, of all user tables together. */
  readonly users: readonly User[];
  /** Ascending id. */
  readonly channels: readonly Channel[];
  readonly subscriptions: readonly Subscription[];
  readonly reactions: readonly Reaction[];
  /** What was said in channels, by (`dateSent`, id): the order in which it happened. */
  readonly messages: readonly Message[];
  readonly leftOut: readonly LeftOut[];
  /** Rows that are wrong, each by its place: only where they were to be skipped. */
  readonly invalid: readonly string[];
  /** Channels that are left out as a whole, and their messages: they are in the export all the same. */
  readonly heldBack: {
    readonly channels: readonly Channel[];
    readonly subscriptions: readonly Subscription[];
    readonly messages: ReadonlySet<number>;
  };
};

/** The organisation. Id and time of creation never change; names do. */
export type Realm = {
  readonly id: number;
  readonly name: string;
  readonly createdAt: number;
  readonly createdKey: number;
};

/** Times are whole milliseconds since 1970-01-01 UTC. */
export type User = {
  readonly id: number;
  readonly name: string;
  /** As it is written in the archive, and in mentions. */
  readonly writtenName: string;
  readonly email: string | null;
  readonly isBot: boolean;
  /** Deactivated accounts belong to nothing any more. */
  readonly isActive: boolean;
  readonly isGuest: boolean;
  /** A bot of the platform. */
  readonly isSystem: boolean;
  /** Stands in for somebody who has no account: a person of a mirrored chat, or one who is not part of this export. */
  readonly isPlaceholder: boolean;
  readonly joinedAt: number | null;
};

export type Channel = {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly isPrivate: boolean;
  /** Members see only what was said after they had joined. */
  readonly hasProtectedHistory: boolean;
  readonly isArchived: boolean;
  readonly creatorId: number | null;
  readonly createdAt: number | null;
};

export type Subscription = {
  readonly userId: number;
  readonly channelId: number;
  /** Where the archive tells it. */
  readonly since: number | null;
};

export type Reaction = {
  readonly userId: number;
  readonly messageId: number;
  readonly name: string;
  /** The characters of the emoji as Zulip writes them, `1f44d`; null for a picture of the organisation's own. */
  readonly code: string | null;
};

export type Message = {
  readonly id: number;
  readonly senderId: number;
  readonly channelId: number;
  readonly subject: string;
  readonly content: string;
  /** Whom it mentions, in its order: as they were called then, and who that was. Null where the archive does not tell. */
  readonly mentioned: readonly { readonly name: string; readonly userId: number }[] | null;
  /** When it was last edited, in whole milliseconds; null where it was not. */
  readonly editedAt: number | null;
  /** Seconds, with the fraction that the archive gives. */
  readonly dateSent: number;
  /** The same in milliseconds, cut and not rounded: nothing moves to another day. */
  readonly sentAt: number;
};

/** What an archive holds and the import has no place for. */
export type LeftOut = { readonly what: string; readonly count: number; readonly why: string };

/** Whole milliseconds of a time in seconds whose fraction has at most six digits. */
export const milliseconds = (seconds: number): number => Math.floor(Math.round(seconds * 1e6) / 1e3);
