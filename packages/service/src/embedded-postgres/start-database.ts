/**
 * The one call the service makes: a database to connect to, wherever it comes from.
 *
 * `startDatabase({ url })` uses what the operator runs; `startDatabase({ dataDir })` runs a PostgreSQL of our own on that folder, keeps it
 * running (a crashed server is started again on the same port) and stops it in order.
 */
import { GaitwayError, isGaitwayError } from '@gaitway/motion/errors';
import { ensureCluster } from './cluster.ts';
import { prepareLayout } from './layout.ts';
import { connectionUrl } from './owner-lock.ts';
import { alreadyOwned, Ownership, type OwnershipListeners } from './ownership.ts';
import { prepareRuntime } from './runtime.ts';
import { claimServer, requireSecret, type Server } from './server.ts';
import { serverUser } from './server-user.ts';

export interface EmbeddedOptions extends OwnershipListeners {
  /** Folder of the database, made if missing. */
  readonly dataDir: string;
  /** Join a server that somebody else owns instead of refusing: for administration beside a running service. */
  readonly share?: boolean;
  /** Server settings on top of ours, e.g. `{ fsync: 'off' }` in a test. */
  readonly settings?: Readonly<Record<string, string>>;
}

export type DatabaseOptions = EmbeddedOptions | { readonly url: string };

export interface RunningDatabase {
  readonly connectionString: string;
  /** `external`: the operator's; `owner`: ours, stopped by `stop`; `guest`: somebody else's, left alone by `stop`. */
  readonly role: 'external' | 'owner' | 'guest';
  /** Safe to call twice. */
  stop(): Promise<void>;
}

async function startEmbedded(options: EmbeddedOptions): Promise<RunningDatabase> {
  const user = await serverUser();
  const layout = await prepareLayout(options.dataDir, user);
  const runtime = await prepareRuntime(layout.baseDir);
  const secret = await requireSecret(layout.dataDir);
  await ensureCluster(layout, runtime, secret, user);
  const server: Server = { layout, runtime, user, settings: options.settings ?? {} };
  const claimed = await claimServer(server, null);
  const connectionString = connectionUrl(secret, claimed.port);
  if (claimed.owned) {
    const ownership = new Ownership(server, claimed, options);
    return { connectionString, role: 'owner', stop: () => ownership.stop() };
  }
  if (options.share) return { connectionString, role: 'guest', stop: async () => {} };
  throw alreadyOwned(options.dataDir, claimed.owner);
}

/** What the file system says no to, in a sentence. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'belongs to another user; run Gaitway as that user, or give the folder to this one',
  EPERM: 'belongs to another user; run Gaitway as that user, or give the folder to this one',
  EROFS: 'is on a disk that cannot be written',
  ENOSPC: 'is on a disk that is full',
  ENOTDIR: 'is not a folder',
};

function explain(dataDir: string, cause: unknown): unknown {
  const code = (cause as NodeJS.ErrnoException | null)?.code ?? '';
  if (isGaitwayError(cause) || !Object.hasOwn(REASONS, code)) return cause;
  return new GaitwayError('service_unavailable', { message: `The database folder ${dataDir} ${REASONS[code]}.`, cause });
}

export async function startDatabase(options: DatabaseOptions): Promise<RunningDatabase> {
  if ('url' in options) return { connectionString: options.url, role: 'external', stop: async () => {} };
  try {
    return await startEmbedded(options);
  } catch (error) {
    throw explain(options.dataDir, error);
  }
}
