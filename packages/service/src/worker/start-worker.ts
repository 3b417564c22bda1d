import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { connect } from '../database/connect.ts';
import type { Probe } from '../jobs/probe.ts';
import { createLogger } from '../logger.ts';
import { openObjects } from '../objects/open-objects.ts';
import { createIsolatedProbe } from '../probe/isolated-probe.ts';
import { openBoss } from '../queue/boss.ts';
import { createWorker, type Worker } from './create-worker.ts';
import { fixtureSolver } from './fixture-solver.ts';
import { createIsolatedSolver } from './isolated-solver.ts';
import type { Solver } from './solver.ts';

export interface WorkerOptions {
  readonly config: Config;
  /** Of a database that a service has migrated. */
  readonly connectionString: string;
  readonly solver?: Solver;
  readonly probe?: Probe;
}

/** A worker with connections of its own, in this process. `stop()` hands running jobs back and closes them. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { config, connectionString } = options;
  const log = createLogger(config, 'worker');
  const onError = (error: Error): void => log.error({ err: error }, 'the database connection failed');
  const connection = connect({ connectionString, poolSize: config.worker.concurrency + 2, applicationName: 'gaitway-worker', onError });
  const boss = await openBoss(connectionString, { supervise: true, migrate: false, onError });
  const { objects } = await openObjects(config);
  const worker = await createWorker({
    db: connection.db,
    boss,
    objects,
    config,
    log,
    probe: options.probe ?? createIsolatedProbe(config),
    solver: options.solver ?? createIsolatedSolver(config, join(config.dataDir, 'cache')),
    fixture: fixtureSolver,
  });
  return {
    async stop() {
      await worker.stop();
      await boss.stop({ graceful: false });
      await connection.close();
    },
  };
}
