import type { Caller } from '@gaitway/service/accounts/caller';
import { cancelJob, retryJob } from '@gaitway/service/jobs/commands';
import { UsageError } from '../../command.ts';
import { type Action, type AdminContext, oneOf, parseAction, wholeNumber } from './action.ts';

const STATUSES = ['draft', 'queued', 'processing', 'completed', 'failed', 'canceled'] as const;

const list: Action = {
  usage: 'jobs list [--status STATUS] [--account ACCOUNT] [--limit N]',
  summary: 'jobs, newest first',
  async run({ db }, args) {
    const { values } = parseAction(args, [], {
      status: { type: 'string' },
      account: { type: 'string' },
      limit: { type: 'string', default: '50' },
    });
    let query = db
      .selectFrom('jobs')
      .select(['id', 'account_id as account', 'status', 'phase', 'progress', 'attempt', 'runs', 'billing', 'v_credits as vCredits'])
      .select(['error_code as error', 'created_at as created']);
    if (values.status !== undefined) query = query.where('status', '=', oneOf('--status', values.status, STATUSES));
    if (values.account !== undefined) query = query.where('account_id', '=', values.account);
    return {
      rows: await query
        .orderBy('id', 'desc')
        .limit(wholeNumber('--limit', values.limit, 1, 10_000))
        .execute(),
    };
  },
};

/** The administrator acts in the name of the job's account. */
async function callerOf({ db }: AdminContext, jobId: string): Promise<Caller> {
  const job = await db.selectFrom('jobs').select(['account_id', 'mode', 'pool']).where('id', '=', jobId).executeTakeFirst();
  if (job === undefined) throw new UsageError(`There is no job "${jobId}".`);
  return { accountId: job.account_id, keyId: 'admin', mode: job.mode, pool: job.pool, scopes: [] };
}

const cancel: Action = {
  usage: 'jobs cancel JOB',
  summary: 'end a job that has not ended; what it has not used is given back',
  async run(context, args) {
    const [jobId] = parseAction(args, ['JOB'], {}).positionals;
    const job = await cancelJob(context.jobs, await callerOf(context, jobId), jobId);
    return { text: `${jobId} is ${job.status}.` };
  },
};

const requeue: Action = {
  usage: 'jobs requeue JOB',
  summary: 'the next attempt of a job that failed, whatever its error: you have mended what was wrong',
  async run(context, args) {
    const [jobId] = parseAction(args, ['JOB'], {}).positionals;
    const job = await retryJob(context.jobs, await callerOf(context, jobId), jobId, { mayPass: () => true });
    return { text: `${jobId} is ${job.status}, attempt ${job.attempt}.` };
  },
};

export const jobActions: readonly Action[] = [list, cancel, requeue];
