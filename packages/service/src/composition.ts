/** The composition root: builds the service from a validated config, and takes it down again. No other module holds state of the process. */
import type { FastifyInstance } from 'fastify';
import { createOwnerOnce } from './accounts/accounts.ts';
import { startChores } from './chores.ts';
import type { Config } from './config/config.ts';
import { connect } from './database/connect.ts';
import { migrate } from './database/migrate.ts';
import { createApp } from './http/app.ts';
import { createMetrics } from './http/metrics.ts';
import type { JobsContext } from './jobs/context.ts';
import { pacer } from './jobs/forecast.ts';
import type { Probe } from './jobs/probe.ts';
import { createLogger } from './logger.ts';
import { openObjects } from './objects/open-objects.ts';
import { createIsolatedProbe } from './probe/isolated-probe.ts';
import { openBoss } from './queue/boss.ts';

export interface ServiceOptions {
  readonly config: Config;
  /** From `startDatabase`. */
  readonly connectionString: string;
  /** Replaces the isolated probe, in tests. */
  readonly probe?: Probe;
}

export interface Service {
  /** Ready to `listen({ host, port })` or to `inject`. */
  readonly app: FastifyInstance;
  /** The owner's key, on the first start of an installation only. */
  readonly ownerKey: string | null;
  readonly context: JobsContext;
  /** Lets running requests end, then closes all connections. */
  close(): Promise<void>;
}

export async function createService(options: ServiceOptions): Promise<Service> {
  const { config, connectionString } = options;
  const log = createLogger(config, 'api');
  const onError = (error: Error): void => log.error({ err: error }, 'the database connection failed');
  await migrate(connectionString, (err) => log.warn({ err }, 'the database does not answer yet; waiting for it'));
  const connection = connect({ connectionString, poolSize: config.databasePoolSize, applicationName: 'gaitway-api', onError });
  const { db } = connection;
  const ownerKey = await createOwnerOnce(db);
  const boss = await openBoss(connectionString, { supervise: true, migrate: false, onError });
  const { objects, signer } = await openObjects(config);
  const context: JobsContext = { db, boss, objects, config, log, probe: options.probe ?? createIsolatedProbe(config) };
  const closing = new AbortController();
  const app = await createApp({ ...context, signer, metrics: createMetrics(db), pace: pacer(db), closing: closing.signal });
  const chores = startChores(context);
  return {
    app,
    ownerKey,
    context,
    async close() {
      closing.abort();
      await app.close();
      await chores.stop();
      await boss.stop({ graceful: false });
      await connection.close();
    },
  };
}
