/** What must be true after all the killing, asked of the database and the store themselves. */
import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { audit } from '../src/credits/audit.ts';
import type { Db } from '../src/database/schema.ts';
import type { JobsContext } from '../src/jobs/context.ts';
import { sweepOrphans } from '../src/jobs/maintenance.ts';
import type { ObjectStore } from '../src/storage/object-store.ts';

/** One sentence a fault. */
export type Faults = readonly string[];

async function jobFaults(db: Db): Promise<string[]> {
  const jobs = await db.selectFrom('jobs').select(['id', 'status', 'billing', 'error_code']).where('status', '!=', 'draft').execute();
  return jobs.flatMap((job) => {
    if (job.status === 'completed') return job.billing === 'settled' ? [] : [`${job.id} is completed but its money is ${job.billing}`];
    return [`${job.id} is ${job.status} (${job.error_code ?? 'no code'})`];
  });
}

async function repeatedResults(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('job_events')
    .select((eb) => ['job_id', eb.fn.countAll<number>().as('count')] as const)
    .where('type', '=', 'job_completed')
    .groupBy('job_id')
    .having((eb) => eb.fn.countAll(), '>', 1)
    .execute();
  return rows.map((row) => `${row.job_id} was completed ${row.count} times`);
}

async function chargeFaults(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('jobs')
    .leftJoin('ledger_entries', (join) => join.onRef('ledger_entries.job_id', '=', 'jobs.id').on('kind', '=', 'settle'))
    .select(
      (eb) =>
        [
          'jobs.id',
          'v_credits',
          eb.fn.count<number>('ledger_entries.id').as('charges'),
          eb.fn.sum<string>('amount').as('charged'),
        ] as const,
    )
    .where('status', '=', 'completed')
    .groupBy(['jobs.id', 'v_credits'])
    .execute();
  return rows
    .filter((row) => row.charges !== 1 || Number(row.charged) !== row.v_credits)
    .map((row) => `${row.id} was charged ${row.charges} times`);
}

async function sha256Of(objects: ObjectStore, key: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline((await objects.read(key)).body, hash);
  return hash.digest('hex');
}

/** Every listed file is there with its bytes; after the sweeper nothing is there that no row speaks of. */
async function objectFaults(context: JobsContext): Promise<string[]> {
  await sweepOrphans(context, 0);
  const artifacts = await context.db.selectFrom('artifacts').select(['key', 'sha256']).execute();
  const sources = await context.db.selectFrom('jobs').select('source_key').where('source_key', 'is not', null).execute();
  const faults: string[] = [];
  for (const { key, sha256 } of artifacts) {
    const stored = await sha256Of(context.objects, key).catch(() => 'nothing');
    if (stored !== sha256) faults.push(`${key} is listed with ${sha256} but holds ${stored}`);
  }
  const drafts = await context.db.selectFrom('jobs').select('upload_key').where('status', '=', 'draft').execute();
  const wanted = new Set([
    ...artifacts.map((row) => row.key),
    ...sources.map((row) => row.source_key),
    ...drafts.map((row) => row.upload_key),
  ]);
  for await (const object of context.objects.list('')) if (!wanted.has(object.key)) faults.push(`${object.key} belongs to nothing`);
  return faults;
}

export async function verify(context: JobsContext): Promise<Faults> {
  const { db } = context;
  const books = await audit(db);
  return [
    ...(await jobFaults(db)),
    ...(await repeatedResults(db)),
    ...(await chargeFaults(db)),
    ...books.faults,
    ...(await objectFaults(context)),
  ];
}
