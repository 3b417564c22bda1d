/** What travels between a client and the service: CONTRACT names, times as RFC 3339 text, durations in seconds. */

export type JobStatus = 'draft' | 'queued' | 'processing' | 'completed' | 'failed' | 'canceled';
export type MocapType = 'full_body' | 'upper_body';
export type ResultType = 'fbx' | 'robot_motion_json';

export interface CreateJobRequest {
  readonly sourceFilename: string;
  /** `default`, `unitree_g1`, `avatar:{id}`; at most 8. */
  readonly targetIds: readonly string[];
  readonly title?: string;
  readonly sourceBytes?: number;
  readonly sourceDurationSec?: number;
  /** Lower-case hex; the upload must have it. */
  readonly sourceSha256?: string;
  readonly trimStartSec?: number;
  readonly trimEndSec?: number;
  readonly exportFps?: 24 | 30 | 60 | 120;
  readonly mocapType?: MocapType;
  readonly quality?: 'fast' | 'balanced' | 'accurate';
  /** Whose motion, when several people are seen: pixels of the upright picture at a time of the video. */
  readonly subject?: { readonly xPx: number; readonly yPx: number; readonly timeSec: number } | { readonly index: number };
  readonly subjectHeightM?: number;
  readonly footLock?: 'auto' | 'off' | 'strong';
  /** 0..1 */
  readonly smoothing?: number;
  readonly cameraFovDeg?: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Options by target, e.g. `{ default: { rootMotion: 'in-place' } }`. */
  readonly targetOptions?: Readonly<Record<string, unknown>>;
}

export interface CreatedJob {
  readonly jobId: string;
  readonly status: 'draft';
  readonly mocapType: MocapType;
  readonly uploadUrl: string;
  readonly sourceKey: string;
  readonly uploadExpiresAt: string;
  readonly estimate?: { readonly vCredits: number | null } | null;
  readonly warnings?: readonly string[];
}

export interface JobEvent {
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly phase: string;
  readonly status: JobStatus;
  readonly targetId?: string;
  readonly code?: string;
  readonly message?: string;
}

export interface JobError {
  readonly code: string;
  readonly stage: string;
  readonly message: string;
  readonly retryable: boolean;
}

export interface Job {
  readonly id: string;
  readonly status: JobStatus;
  readonly targetIds: readonly string[];
  readonly title?: string;
  readonly phase?: string | null;
  readonly lastStage?: string | null;
  /** 0..1 */
  readonly progress?: number;
  readonly queuePosition?: number | null;
  readonly etaSec?: number | null;
  readonly pollAfterSec?: number;
  readonly attempt?: number;
  readonly errorCode?: string | null;
  readonly error?: JobError | null;
  readonly createdAt?: string;
  readonly updatedAt?: string;
  readonly completedAt?: string | null;
}

export interface JobSnapshot {
  readonly job: Job;
  /** The newest 50. */
  readonly events: readonly JobEvent[];
  readonly result: JobResult | null;
}

export interface ResultFile {
  readonly name: string;
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly mediaType: string;
}

export interface TargetOutput {
  readonly targetId: string;
  readonly resultType: ResultType;
  readonly status: 'completed' | 'failed';
  readonly targetVersion?: number | null;
  readonly fbxUrl?: string;
  readonly motionJsonUrl?: string;
  readonly files: readonly ResultFile[];
  readonly error?: { readonly code: string; readonly message: string };
}

export interface JobResult {
  readonly jobId: string;
  readonly status: JobStatus;
  readonly targetId: string;
  readonly resultType: ResultType;
  readonly fbxUrl?: string | null;
  readonly motionJsonUrl?: string | null;
  readonly previewVideoUrl?: string | null;
  readonly manifestUrl?: string | null;
  readonly errorCode?: string | null;
  readonly stage?: string | null;
  readonly outputs: readonly TargetOutput[];
  /** Files of the whole job: preview film, manifest. */
  readonly files?: readonly ResultFile[];
}

/** Where a job is after something was asked of it. */
export interface JobState {
  readonly jobId: string;
  readonly status: JobStatus;
  readonly attempt?: number;
  readonly vCredits?: number | null;
  readonly errorCode?: string | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Give it to the next call; null at the end. */
  readonly nextCursor: string | null;
}

export interface QuoteRequest {
  readonly sourceDurationSec: number;
  readonly trimStartSec?: number;
  readonly trimEndSec?: number;
}

export interface Quote {
  readonly vCredits: number;
  /** 0 for test keys and unlimited plans. */
  readonly charged: number;
  readonly available: number;
  readonly sufficient: boolean;
}

export interface TargetInfo {
  readonly id: string;
  readonly name: string;
  readonly resultType: ResultType;
  readonly version: number | null;
  readonly limitations: string | null;
  readonly fallback: string | null;
}

export interface Balance {
  readonly available: number;
  readonly reserved: number;
  readonly spent: number;
}

export interface Credits {
  readonly api: Balance;
  readonly web: Balance;
  readonly plan: string;
  readonly unlimited: boolean;
}

export interface CreditEntry {
  readonly id: number;
  readonly at: string;
  readonly pool: 'api' | 'web';
  readonly kind: 'grant' | 'reserve' | 'settle' | 'release' | 'refund' | 'adjust' | 'expire';
  readonly amount: number;
  readonly availableChange: number;
  readonly jobId: string | null;
  readonly attempt: number | null;
  readonly note: string | null;
}

export interface Review {
  readonly targetId: string;
  readonly verdict: 'approved' | 'rejected';
  readonly reason?: string;
  readonly cleanupNotes?: string;
}

export const isTerminal = (status: JobStatus): boolean => status === 'completed' || status === 'failed' || status === 'canceled';
