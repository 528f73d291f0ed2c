import { createServer, type Server } from 'node:http';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import type { CloudEvent } from './events.ts';

/**
 * Receives webhooks: checks the signature over the body as it came, passes over what it has had before, and answers only when an
 * event is taken care of. An answer other than 2xx, or none, has the event sent again later.
 */
export const webhookReceiver = (
  secret: string,
  onEvent: (event: CloudEvent) => Promise<void>,
  /** Where ids that were dealt with are kept. A real one outlives the process, and is written together with what the event changed. */
  known = new Set<string>(),
): Server => {
  const signed = new Webhook(secret);
  return createServer(async (request, response) => {
    try {
      let body = '';
      for await (const part of request.setEncoding('utf8')) body += part;
      const event = signed.verify(body, request.headers as Record<string, string>) as CloudEvent;
      const id = String(request.headers['webhook-id']);
      if (!known.has(id)) await onEvent(event);
      known.add(id);
      response.writeHead(204).end();
    } catch (error) {
      response.writeHead(error instanceof WebhookVerificationError ? 401 : 500).end();
    }
  });
};
