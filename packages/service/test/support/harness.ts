/** A whole service on a real database, answering on a real port, with a worker in this process and a solver that does what the source says. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccount } from '../../src/accounts/accounts.ts';
import { createKey, type KeyOptions } from '../../src/accounts/keys.ts';
import { createService, type Service } from '../../src/composition.ts';
import type { Config, Plan } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { audit } from '../../src/credits/audit.ts';
import { book } from '../../src/credits/ledger.ts';
import { migrate } from '../../src/database/migrate.ts';
import { choosePort } from '../../src/embedded-postgres/postmaster.ts';
import { SOLVE_QUEUE } from '../../src/queue/boss.ts';
import { startWorker } from '../../src/worker/start-worker.ts';
import { createTestDatabase } from '../embedded/test-database.ts';
import { ApiUser } from './api-user.ts';
import { fixtureProbe } from './fixture-probe.ts';
import { createTestSolver } from './test-solver.ts';

export interface HarnessOptions {
  readonly worker?: boolean;
  readonly limits?: Partial<Config['limits']>;
  readonly plans?: Readonly<Record<string, Partial<Plan>>>;
}

export interface Harness {
  readonly url: string;
  readonly connectionString: string;
  readonly config: Config;
  readonly service: Service;
  readonly solver: ReturnType<typeof createTestSolver>;
  /** Runs `work` while links are signed that have expired already. */
  withExpiredLinks<T>(work: () => Promise<T>): Promise<T>;
  /** An account with credits and a key. */
  customer(options?: { credits?: number; plan?: string; key?: Partial<KeyOptions> }): Promise<ApiUser>;
  audit(): ReturnType<typeof audit>;
  stop(): Promise<void>;
}

const TEST_PLAN: Plan = {
  id: 'test',
  active: true,
  unlimitedCredits: false,
  maxDurationSec: 30,
  maxSourceBytes: 100_000,
  maxConcurrentJobs: 4,
  retentionDays: 7,
  priority: 0,
  monthlyWebCredits: 0,
  monthlyApiCredits: 0,
};

async function testConfig(dataDir: string, options: HarnessOptions): Promise<Config> {
  const config = await loadConfig({ GAITWAY_DATA_DIR: dataDir, GAITWAY_LOG_LEVEL: 'silent', PORT: '0', PATH: process.env.PATH });
  const named = Object.entries(options.plans ?? {}).map(([id, changes]) => [id, { ...TEST_PLAN, id, ...changes }] as const);
  return {
    ...config,
    plans: { ...config.plans, test: TEST_PLAN, ...Object.fromEntries(named) },
    limits: { ...config.limits, requestsPerMinute: 1_000_000, ...options.limits },
    worker: { ...config.worker, tempDir: join(dataDir, 'temp'), concurrency: 2 },
  };
}

/** A worker in the process of a test must not be thought dead because the machine is busy. */
const HEARTBEAT_SEC = 600;

/** Links carry the public URL, which must be known before the port is: another process may take the port meanwhile. */
async function listenSomewhere(config: Config, connectionString: string): Promise<{ readonly service: Service; readonly config: Config }> {
  for (;;) {
    const port = await choosePort(0);
    const located = { ...config, port, publicUrl: `http://127.0.0.1:${port}` };
    const service = await createService({ config: located, connectionString, probe: fixtureProbe });
    try {
      await service.app.listen({ host: '127.0.0.1', port });
      return { service, config: located };
    } catch (error) {
      await service.close();
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}

export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gaitway-service-'));
  const database = await createTestDatabase('service', migrate);
  const { connectionString } = database;
  const prepared = await testConfig(dataDir, options);
  const limits = { ...prepared.limits };
  const { service, config } = await listenSomewhere({ ...prepared, limits }, connectionString);
  const url = config.publicUrl;
  await service.context.boss.updateQueue(SOLVE_QUEUE, { heartbeatSeconds: HEARTBEAT_SEC });
  const solver = createTestSolver();
  const worker = options.worker === false ? undefined : await startWorker({ config, connectionString, solver, probe: fixtureProbe });
  const { db } = service.context;
  return {
    url,
    connectionString,
    config,
    service,
    solver,
    async customer({ credits = 100, plan = 'test', key = {} } = {}) {
      const accountId = await createAccount(db, 'Customer', plan);
      await db.transaction().execute((trx) => book(trx, { accountId, pool: 'api', kind: 'grant', amount: credits }));
      return new ApiUser(url, (await createKey(db, { accountId, name: 'test', ...key })).key, accountId);
    },
    async withExpiredLinks(work) {
      const { uploadUrlSec, downloadUrlSec } = limits;
      Object.assign(limits, { uploadUrlSec: -1, downloadUrlSec: -1 });
      try {
        return await work();
      } finally {
        Object.assign(limits, { uploadUrlSec, downloadUrlSec });
      }
    },
    audit: () => audit(db),
    async stop() {
      await worker?.stop();
      await service.close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
