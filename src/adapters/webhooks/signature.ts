import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

const PREFIX = 'whsec_';
const BYTES = 32;

export const newWebhookSecret = (): string => PREFIX + randomBytes(BYTES).toString('base64');

/** The headers of Standard Webhooks: one signature for each secret that is good now. */
export const signedHeaders = (id: string, body: string, secrets: readonly string[], now: Date) => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
  'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
});
