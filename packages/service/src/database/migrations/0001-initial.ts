import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `create table accounts (
    id text primary key, name text not null, plan_id text not null, plan_active boolean not null default true,
    created_at timestamptz not null default now())`,
  `create table api_keys (
    id text primary key, account_id text not null references accounts on delete cascade, name text not null,
    sha256 text not null unique, prefix text not null, mode text not null check (mode in ('live', 'test')), scopes text[] not null,
    created_at timestamptz not null default now(), last_used_at timestamptz, revoked_at timestamptz)`,
  'create index api_keys_account on api_keys (account_id)',
  `create table jobs (
    id text primary key, account_id text not null references accounts, mode text not null, pool text not null check (pool in ('api', 'web')),
    status text not null check (status in ('draft', 'queued', 'processing', 'completed', 'failed', 'canceled')),
    phase text not null, last_stage text, progress double precision not null default 0 check (progress between 0 and 1),
    attempt integer not null default 1, runs integer not null default 0, run_token text, event_seq integer not null default 0,
    title text not null, source_filename text not null, mocap_type text not null, export_fps integer not null,
    target_ids text[] not null, options jsonb not null, metadata jsonb not null, warnings text[] not null,
    upload_key text not null, source_key text, source jsonb, clip_key text, source_sha256_wanted text,
    trim_start_sec double precision not null, trim_end_sec double precision,
    duration_ms integer not null default 0, v_credits integer not null default 0 check (v_credits >= 0),
    billing text not null default 'none' check (billing in ('none', 'reserved', 'settled', 'released', 'refunded')),
    queue_id uuid, error_code text, error_stage text, error_message text,
    created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
    queued_at timestamptz, started_at timestamptz, completed_at timestamptz, expires_at timestamptz not null)`,
  'create index jobs_account_newest on jobs (account_id, id desc)',
  `create index jobs_unfinished on jobs (queued_at) where status in ('queued', 'processing')`,
  'create index jobs_expiry on jobs (expires_at)',
  `create index jobs_newest_completed on jobs (completed_at desc) where status = 'completed'`,
  `create index jobs_waiting on jobs (account_id) where status = 'queued'`,
  `create table job_events (
    job_id text not null references jobs on delete cascade, seq integer not null, at timestamptz not null default now(),
    type text not null, phase text not null, status text not null, target_id text, code text, message text, primary key (job_id, seq))`,
  `create table job_outputs (
    job_id text not null references jobs on delete cascade, target_id text not null, position integer not null, result_type text not null,
    target_version integer, status text not null check (status in ('pending', 'completed', 'failed')), error_code text, error_message text,
    review jsonb, primary key (job_id, target_id))`,
  `create table artifacts (
    key text primary key, job_id text not null references jobs on delete cascade, target_id text, role text not null,
    position integer not null, name text not null, bytes bigint not null, sha256 text not null, media_type text not null)`,
  'create index artifacts_job on artifacts (job_id)',
  `create table slots (
    job_id text primary key references jobs on delete cascade, account_id text not null references accounts)`,
  'create index slots_account on slots (account_id)',
  `create table idempotency_keys (
    account_id text not null references accounts on delete cascade, key text not null, request_sha256 text not null, job_id text,
    status integer, body jsonb, claimed_until timestamptz not null, created_at timestamptz not null default now(), primary key (account_id, key))`,
  'create index idempotency_keys_age on idempotency_keys (created_at)',
  // A balance is never below zero and never loses a credit: what was issued is available, reserved or spent.
  `create table balances (
    account_id text not null references accounts on delete cascade, pool text not null check (pool in ('api', 'web')),
    issued integer not null default 0, available integer not null default 0 check (available >= 0),
    reserved integer not null default 0 check (reserved >= 0), spent integer not null default 0 check (spent >= 0),
    topped_up_month text, primary key (account_id, pool), check (issued = available + reserved + spent))`,
  `create table ledger_entries (
    id bigint generated always as identity primary key, account_id text not null, pool text not null, kind text not null
      check (kind in ('grant', 'reserve', 'settle', 'release', 'refund', 'adjust', 'expire')),
    debit text not null, credit text not null check (credit <> debit), amount integer not null check (amount > 0),
    job_id text, attempt integer, note text, reference text, at timestamptz not null default now(),
    check ((job_id is null) = (attempt is null)), unique (job_id, attempt, kind), unique (account_id, reference))`,
  'create index ledger_entries_account on ledger_entries (account_id, id desc)',
  // Append-only, whoever asks.
  `create function refuse_change() returns trigger language plpgsql as $$ begin raise exception 'the ledger is append-only'; end $$`,
  'create trigger ledger_append_only before update or delete on ledger_entries for each row execute function refuse_change()',
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
