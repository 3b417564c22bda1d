/** Proves the books: what the entries sum to is what the balances say, and what each job says of its money is what was booked for it. */
import { sql } from 'kysely';
import type { Db } from '../database/schema.ts';

export interface AuditReport {
  readonly clean: boolean;
  readonly accounts: number;
  readonly entries: number;
  /** One sentence a fault, at most 100. */
  readonly faults: readonly string[];
}

const BALANCE_FAULTS = sql<{ fault: string }>`
  with sides as (
    select account_id, pool, debit as bucket, -amount as change from ledger_entries
    union all select account_id, pool, credit, amount from ledger_entries
  ), sums as (
    select account_id, pool,
      -coalesce(sum(change) filter (where bucket = 'issued'), 0) as issued,
      coalesce(sum(change) filter (where bucket = 'available'), 0) as available,
      coalesce(sum(change) filter (where bucket = 'reserved'), 0) as reserved,
      coalesce(sum(change) filter (where bucket = 'spent'), 0) as spent
    from sides group by account_id, pool
  )
  select format('account %s, pool %s: entries and balance differ', coalesce(b.account_id, s.account_id), coalesce(b.pool, s.pool)) as fault
  from balances b full join sums s using (account_id, pool)
  where (coalesce(b.issued, 0), coalesce(b.available, 0), coalesce(b.reserved, 0), coalesce(b.spent, 0))
    is distinct from (coalesce(s.issued, 0), coalesce(s.available, 0), coalesce(s.reserved, 0), coalesce(s.spent, 0))
  limit 50`;

/**
 * An attempt that retries the failed targets of a paid job books nothing: what the job says of its money is about its newest booked attempt.
 * Per (job, attempt): reserved − settled − released must be open only while the job runs; settled − refunded only where the job was kept.
 */
const JOB_FAULTS = sql<{ fault: string }>`
  with money as (
    select job_id, attempt,
      coalesce(sum(amount) filter (where kind = 'reserve'), 0) as reserve, coalesce(sum(amount) filter (where kind = 'settle'), 0) as settle,
      coalesce(sum(amount) filter (where kind = 'release'), 0) as release, coalesce(sum(amount) filter (where kind = 'refund'), 0) as refund,
      max(attempt) over (partition by job_id) as last
    from ledger_entries where job_id is not null group by job_id, attempt
  )
  select format('job %s, attempt %s: says %s, booked reserve %s, settle %s, release %s, refund %s',
    j.id, m.attempt, j.billing, coalesce(reserve, 0), coalesce(settle, 0), coalesce(release, 0), coalesce(refund, 0)) as fault
  from jobs j left join money m on m.job_id = j.id
  where not case
    when m.job_id is null then j.billing = 'none'
    when m.attempt <> m.last or (m.last <> j.attempt and j.billing <> 'settled') then reserve = settle + release and settle = refund
    when j.billing = 'none' then reserve = 0
    when j.billing = 'reserved' then reserve > 0 and settle + release + refund = 0 and j.status in ('queued', 'processing')
    when j.billing = 'settled' then settle > 0 and reserve = settle + release and refund = 0
    when j.billing = 'released' then reserve = release and settle + refund = 0
    when j.billing = 'refunded' then reserve = settle + release and settle = refund
    else false end
  limit 50`;

export async function audit(db: Db): Promise<AuditReport> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      const balances = await BALANCE_FAULTS.execute(trx);
      const jobs = await JOB_FAULTS.execute(trx);
      const counted = await sql<{ accounts: number; entries: number }>`
        select (select count(*) from accounts) as accounts, (select count(*) from ledger_entries) as entries`.execute(trx);
      const faults = [...balances.rows, ...jobs.rows].map((row) => row.fault);
      return { clean: faults.length === 0, ...counted.rows[0], faults };
    });
}
