import type { Limits } from './limits.ts';

/** What holds open connections back. */
export type StreamLimits = Pick<
  Limits,
  'STREAMS' | 'SOCKETS' | 'SOCKET_OPERATIONS' | 'MESSAGE_BYTES' | 'SILENCE_MS' | 'HEARTBEAT_MS'
>;
