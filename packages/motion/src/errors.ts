/**
 * The one catalogue of everything that can go wrong, shared by the command line, the pipeline and the HTTP API.
 *
 * An entry says at which stage it happens, which HTTP status it answers with, whether the same request may succeed later
 * without a change, and, in one sentence, what the user can do.
 */

/** The stages an error can belong to (CONTRACT: problem+json `stage`). */
export type Stage = 'create' | 'upload' | 'validation' | 'admission' | 'preflight' | 'processing' | 'packaging' | 'download';

export interface ErrorEntry {
  readonly stage: Stage;
  readonly status: number;
  readonly retryable: boolean;
  /** A sentence for the user: what happened and what to do. */
  readonly message: string;
}

const entry = (stage: Stage, status: number, retryable: boolean, message: string): ErrorEntry => ({ stage, status, retryable, message });

export const ERRORS = {
  // Request fields (published codes).
  export_fps_invalid: entry('create', 400, false, 'exportFps must be 24, 30, 60 or 120.'),
  mocap_type_invalid: entry('create', 400, false, 'mocapType must be full_body or upper_body.'),
  api_target_ids_required: entry('create', 400, false, 'Name at least one target in targetIds.'),
  api_target_ids_too_many: entry('create', 400, false, 'A job takes at most 8 targets; split it into several jobs.'),
  api_target_unsupported: entry(
    'create',
    400,
    false,
    'This target does not exist or may not be used with this key; GET /api/v1/mocap/targets lists yours.',
  ),
  api_source_duration_invalid: entry(
    'validation',
    422,
    false,
    'The duration of the source is not usable; send a video with at least two frames.',
  ),
  api_trim_range_invalid: entry(
    'validation',
    422,
    false,
    'The trim range must lie inside the video and its end must come after its start.',
  ),
  api_duration_limit_exceeded: entry('validation', 422, false, 'The clip is longer than the plan allows; trim it or change the plan.'),
  api_file_size_limit_exceeded: entry('validation', 413, false, 'The file is larger than the plan allows; compress it or change the plan.'),
  api_concurrency_limit_exceeded: entry('admission', 429, true, 'Too many jobs are running for this account; wait for one to end.'),
  api_plan_inactive: entry('admission', 403, false, 'The plan of this account is not active.'),
  insufficient_api_v_credits: entry('admission', 402, false, 'There are not enough API v-credits for this clip; top up or trim it.'),
  // Request handling (ours).
  request_invalid: entry('create', 400, false, 'The request is not valid; the errors list names the fields.'),
  request_too_large: entry('create', 413, false, 'The request body is larger than allowed; only uploads may be large.'),
  api_key_invalid: entry('create', 401, false, 'Send a valid key as "Authorization: Bearer sk-…".'),
  api_key_scope_missing: entry('create', 403, false, 'This key does not have the scope for this operation.'),
  route_not_found: entry('create', 404, false, 'There is nothing at this address; see /docs.'),
  method_not_allowed: entry('create', 405, false, 'This address does not take this method; see /docs.'),
  job_not_found: entry('create', 404, false, 'There is no job with this id.'),
  job_state_invalid: entry('admission', 409, false, 'The job is not in a state that allows this.'),
  upload_expired: entry('upload', 403, true, 'The upload URL has expired or was altered; POST to upload-url for a new one.'),
  upload_incomplete: entry('upload', 400, true, 'The upload ended before all bytes had arrived; send it again.'),
  upload_checksum_mismatch: entry('upload', 422, true, 'The bytes that arrived do not have the announced sha256; send the file again.'),
  source_not_uploaded: entry('upload', 409, true, 'No file has been uploaded for this job yet; PUT it to uploadUrl first.'),
  source_replaced: entry('upload', 409, false, 'The source has been admitted already and cannot be replaced; create a new job.'),
  result_not_ready: entry('download', 409, true, 'The job has not ended yet; poll it until it has.'),
  artifact_not_found: entry('download', 404, false, 'This file does not exist or is no longer kept.'),
  download_expired: entry('download', 403, true, 'The download URL has expired or was altered; fetch the result again for a new one.'),
  idempotency_key_conflict: entry('create', 422, false, 'This Idempotency-Key was used with a different request; use a new key.'),
  idempotency_key_in_use: entry('create', 409, true, 'A request with this Idempotency-Key is still running; repeat it in a moment.'),
  rate_limited: entry('create', 429, true, 'Too many requests; wait for the time in Retry-After.'),
  queue_full: entry('admission', 503, true, 'The queue is full; wait for the time in Retry-After.'),
  service_unavailable: entry('create', 503, true, 'The service cannot answer right now; repeat the request in a moment.'),
  // The source.
  source_unreadable: entry('validation', 422, false, 'The file is not a video that can be read; send MP4, MOV, WebM, MKV, AVI or MPEG-TS.'),
  source_no_video: entry('validation', 422, false, 'The file has no moving picture; send a video.'),
  source_too_short: entry('validation', 422, false, 'The clip has fewer than two frames; send a longer one.'),
  source_too_large: entry(
    'validation',
    422,
    false,
    'The picture is larger than can be decoded safely; scale it down to 8192 × 8192 or less.',
  ),
  no_person_detected: entry(
    'preflight',
    422,
    false,
    'No person was found in the clip; film one person, well lit and at least a fifth of the picture high.',
  ),
  motion_unreadable: entry(
    'validation',
    422,
    false,
    'The file is not motion that can be read; send a BVH of a person, a robot_motion_json or a 36-column CSV.',
  ),
  fbx_unreadable: entry(
    'validation',
    422,
    false,
    'The file is not an FBX file that can be read; export it again as binary FBX 2014 or later.',
  ),
  // Options.
  option_invalid: entry('create', 400, false, 'An option has a value that is not allowed.'),
  // Our side and the machine's.
  output_unwritable: entry('packaging', 500, false, 'The output folder cannot be written; check that it exists, is yours and has room.'),
  decoder_missing: entry(
    'preflight',
    500,
    false,
    'ffmpeg was not found; install ffmpeg 5 or newer, or reinstall the dependencies to get the bundled one.',
  ),
  decoder_too_old: entry('preflight', 500, false, 'This ffmpeg is too old; install ffmpeg 4 or newer.'),
  decoder_failed: entry('processing', 500, true, 'ffmpeg stopped in the middle of the clip; try again, or re-encode the clip as H.264.'),
  decoder_timeout: entry('processing', 422, false, 'Decoding took longer than allowed; re-encode the clip as H.264 or trim it.'),
  model_missing: entry('preflight', 500, false, 'A model file is missing or damaged; reinstall the dependencies.'),
  runner_preflight_failed: entry('preflight', 500, true, 'The worker could not start on this clip; it is repeated automatically.'),
  processing_failed: entry('processing', 500, true, 'Something failed on our side while the motion was made; retry the job.'),
  packaging_failed: entry('packaging', 500, true, 'Something failed on our side while the files were written; retry the job.'),
  target_failed: entry('processing', 500, true, 'This target could not be made; the others are delivered.'),
  canceled: entry('processing', 409, false, 'The work was canceled.'),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

export interface ErrorOptions {
  /** Replaces the catalogue's sentence where a more exact one is known. Never holds internals (paths of the host, stack traces). */
  readonly message?: string;
  /** Overrides the stage where the same code can occur at several. */
  readonly stage?: Stage;
  /** Numbers and names a program can use, e.g. `{ needed: 12, available: 3 }`. */
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>;
  /** What happened underneath; for logs, never shown to users. */
  readonly cause?: unknown;
}

/** An error of the catalogue. Anything thrown that is not one of these is a bug of ours. */
export class GaitwayError extends Error {
  readonly code: ErrorCode;
  readonly stage: Stage;
  readonly status: number;
  readonly retryable: boolean;
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;

  constructor(code: ErrorCode, options: ErrorOptions = {}) {
    const catalogued = ERRORS[code];
    super(options.message ?? catalogued.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GaitwayError';
    this.code = code;
    this.stage = options.stage ?? catalogued.stage;
    this.status = catalogued.status;
    this.retryable = catalogued.retryable;
    this.facts = options.facts ?? {};
  }
}

export const isGaitwayError = (error: unknown): error is GaitwayError => error instanceof GaitwayError;
