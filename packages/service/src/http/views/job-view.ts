import { ERRORS } from '@gaitway/motion/errors';
import { z } from 'zod';
import type { JobEvent } from '../../jobs/events.ts';
import type { Forecast } from '../../jobs/forecast.ts';
import type { JobRow } from '../../jobs/rows.ts';

const moment = z.iso.datetime();
export const statusSchema = z.enum(['draft', 'queued', 'processing', 'completed', 'failed', 'canceled']);

export const jobSchema = z
  .object({
    id: z.string(),
    status: statusSchema,
    targetIds: z.array(z.string()),
    title: z.string(),
    sourceFilename: z.string(),
    mocapType: z.enum(['full_body', 'upper_body']),
    exportFps: z.int(),
    phase: z.string(),
    lastStage: z.string().nullable(),
    progress: z.number().min(0).max(1),
    attempt: z.int().meta({ description: 'Begins at 1; a retry by the caller begins the next.' }),
    runs: z.int().meta({ description: 'Times this attempt was given to a worker.' }),
    queuePosition: z.int().nullable(),
    etaSec: z.number().nullable(),
    pollAfterSec: z.number(),
    trimStartSec: z.number(),
    trimEndSec: z.number().nullable(),
    durationSec: z.number().nullable(),
    vCredits: z.int().nullable(),
    billing: z.enum(['none', 'reserved', 'settled', 'released', 'refunded']),
    testMode: z.boolean(),
    source: z.record(z.string(), z.unknown()).nullable(),
    error: z.object({ code: z.string(), stage: z.string(), message: z.string(), retryable: z.boolean() }).nullable(),
    errorCode: z.string().nullable(),
    metadata: z.record(z.string(), z.unknown()),
    warnings: z.array(z.string()),
    createdAt: moment,
    updatedAt: moment,
    queuedAt: moment.nullable(),
    startedAt: moment.nullable(),
    completedAt: moment.nullable(),
    expiresAt: moment,
  })
  .meta({ id: 'Job' });

export type JobView = z.infer<typeof jobSchema>;

const time = (date: Date | null): string | null => date?.toISOString() ?? null;

export function errorView(job: JobRow): JobView['error'] {
  if (job.error_code === null) return null;
  const catalogued = ERRORS[job.error_code as keyof typeof ERRORS];
  return {
    code: job.error_code,
    stage: job.error_stage ?? catalogued.stage,
    message: job.error_message ?? catalogued.message,
    retryable: catalogued.retryable,
  };
}

export function jobView(job: JobRow, { queuePosition, etaSec, pollAfterSec }: Forecast): JobView {
  return {
    id: job.id,
    status: job.status,
    targetIds: job.target_ids,
    title: job.title,
    sourceFilename: job.source_filename,
    mocapType: job.mocap_type,
    exportFps: job.export_fps,
    phase: job.phase,
    lastStage: job.last_stage,
    progress: job.progress,
    attempt: job.attempt,
    runs: job.runs,
    queuePosition,
    etaSec,
    pollAfterSec,
    trimStartSec: job.trim_start_sec,
    trimEndSec: job.trim_end_sec,
    durationSec: job.duration_ms === 0 ? null : job.duration_ms / 1000,
    vCredits: job.v_credits === 0 ? null : job.v_credits,
    billing: job.billing,
    testMode: job.mode === 'test',
    source: job.source,
    error: errorView(job),
    errorCode: job.error_code,
    metadata: job.metadata,
    warnings: job.warnings,
    createdAt: job.created_at.toISOString(),
    updatedAt: job.updated_at.toISOString(),
    queuedAt: time(job.queued_at),
    startedAt: time(job.started_at),
    completedAt: time(job.completed_at),
    expiresAt: job.expires_at.toISOString(),
  };
}

export const eventSchema = z
  .object({
    seq: z.int(),
    at: moment,
    type: z.string(),
    phase: z.string(),
    status: statusSchema,
    targetId: z.string().optional(),
    code: z.string().optional(),
    message: z.string().optional(),
  })
  .meta({ id: 'JobEvent' });

export const eventView = (event: JobEvent): z.infer<typeof eventSchema> => ({
  seq: event.seq,
  at: event.at.toISOString(),
  type: event.type,
  phase: event.phase,
  status: event.status,
  ...(event.target_id !== null && { targetId: event.target_id }),
  ...(event.code !== null && { code: event.code }),
  ...(event.message !== null && { message: event.message }),
});
