import type { JobStatus } from '../database/schema.ts';

/**
 * The life of a job. `failed → queued` is a retry by the caller (`completed → queued` where targets had failed alone), `processing → queued`
 * a hand-back by a worker that stops. A retry of a completed job ends completed, whatever happens to it.
 */
const NEXT: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  draft: ['queued', 'failed', 'canceled'],
  queued: ['processing', 'completed', 'failed', 'canceled'],
  processing: ['processing', 'queued', 'completed', 'failed', 'canceled'],
  completed: ['queued'],
  failed: ['queued'],
  canceled: [],
};

export const mayBecome = (from: JobStatus, to: JobStatus): boolean => NEXT[from].includes(to);

export const isTerminal = (status: JobStatus): boolean => status === 'completed' || status === 'failed' || status === 'canceled';
