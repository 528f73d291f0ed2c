/** The columns of a webhook, `w`, by the names that core has for them. */
export const WEBHOOK = `
  w.id, w.number, w.owner_id as "memberId", w.owner_kind as kind, w.roles, w.scopes, w.key_id as "keyId", w.url, w.types,
  w.community_id as "communityId", w.created_at as "createdAt", w.state, w.reason, w.state_since as "stateSince",
  w.failing_since as "failingSince"`;

/** The columns of a delivery, `d`. */
export const DELIVERY = `
  d.id, d.number, d.webhook_id as "webhookId", d.event_id as "eventId", d.type, d.stream, d.revision, d.position, d.state,
  d.attempts, d.created_at as "createdAt", d.due_at as "dueAt", d.attempted_at as "attemptedAt", d.status, d.error, d.answer,
  d.milliseconds`;
