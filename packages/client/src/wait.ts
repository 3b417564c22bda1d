/** Waiting for a job: at the server's pace, through outages, until a terminal state. */
import { WaitTimeoutError } from './errors.ts';
import { isWorthRepeating, sleep } from './retry.ts';
import { isTerminal, type JobSnapshot } from './wire-types.ts';

export interface WaitOptions {
  readonly signal?: AbortSignal;
  /** Told after every poll. */
  readonly onUpdate?: (snapshot: JobSnapshot) => void;
  /** Default: as long as it takes. */
  readonly timeoutSec?: number;
  /** How long the server may be unreachable before that is an error; default 300 s. */
  readonly maxOutageSec?: number;
}

const DEFAULT_POLL_SEC = 2;
const MIN_POLL_SEC = 0.2;
const MAX_POLL_SEC = 30;
const DEFAULT_OUTAGE_SEC = 300;

const pollWaitMs = (snapshot: JobSnapshot | null): number =>
  1000 * Math.min(MAX_POLL_SEC, Math.max(MIN_POLL_SEC, snapshot?.job.pollAfterSec ?? DEFAULT_POLL_SEC));

export async function waitForJob(poll: (signal?: AbortSignal) => Promise<JobSnapshot>, options: WaitOptions): Promise<JobSnapshot> {
  const startMs = Date.now();
  const outageMs = 1000 * (options.maxOutageSec ?? DEFAULT_OUTAGE_SEC);
  const deadlineMs = startMs + 1000 * (options.timeoutSec ?? Number.POSITIVE_INFINITY);
  let answeredMs = startMs;
  let last: JobSnapshot | null = null;
  for (;;) {
    try {
      last = await poll(options.signal);
      answeredMs = Date.now();
      options.onUpdate?.(last);
      if (isTerminal(last.job.status)) return last;
    } catch (error) {
      if (!isWorthRepeating(error) || Date.now() - answeredMs > outageMs) throw error;
    }
    const waitMs = pollWaitMs(last);
    if (Date.now() + waitMs > deadlineMs) throw new WaitTimeoutError('The job has not ended within the time given; it goes on.');
    await sleep(waitMs, options.signal);
  }
}
