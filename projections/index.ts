import { communities } from './communities.ts';
import { drafts } from './drafts.ts';
import { engagement } from './engagement/index.ts';
import { feeds } from './feeds.ts';
import { foundations } from './foundations.ts';
import { members } from './members.ts';
import { memberships } from './memberships.ts';
import { posts } from './posts/index.ts';
import { projects } from './projects.ts';
import { promises } from './promises.ts';
import { reviews } from './reviews.ts';

/** Every read model. The runtime keeps each of them level with the log. */
export const projections = [
  communities,
  members,
  memberships,
  projects,
  foundations,
  posts,
  promises,
  drafts,
  reviews,
  feeds,
  engagement,
];
