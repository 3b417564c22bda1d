/** The seam between a worker and what turns a video into files; the pipeline in production, a fixture for test keys. */
export interface SolveRequest {
  readonly jobId: string;
  readonly sourcePath: string;
  readonly sourceFilename: string;
  /** The clip of an earlier attempt that got that far: the video is not looked at again but for the preview. */
  readonly clipPath?: string;
  readonly outDir: string;
  readonly targets: readonly { readonly id: string; readonly options: Readonly<Record<string, unknown>> }[];
  readonly quality: 'fast' | 'balanced' | 'accurate';
  readonly mocapType: 'full_body' | 'upper_body';
  readonly exportFps: number;
  readonly trimStartSec: number;
  readonly trimEndSec: number;
  readonly subject?: { readonly xPx: number; readonly yPx: number; readonly timeSec: number } | { readonly index: number };
  readonly subjectHeightM?: number;
  readonly cameraFovDeg?: number;
  readonly smoothing?: number;
  readonly footLock?: 'auto' | 'off' | 'strong';
  readonly vCredits: number;
}

export interface SolvedFile {
  /** null: belongs to the job as a whole. */
  readonly targetId: string | null;
  readonly role: 'file' | 'preview' | 'manifest' | 'clip';
  /** In `outDir`. */
  readonly name: string;
  readonly mediaType: string;
}

export interface Solved {
  /** In the order in which they are to be listed; the file a target's result type speaks of is its first. */
  readonly files: readonly SolvedFile[];
  readonly failedTargets: readonly { readonly targetId: string; readonly code: string; readonly message: string }[];
}

export type SolvePhase = 'preflight' | 'capturing' | 'solving' | 'retargeting' | 'packaging';

export interface SolveRunning {
  readonly signal: AbortSignal;
  readonly onProgress: (phase: SolvePhase, fraction: number) => void;
  /** The motion is solved and lies at this path; nothing has been delivered yet. */
  readonly onClip?: (path: string) => Promise<void>;
}

export interface Solver {
  solve(request: SolveRequest, running: SolveRunning): Promise<Solved>;
}
