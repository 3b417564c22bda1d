/** Environment → config. The one module that knows names of variables; a wrong value ends the start with a sentence. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Config } from './config.ts';
import { DEFAULT_PLANS, parsePlans } from './plans.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The operator set something that cannot work; `message` is the sentence to print. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const whole = (fallback: number, min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,12}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(fallback);

const origin = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));

const VARIABLES = z.object({
  PORT: whole(8080, 0, 65_535),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
    .optional(),
  GAITWAY_DATA_DIR: z.string().default('./data'),
  GAITWAY_HOST: z.string().default('127.0.0.1'),
  GAITWAY_PUBLIC_URL: origin.optional(),
  GAITWAY_DATABASE_POOL: whole(10, 2, 200),
  GAITWAY_SIGNING_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  GAITWAY_CORS_ORIGINS: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean),
    )
    .pipe(z.array(origin))
    .default([]),
  GAITWAY_LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  GAITWAY_PLANS_FILE: z.string().optional(),
  GAITWAY_WORKER: z.enum(['on', 'off']).default('on'),
  GAITWAY_WORKER_CONCURRENCY: whole(1, 1, 64),
  GAITWAY_WORKER_ATTEMPTS: whole(3, 1, 5),
  GAITWAY_JOB_TIMEOUT_SEC: whole(3_600, 10, 86_400),
  GAITWAY_TEMP_DIR: z.string().optional(),
  GAITWAY_QUEUE_LENGTH: whole(1_000, 1, 1_000_000),
  GAITWAY_REQUESTS_PER_MINUTE: whole(600, 1, 1_000_000),
  GAITWAY_PROBE_TIMEOUT_SEC: whole(60, 1, 300),
  GAITWAY_DRAFT_EXPIRY_SEC: whole(86_400, 60, 2_592_000),
  GAITWAY_UPLOAD_URL_SEC: whole(3_600, 10, 86_400),
  GAITWAY_DOWNLOAD_URL_SEC: whole(900, 10, 86_400),
});

type Variables = z.infer<typeof VARIABLES>;

function parseVariables(environment: Environment): Variables {
  // An empty variable is an unset one.
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = VARIABLES.safeParse(set);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new ConfigError(`${path.join('.')} is not valid: ${message}.`);
}

/** Read from the data folder, or made there on the first start: signed URLs outlive a restart. */
async function keptSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'signing-secret');
  await mkdir(dataDir, { recursive: true });
  try {
    await writeFile(path, randomBytes(48).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw new ConfigError(`GAITWAY_DATA_DIR cannot be written: ${dataDir}.`);
  }
  const secret = await readFile(path, 'utf8');
  if (secret.length < 32) throw new ConfigError(`${path} is damaged; restore it, or delete it to get a new one.`);
  return secret;
}

async function readPlans(path: string | undefined): Promise<Config['plans']> {
  if (path === undefined) return DEFAULT_PLANS;
  try {
    return parsePlans(await readFile(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(`GAITWAY_PLANS_FILE is not valid: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

const BODY_BYTES = 256 * 1024;
const BODY_TIMEOUT_SEC = 15;
const IDEMPOTENCY_KEY_SEC = 86_400;

/** Enough to find programs, libraries and a temp folder. */
const CHILD_VARIABLES = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'LANG', 'LD_LIBRARY_PATH', 'SystemRoot', 'XDG_CACHE_HOME'];

const childEnvironment = (environment: Environment): Record<string, string> =>
  Object.fromEntries(CHILD_VARIABLES.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])));

export async function loadConfig(environment: Environment): Promise<Config> {
  const v = parseVariables(environment);
  const dataDir = resolve(v.GAITWAY_DATA_DIR);
  return {
    dataDir,
    host: v.GAITWAY_HOST,
    port: v.PORT,
    publicUrl: v.GAITWAY_PUBLIC_URL ?? `http://localhost:${v.PORT}`,
    database: v.DATABASE_URL ? { kind: 'url', url: v.DATABASE_URL } : { kind: 'embedded', dataDir: join(dataDir, 'postgres') },
    databasePoolSize: v.GAITWAY_DATABASE_POOL,
    signingSecret: v.GAITWAY_SIGNING_SECRET ?? (await keptSecret(dataDir)),
    corsOrigins: v.GAITWAY_CORS_ORIGINS,
    childEnvironment: childEnvironment(environment),
    logLevel: v.GAITWAY_LOG_LEVEL,
    plans: await readPlans(v.GAITWAY_PLANS_FILE),
    worker: {
      enabled: v.GAITWAY_WORKER === 'on',
      concurrency: v.GAITWAY_WORKER_CONCURRENCY,
      maxAttempts: v.GAITWAY_WORKER_ATTEMPTS,
      jobTimeoutSec: v.GAITWAY_JOB_TIMEOUT_SEC,
      tempDir: v.GAITWAY_TEMP_DIR ?? join(tmpdir(), 'gaitway'),
    },
    limits: {
      queueLength: v.GAITWAY_QUEUE_LENGTH,
      requestsPerMinute: v.GAITWAY_REQUESTS_PER_MINUTE,
      bodyBytes: BODY_BYTES,
      bodyTimeoutSec: BODY_TIMEOUT_SEC,
      probeTimeoutSec: v.GAITWAY_PROBE_TIMEOUT_SEC,
      draftExpirySec: v.GAITWAY_DRAFT_EXPIRY_SEC,
      uploadUrlSec: v.GAITWAY_UPLOAD_URL_SEC,
      downloadUrlSec: v.GAITWAY_DOWNLOAD_URL_SEC,
      idempotencyKeySec: IDEMPOTENCY_KEY_SEC,
    },
  };
}
