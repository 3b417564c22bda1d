/** Keeping the server running while this process owns it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { GaitwayError, isGaitwayError } from '@gaitway/motion/errors';
import type pg from 'pg';
import { stopPostmaster } from './postmaster.ts';
import { claimServer, type Owned, type Server } from './server.ts';

export interface OwnershipListeners {
  /** Told in a sentence what happens to the server after the start. */
  readonly log?: (message: string) => void;
  /** Another process took the server over while it was down: this one must end. */
  readonly onLost?: (error: GaitwayError) => void;
}

const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;

export const alreadyOwned = (dataDir: string, owner: string | null): GaitwayError =>
  new GaitwayError('service_unavailable', {
    message: `Another Gaitway ${owner === null ? '' : `(process ${owner}) `}already runs on ${dataDir}; stop it first or choose another data folder.`,
  });

/** The owner's connection is its eye on the server: when it is lost, the server died and is started again on the same port. */
export class Ownership {
  readonly #server: Server;
  readonly #listeners: OwnershipListeners;
  readonly #port: number;
  #client: pg.Client;
  #stopping: Promise<void> | null = null;
  #recovering: Promise<void> = Promise.resolve();

  constructor(server: Server, owned: Owned, listeners: OwnershipListeners) {
    this.#server = server;
    this.#listeners = listeners;
    this.#port = owned.port;
    this.#client = owned.client;
    this.#watch();
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopNow();
    return this.#stopping;
  }

  async #stopNow(): Promise<void> {
    await this.#client.end().catch(() => {});
    await this.#recovering;
    await this.#client.end().catch(() => {});
    await stopPostmaster(this.#server.layout, this.#server.runtime, this.#server.user);
  }

  #watch(): void {
    this.#client.once('end', () => {
      if (this.#stopping === null) this.#recovering = this.#recover();
    });
  }

  async #recover(): Promise<void> {
    this.#listeners.log?.('the database went away; starting it again');
    for (let waitMs = FIRST_RETRY_MS; this.#stopping === null; waitMs = Math.min(waitMs * 2, MAX_RETRY_MS)) {
      try {
        const claimed = await claimServer(this.#server, this.#port);
        if (!claimed.owned) return this.#listeners.onLost?.(alreadyOwned(this.#server.layout.dataDir, claimed.owner));
        this.#client = claimed.client;
        this.#watch();
        this.#listeners.log?.('the database runs again');
        return;
      } catch (error) {
        this.#listeners.log?.(isGaitwayError(error) ? error.message : `the database does not start: ${String(error)}`);
        await sleep(waitMs);
      }
    }
  }
}
