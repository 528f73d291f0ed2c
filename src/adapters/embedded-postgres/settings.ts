import { totalmem } from 'node:os';

export const SUPERUSER = 'palabre';
export const DATABASE = 'palabre';
export const HOST = '127.0.0.1';

const MEGABYTE = 1024 * 1024;

/**
 * Given on the command line at each start, so that a data folder made by an older version gets them too.
 * fsync, synchronous_commit and full_page_writes keep their defaults, which are on: nothing acknowledged may be lost.
 */
export function settings(port: number): Record<string, string> {
  return {
    listen_addresses: HOST,
    port: String(port),
    // A socket's path may have 107 bytes, a data folder's path more.
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    // Several processes share it, and a server takes up to forty.
    max_connections: '200',
    shared_buffers: `${sharedBuffers(totalmem())}MB`,
    wal_buffers: '16MB',
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    // Our statements are short: compiling them costs more than it saves.
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // The log tells about the server, never about what is stored: an error's text may quote a member's words.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
  };
}

/** An eighth of the memory, between 64 and 512 megabytes: the machine is somebody's laptop as often as a server. */
function sharedBuffers(memory: number): number {
  return Math.round(Math.min(512, Math.max(64, memory / 8 / MEGABYTE)));
}
