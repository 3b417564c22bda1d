/** Everything an operator can choose, validated. Made by `loadConfig` from the environment; nothing else reads the environment. */
export type DatabaseConfig = { readonly kind: 'embedded'; readonly dataDir: string } | { readonly kind: 'url'; readonly url: string };

/** What an account may do. Plans are configuration: `0` credits and `null` limits mean what they say. */
export interface Plan {
  readonly id: string;
  readonly active: boolean;
  /** Nothing is reserved or charged: the owner of a self-hosted installation. */
  readonly unlimitedCredits: boolean;
  readonly maxDurationSec: number;
  readonly maxSourceBytes: number;
  readonly maxConcurrentJobs: number;
  readonly retentionDays: number;
  /** Higher runs first. */
  readonly priority: number;
  /** The web pool is raised to this once a month when below. */
  readonly monthlyWebCredits: number;
  /** The API pool is raised to this once a month when below. */
  readonly monthlyApiCredits: number;
}

export interface Config {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  /** Decides the host in every link, without a trailing slash. */
  readonly publicUrl: string;
  readonly database: DatabaseConfig;
  readonly databasePoolSize: number;
  /** Keys the signatures of upload and download URLs. */
  readonly signingSecret: string;
  readonly corsOrigins: readonly string[];
  /** What child processes that read hostile files get of our environment: no secrets. */
  readonly childEnvironment: Readonly<Record<string, string>>;
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
  readonly plans: Readonly<Record<string, Plan>>;
  readonly worker: {
    readonly enabled: boolean;
    readonly concurrency: number;
    /** Attempts a system fault is repeated before the job fails. */
    readonly maxAttempts: number;
    readonly jobTimeoutSec: number;
    readonly tempDir: string;
  };
  readonly limits: {
    readonly queueLength: number;
    readonly requestsPerMinute: number;
    readonly bodyBytes: number;
    /** Longest a JSON body may take to arrive. */
    readonly bodyTimeoutSec: number;
    readonly probeTimeoutSec: number;
    readonly draftExpirySec: number;
    readonly uploadUrlSec: number;
    readonly downloadUrlSec: number;
    readonly idempotencyKeySec: number;
  };
}
