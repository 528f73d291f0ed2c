import type { Pool } from 'pg';
import { newMachineKeySecret } from '../adapters/identity/index.ts';
import type { Vault } from '../adapters/keys/vault.ts';
import { machineKeys, standings } from '../adapters/machine-keys/index.ts';
import { refusals } from '../adapters/refusals/index.ts';
import { type AddressRules, refusalOfUrl } from '../adapters/webhooks/address.ts';
import { webhookQueue } from '../adapters/webhooks/queue.ts';
import { webhookRegistry } from '../adapters/webhooks/registry.ts';
import { newWebhookSecret } from '../adapters/webhooks/signature.ts';
import { createMachineKeyCommands } from '../core/machine-key-commands.ts';
import { createPrincipals } from '../core/principals.ts';
import type { Sealing } from '../core/sealing.ts';
import { createWebhookCommands } from '../core/webhook-commands.ts';
import type { createPeople } from './people.ts';

type Tools = {
  readonly pool: Pool;
  readonly vault: Vault;
  readonly hash: Sealing['hash'];
  readonly people: Pick<ReturnType<typeof createPeople>, 'byId'>;
  /** Where webhooks may be sent. */
  readonly addresses: AddressRules;
};

/** What integrations run on, put together. */
export type Operations = ReturnType<typeof createOperations>;

export const createOperations = ({ pool, vault, hash, people: { byId }, addresses }: Tools) => {
  const keys = machineKeys(pool);
  const told = standings(pool);
  const registry = webhookRegistry(pool, vault);
  const listeners = new Set<() => void>();
  const wake = () => {
    for (const listener of listeners) listener();
  };
  return {
    principals: createPrincipals({ byId, keys, standings: told }),
    standings: told,
    keys,
    keyCommands: createMachineKeyCommands({ store: keys, hash, newSecret: newMachineKeySecret, byId }),
    webhooks: registry,
    webhookCommands: createWebhookCommands({
      registry,
      hash,
      refusalOfUrl: (url) => refusalOfUrl(url, addresses),
      newSecret: newWebhookSecret,
      wake,
    }),
    refusals: refusals(pool),
    queue: webhookQueue(pool, vault),
    /** Tells when there may be something new to deliver; answers how to stop that. */
    onChange: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
