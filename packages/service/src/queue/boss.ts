/** pg-boss as this service uses it: one queue whose jobs come back within seconds when their worker dies. */
import { PgBoss } from 'pg-boss';
import { patiently } from '../database/patience.ts';

export const SOLVE_QUEUE = 'solve';
const HEARTBEAT_SEC = 10;
/** More than a worker allows (`worker.maxAttempts`): it decides when to give up, the queue only delivers. */
const REDELIVERIES = 50;

/** What a queued message says; all else is in the job's row. */
export interface SolveMessage {
  readonly jobId: string;
  readonly attempt: number;
}

export interface BossOptions {
  readonly supervise: boolean;
  readonly migrate: boolean;
  readonly onError: (error: Error) => void;
}

/** Not started yet. */
export function createBoss(connectionString: string, options: BossOptions): PgBoss {
  const boss = new PgBoss({
    connectionString,
    application_name: 'gaitway-queue',
    max: 3,
    migrate: options.migrate,
    supervise: options.supervise,
    schedule: false,
    // The defaults look for dead workers once a minute.
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
    maintenanceIntervalSeconds: 60,
  });
  boss.on('error', options.onError);
  return boss;
}

/** A started queue, or the error at once. Whoever starts it ends it with `stop({ graceful: false })`. */
export async function startBoss(connectionString: string, options: BossOptions): Promise<PgBoss> {
  const boss = createBoss(connectionString, options);
  try {
    return await boss.start();
  } catch (error) {
    await boss.stop({ graceful: false }).catch(options.onError);
    throw error;
  }
}

/** `startBoss` that waits for a database which is not there yet. */
export const openBoss = (connectionString: string, options: BossOptions): Promise<PgBoss> =>
  patiently(() => startBoss(connectionString, options));

export async function prepareQueue(boss: PgBoss): Promise<void> {
  await boss.createQueue(SOLVE_QUEUE, {
    policy: 'standard',
    retryLimit: REDELIVERIES,
    retryDelay: 1,
    heartbeatSeconds: HEARTBEAT_SEC,
    retentionSeconds: 7 * 86_400,
    deleteAfterSeconds: 86_400,
  });
}
