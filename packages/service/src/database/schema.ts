/**
 * The tables, as TypeScript sees them. Words used everywhere:
 * attempt = one try that is paid for; a retry by the caller begins the next one.
 * run = one delivery of an attempt to a worker; a worker that died leads to another run of the same attempt, and its token fences it off.
 * slot = a place under the account's concurrency limit, held from admission to the terminal state.
 */
import type { ColumnType, Generated, JSONColumnType, Kysely, Transaction } from 'kysely';

export type JobStatus = 'draft' | 'queued' | 'processing' | 'completed' | 'failed' | 'canceled';
export type JobPhase =
  | 'uploading'
  | 'uploaded'
  | 'validating'
  | 'queued'
  | 'preflight'
  | 'capturing'
  | 'solving'
  | 'retargeting'
  | 'packaging';
export type Pool = 'api' | 'web';
export type KeyMode = 'live' | 'test';
/** Where the money of the current attempt is. */
export type Billing = 'none' | 'reserved' | 'settled' | 'released' | 'refunded';
export type EntryKind = 'grant' | 'reserve' | 'settle' | 'release' | 'refund' | 'adjust' | 'expire';
/** `issued` and `spent` are the outside world: what was given and what was used. */
export type Bucket = 'issued' | 'available' | 'reserved' | 'spent';

type Moment = ColumnType<Date, Date | undefined, Date>;
type NullableMoment = ColumnType<Date | null, Date | null | undefined, Date | null>;

export interface AccountsTable {
  id: string;
  name: string;
  plan_id: string;
  plan_active: Generated<boolean>;
  created_at: Moment;
}

export interface ApiKeysTable {
  id: string;
  account_id: string;
  name: string;
  sha256: string;
  /** The first characters, so that a person can tell keys apart. */
  prefix: string;
  mode: KeyMode;
  scopes: string[];
  created_at: Moment;
  last_used_at: NullableMoment;
  revoked_at: NullableMoment;
}

export interface JobsTable {
  id: string;
  account_id: string;
  mode: KeyMode;
  pool: Pool;
  status: JobStatus;
  phase: JobPhase;
  last_stage: Generated<string | null>;
  progress: Generated<number>;
  attempt: Generated<number>;
  runs: Generated<number>;
  run_token: Generated<string | null>;
  event_seq: Generated<number>;
  title: string;
  source_filename: string;
  mocap_type: 'full_body' | 'upper_body';
  export_fps: number;
  target_ids: string[];
  options: JSONColumnType<Record<string, unknown>>;
  metadata: JSONColumnType<Record<string, unknown>>;
  warnings: string[];
  upload_key: string;
  source_key: Generated<string | null>;
  source: JSONColumnType<Record<string, unknown> | null, string | null | undefined, string | null>;
  clip_key: Generated<string | null>;
  source_sha256_wanted: string | null;
  trim_start_sec: number;
  trim_end_sec: number | null;
  duration_ms: Generated<number>;
  v_credits: Generated<number>;
  billing: Generated<Billing>;
  queue_id: Generated<string | null>;
  /** Of the message; higher is served first. */
  queue_priority: Generated<number>;
  error_code: Generated<string | null>;
  error_stage: Generated<string | null>;
  error_message: Generated<string | null>;
  created_at: Moment;
  updated_at: Moment;
  queued_at: NullableMoment;
  started_at: NullableMoment;
  completed_at: NullableMoment;
  expires_at: Date;
}

export interface JobEventsTable {
  job_id: string;
  seq: number;
  at: Moment;
  type: string;
  phase: JobPhase;
  status: JobStatus;
  target_id: string | null;
  code: string | null;
  message: string | null;
}

export interface JobOutputsTable {
  job_id: string;
  target_id: string;
  position: number;
  result_type: 'fbx' | 'robot_motion_json';
  target_version: number | null;
  status: 'pending' | 'completed' | 'failed';
  error_code: string | null;
  error_message: string | null;
  review: JSONColumnType<Record<string, unknown> | null, string | null | undefined, string | null>;
}

export interface ArtifactsTable {
  key: string;
  job_id: string;
  /** null: belongs to the job as a whole. */
  target_id: string | null;
  role: 'file' | 'preview' | 'manifest' | 'clip';
  position: number;
  name: string;
  bytes: number;
  sha256: string;
  media_type: string;
}

export interface SlotsTable {
  job_id: string;
  account_id: string;
}

export interface IdempotencyKeysTable {
  account_id: string;
  key: string;
  request_sha256: string;
  /** The job that a create made, written in the transaction that made it. */
  job_id: string | null;
  status: number | null;
  body: JSONColumnType<object | null, string | null | undefined, string | null>;
  claimed_until: Date;
  created_at: Moment;
}

export interface BalancesTable {
  account_id: string;
  pool: Pool;
  issued: Generated<number>;
  available: Generated<number>;
  reserved: Generated<number>;
  spent: Generated<number>;
  topped_up_month: Generated<string | null>;
}

export interface LedgerEntriesTable {
  id: Generated<number>;
  account_id: string;
  pool: Pool;
  kind: EntryKind;
  debit: Bucket;
  credit: Bucket;
  amount: number;
  job_id: string | null;
  attempt: number | null;
  note: string | null;
  /** Made by the caller: the same reference is booked once. */
  reference: string | null;
  at: Moment;
}

export interface Tables {
  accounts: AccountsTable;
  api_keys: ApiKeysTable;
  jobs: JobsTable;
  job_events: JobEventsTable;
  job_outputs: JobOutputsTable;
  artifacts: ArtifactsTable;
  slots: SlotsTable;
  idempotency_keys: IdempotencyKeysTable;
  balances: BalancesTable;
  ledger_entries: LedgerEntriesTable;
}

export type Db = Kysely<Tables>;
export type Trx = Transaction<Tables>;
