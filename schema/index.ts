import './scalars.ts';
import './organisation.ts';
import './community.ts';
import './steering.ts';
import './membership.ts';
import './member.ts';
import './viewer.ts';
import './post.ts';
import './comment.ts';
import './reaction.ts';
import './feed.ts';
import './engagement.ts';
import './events.ts';
import './node.ts';
import './live.ts';
import { builder } from './builder.ts';

builder.queryType({ description: 'What can be asked. Everything needs a token.' });
builder.mutationType({ description: 'What can be done: a mutation for each command.' });
builder.subscriptionType({ description: 'What can be followed. Each delivery carries a cursor to resume from.' });

/** The public contract, as modules of one type each. Its printed form is `schema.graphql`. */
export const schema = builder.toSchema({ sortSchema: true });
