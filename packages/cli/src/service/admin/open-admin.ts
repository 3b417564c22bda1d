import type { Config } from '@gaitway/service/config/config';
import { connect } from '@gaitway/service/database/connect';
import { migrate } from '@gaitway/service/database/migrate';
import { createLogger } from '@gaitway/service/logger';
import { openObjects } from '@gaitway/service/objects/open-objects';
import { createIsolatedProbe } from '@gaitway/service/probe/isolated-probe';
import { openBoss } from '@gaitway/service/queue/boss';
import type { AdminContext } from './action.ts';

export interface OpenAdmin {
  readonly context: AdminContext;
  close(): Promise<void>;
}

/** Connections of its own to the database and the store of an installation; nothing listens, nothing runs by itself. */
export async function openAdmin(config: Config, connectionString: string): Promise<OpenAdmin> {
  const log = createLogger({ ...config, logLevel: 'error' }, 'admin');
  const onError = (error: Error): void => log.error({ err: error }, 'the database connection failed');
  await migrate(connectionString);
  const connection = connect({ connectionString, poolSize: 2, applicationName: 'gaitway-admin', onError });
  const boss = await openBoss(connectionString, { supervise: false, migrate: false, onError });
  const { objects } = await openObjects(config);
  const jobs = { db: connection.db, boss, objects, config, log, probe: createIsolatedProbe(config) };
  return {
    context: { config, db: connection.db, jobs },
    async close() {
      await boss.stop({ graceful: false });
      await connection.close();
    },
  };
}
