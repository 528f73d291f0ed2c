import { GraphQLError } from 'graphql';
import type { FaultCode } from '../core/fault-codes.ts';

/** A request that is turned away as a whole, with the status that says so to every client. */
export const refusal = (
  status: number,
  code: FaultCode,
  message: string,
  headers?: Readonly<Record<string, string>>,
): GraphQLError => new GraphQLError(message, { extensions: { code, http: { status, ...(headers && { headers }) } } });
