/** Place in the queue and time to the end, from what recent jobs really took. */
import { sql } from 'kysely';
import type { Db } from '../database/schema.ts';
import type { JobRow } from './rows.ts';
import { isTerminal } from './states.ts';

export interface Forecast {
  /** 1 = next; null when not waiting. */
  readonly queuePosition: number | null;
  /** null until jobs have been measured. */
  readonly etaSec: number | null;
  readonly pollAfterSec: number;
}

/** Seconds of work per second of clip over the newest jobs; null before the first. */
export async function measuredPace(db: Db): Promise<number | null> {
  const { rows } = await sql<{ pace: number | null }>`
    select sum(extract(epoch from completed_at - started_at))::float8 / nullif(sum(duration_ms) / 1000.0, 0)::float8 as pace
    from (select completed_at, started_at, duration_ms from jobs where status = 'completed' and started_at is not null
          order by completed_at desc limit 20) newest`.execute(db);
  return rows[0].pace;
}

interface Ahead {
  readonly jobs: number;
  readonly clipSec: number;
}

/** What runs, and what waits and is served before: in the order of the queue, by priority and then by arrival. */
async function workAhead(db: Db, job: JobRow): Promise<Ahead> {
  const { rows } = await sql<Ahead>`
    select count(*) filter (where status = 'queued')::int as jobs,
      coalesce(sum(duration_ms * (1 - progress)), 0)::float8 / 1000 as "clipSec"
    from jobs where id <> ${job.id} and (status = 'processing' or (status = 'queued'
      and (-queue_priority, queued_at, id) < (${-job.queue_priority}::int, ${job.queued_at}::timestamptz, ${job.id})))`.execute(db);
  return rows[0];
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Often when near the end, seldom when far from it. */
const pollAfter = (etaSec: number | null): number => (etaSec === null ? 2 : clamp(Math.ceil(etaSec / 10), 1, 15));

export async function forecast(db: Db, job: JobRow, workers: number, pace: number | null): Promise<Forecast> {
  if (isTerminal(job.status) || job.status === 'draft')
    return { queuePosition: null, etaSec: null, pollAfterSec: job.status === 'draft' ? 5 : 0 };
  const ownSec = (job.duration_ms / 1000) * (1 - job.progress);
  const ahead = job.status === 'queued' ? await workAhead(db, job) : { jobs: 0, clipSec: 0 };
  const etaSec = pace === null ? null : Math.ceil((ahead.clipSec / workers + ownSec) * pace);
  return { queuePosition: job.status === 'queued' ? ahead.jobs + 1 : null, etaSec, pollAfterSec: pollAfter(etaSec) };
}

const PACE_LIFETIME_MS = 10_000;

/** The pace, asked of the database at most every ten seconds. */
export function pacer(db: Db, now: () => number = Date.now): () => Promise<number | null> {
  let known: { pace: Promise<number | null>; until: number } | undefined;
  return () => {
    if (known === undefined || known.until < now()) known = { pace: measuredPace(db), until: now() + PACE_LIFETIME_MS };
    const { pace } = known;
    pace.catch(() => {
      known = undefined;
    });
    return pace;
  };
}
