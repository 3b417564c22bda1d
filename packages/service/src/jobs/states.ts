import type { JobStatus } from '../database/schema.ts';

/** The life of a job. `failed → queued` is a retry by the caller, `processing → queued` a hand-back by a worker that stops. */
const NEXT: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  draft: ['queued', 'failed', 'canceled'],
  queued: ['processing', 'failed', 'canceled'],
  processing: ['processing', 'queued', 'completed', 'failed', 'canceled'],
  completed: [],
  failed: ['queued'],
  canceled: [],
};

export const mayBecome = (from: JobStatus, to: JobStatus): boolean => NEXT[from].includes(to);

export const isTerminal = (status: JobStatus): boolean => status === 'completed' || status === 'failed' || status === 'canceled';
