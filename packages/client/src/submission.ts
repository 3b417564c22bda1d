/**
 * From a video to a result, resumable: kill the process anywhere, call again with the same state, and no job is made or charged twice.
 *
 * The one thing that must be saved before anything is sent is the idempotency key: a create whose answer was lost is then repeated, not
 * doubled. All else can be asked of the server.
 */
import type { GaitwayClient } from './client.ts';
import { ApiError } from './errors.ts';
import type { UploadBody } from './transfer.ts';
import { type CreateJobRequest, isTerminal, type JobResult, type JobSnapshot } from './wire-types.ts';

export interface SubmissionState {
  readonly version: 1;
  readonly idempotencyKey: string;
  readonly jobId: string | null;
}

export interface Submission {
  readonly request: CreateJobRequest;
  readonly source: UploadBody;
  readonly mediaType?: string;
  /** What `save` was last given for this very request and source; null: begin. */
  readonly state: SubmissionState | null;
  /** Must have stored it when it resolves. */
  save(state: SubmissionState): Promise<void>;
  readonly onStage?: (stage: 'create' | 'upload' | 'admit' | 'wait', jobId: string | null) => void;
  readonly onUpload?: (sentBytes: number, totalBytes: number) => void;
  readonly onUpdate?: (snapshot: JobSnapshot) => void;
  readonly signal?: AbortSignal;
}

export interface SubmissionEnd {
  readonly snapshot: JobSnapshot;
  readonly result: JobResult;
}

async function createOnce(client: GaitwayClient, submission: Submission): Promise<string> {
  submission.onStage?.('create', null);
  const idempotencyKey = submission.state?.idempotencyKey ?? crypto.randomUUID();
  await submission.save({ version: 1, idempotencyKey, jobId: null });
  const { jobId } = await client.createJob(submission.request, { idempotencyKey, signal: submission.signal });
  await submission.save({ version: 1, idempotencyKey, jobId });
  return jobId;
}

/** The job of an earlier run, unless it has expired or been deleted meanwhile. */
async function findEarlier(client: GaitwayClient, submission: Submission): Promise<JobSnapshot | null> {
  const jobId = submission.state?.jobId ?? null;
  if (jobId === null) return null;
  try {
    return await client.getJob(jobId, { signal: submission.signal });
  } catch (error) {
    if (error instanceof ApiError && error.code === 'job_not_found') return null;
    throw error;
  }
}

async function uploadAndAdmit(client: GaitwayClient, submission: Submission, jobId: string): Promise<void> {
  const { signal } = submission;
  submission.onStage?.('upload', jobId);
  const { uploadUrl } = await client.renewUploadUrl(jobId, { signal });
  await client.upload(uploadUrl, submission.source, { mediaType: submission.mediaType, onProgress: submission.onUpload, signal });
  submission.onStage?.('admit', jobId);
  await client.completeUpload(jobId, { signal });
}

async function admit(client: GaitwayClient, submission: Submission, snapshot: JobSnapshot): Promise<void> {
  const { id, status, phase } = snapshot.job;
  if (status !== 'draft') return;
  if (phase !== 'uploaded' && phase !== 'validating') return uploadAndAdmit(client, submission, id);
  try {
    submission.onStage?.('admit', id);
    await client.completeUpload(id, { signal: submission.signal });
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'source_not_uploaded')) throw error;
    await uploadAndAdmit(client, submission, id);
  }
}

/** A file that the server refuses ends the job: that is a result, not a failure of the submission. */
async function admitOrEnd(client: GaitwayClient, submission: Submission, snapshot: JobSnapshot): Promise<JobSnapshot> {
  try {
    await admit(client, submission, snapshot);
    return snapshot;
  } catch (error) {
    if (!(error instanceof ApiError) || error.retryable) throw error;
    const now = await client.getJob(snapshot.job.id, { signal: submission.signal });
    if (!isTerminal(now.job.status)) throw error;
    return now;
  }
}

export async function submit(client: GaitwayClient, submission: Submission): Promise<SubmissionEnd> {
  const { signal } = submission;
  let snapshot = await findEarlier(client, submission);
  if (snapshot === null) {
    const isLost = submission.state !== null && submission.state.jobId !== null;
    const jobId = await createOnce(client, isLost ? { ...submission, state: null } : submission);
    snapshot = await client.getJob(jobId, { signal });
  }
  snapshot = await admitOrEnd(client, submission, snapshot);
  if (!isTerminal(snapshot.job.status)) {
    submission.onStage?.('wait', snapshot.job.id);
    snapshot = await client.waitForJob(snapshot.job.id, { signal, onUpdate: submission.onUpdate });
  }
  return { snapshot, result: await client.result(snapshot.job.id, { signal }) };
}
