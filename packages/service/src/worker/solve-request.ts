import type { JobRow } from '../jobs/rows.ts';
import type { SolveRequest } from './solver.ts';

/** Options of a job as they were validated and stored at create. */
type StoredOptions = Partial<
  Pick<SolveRequest, 'quality' | 'subject' | 'subjectHeightM' | 'cameraFovDeg' | 'smoothing' | 'footLock'> & {
    readonly targetOptions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  }
>;

export function solveRequestOf(job: JobRow, sourcePath: string, outDir: string): SolveRequest {
  const { targetOptions = {}, quality = 'balanced', ...rest } = job.options as StoredOptions;
  return {
    jobId: job.id,
    sourcePath,
    sourceFilename: job.source_filename,
    outDir,
    targets: job.target_ids.map((id) => ({ id, options: Object.hasOwn(targetOptions, id) ? targetOptions[id] : {} })),
    quality,
    mocapType: job.mocap_type,
    exportFps: job.export_fps,
    trimStartSec: job.trim_start_sec,
    trimEndSec: job.trim_end_sec ?? 0,
    vCredits: job.billing === 'none' ? 0 : job.v_credits,
    ...rest,
  };
}
