import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { Done } from '../../schema/context.ts';
import type { Viewer } from '../core/viewer.ts';
import type { RequestFacts } from './http.ts';
import type { Paying } from './limits/plugin.ts';
import type { Asking } from './trusted-documents.ts';

/** What Yoga hands from hook to hook, as far as ours read it and write into it. */
export type Serving = RequestFacts & {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  viewer?: Viewer;
  payer: string;
  /** The body, where it has been read before. */
  readonly body?: Promise<object>;
  /** What the client sent to say which document it means. */
  asking?: Asking;
  /** The mutations that were done, as the resolvers note them. */
  readonly done?: readonly Done[];
} & Partial<Paying>;

/** A part of the way that a request goes. */
export type ServingPlugin = Plugin<object, Serving>;
