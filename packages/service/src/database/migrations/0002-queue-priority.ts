import { type Kysely, sql } from 'kysely';

/** What a job's message was sent with, beside the job: its place in the queue is asked for with every poll. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table jobs add column queue_priority integer not null default 0`.execute(db);
}
