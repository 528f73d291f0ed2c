import { communities } from './communities.ts';
import { engagement } from './engagement/index.ts';
import { feeds } from './feeds.ts';
import { members } from './members.ts';
import { memberships } from './memberships.ts';
import { posts } from './posts/index.ts';

/** Every read model. The runtime keeps each of them level with the log. */
export const projections = [communities, members, memberships, posts, feeds, engagement];
