import type { Quality } from '@gaitway/capture/models/model-files';
import { checkSolveOptions, SOLVE_DEFAULTS, type SolveOptions } from '@gaitway/capture/solve/solve-options';
import type { SubjectChoice } from '@gaitway/capture/tracking/subject';
import { type FfmpegTools, locateFfmpeg } from '@gaitway/capture/video/ffmpeg';
import { throwIfAborted } from '@gaitway/motion/abort';
import { encodeClip } from '@gaitway/motion/clip-file';
import { type DeliveryOptions, deliverClip, type ExtraFiles, type ProcessResult } from './deliver-clip.ts';
import type { ClipOrigin, Trim } from './manifest.ts';
import { onVideoClock, sourceWarnings } from './origin.ts';
import { CLIP_MEDIA_TYPE, CLIP_NAME, OutputFolder } from './output-folder.ts';
import type { PreviewInput } from './preview-stage.ts';
import { ProgressReporter, type Running } from './progress.ts';
import { sharedOptions } from './shared-options.ts';
import { StageTimer } from './stage-timer.ts';
import { type PreparedTarget, prepareTargets } from './target-registry.ts';

export interface ProcessVideoOptions extends DeliveryOptions {
  readonly sourcePath: string;
  /** The name to show and store; the file's own when left out. */
  readonly sourceFilename?: string;
  readonly quality: Quality;
  readonly mocapType: SolveOptions['mocapType'];
  /** Seconds from the start of the video; the whole of it when left out. */
  readonly trimStartSec?: number;
  readonly trimEndSec?: number;
  /**
   * Whose motion it is when several people are seen: where they are (pixels of the upright picture) at a time of the video, seconds,
   * or their number in the manifest's list of people.
   */
  readonly subject?: SubjectChoice;
  /** Refuse to work on more than this with `api_duration_limit_exceeded`, before anything is decoded; ten minutes when left out. */
  readonly maxDurationSec?: number;
  readonly subjectHeightM?: number;
  readonly cameraFovDeg?: number;
  readonly smoothing?: number;
  readonly footLock?: SolveOptions['footLock'];
  /** Given the encoded clip before anything is delivered: what a retry starts from when delivering fails. */
  readonly keepClip?: (bytes: Uint8Array) => Promise<void>;
}

/**
 * The main job from end to end: a video goes in; the files of every target, `motion.clip`, `preview.mp4` and `manifest.json` come
 * out in `outDir`, all of them or none. A target that fails alone is named in `failedTargets`; when none can be made, the call
 * rejects with the first one's error. Rejects with `GaitwayError` for everything a user can mend.
 */
export async function processVideo(options: ProcessVideoOptions, running: Running = {}): Promise<ProcessResult> {
  const targets = prepareTargets(options.targets, sharedOptions(options));
  checkSolveOptions({ ...SOLVE_DEFAULTS, ...solveOptions(options) });
  throwIfAborted(running.signal);
  return OutputFolder.use(options.outDir, (output) => run(options, targets, output, running));
}

async function run(
  options: ProcessVideoOptions,
  preparedTargets: readonly PreparedTarget[],
  output: OutputFolder,
  running: Running,
): Promise<ProcessResult> {
  const { signal } = running;
  const progress = new ProgressReporter(running);
  const timer = new StageTimer();
  progress.report('preflight', 0, 1, false);
  // Code is loaded while others work: the capture's while ffmpeg says its version, the rest once all wait for the networks.
  const loadRest = () => Promise.all([import('./solve-stage.ts'), ...preparedTargets.map((target) => target.load())]);
  const locating = locateFfmpeg(options);
  const capturing = import('./capture-stage.ts').then(({ watchVideo }) =>
    watchVideo(options, locating, { ...running, progress, timer, onProbed: () => void loadRest().catch(() => undefined) }),
  );
  const [tools, capture] = await Promise.all([locating, capturing]);
  const [{ solveCapture }] = await loadRest();
  const { clip, report, network } = await timer.time('solve', async () =>
    solveCapture(capture, options.quality, {
      ...solveOptions(options),
      ...(signal && { signal }),
      onProgress: ({ done, total }) => progress.report('solving', done, total),
    }),
  );
  const trim = trimOf(options, capture.video.durationSec);
  const seen = onVideoClock(capture, trim.startSec);
  const origin: ClipOrigin = {
    source: { ...capture.video, filename: options.sourceFilename ?? capture.video.filename },
    trim,
    mocapType: options.mocapType,
    solve: { ...report, warnings: [...report.warnings, ...sourceWarnings(capture.video, seen)] },
    people: seen.people,
    shots: seen.shots,
    models: [...capture.models, network],
  };
  const clipBytes = encodeClip(clip, { origin });
  await options.keepClip?.(clipBytes);
  const clipFile = await output.write(CLIP_NAME, CLIP_MEDIA_TYPE, clipBytes);
  return deliverClip({
    ...options,
    ...running,
    clip,
    origin,
    preparedTargets,
    output,
    progress,
    timer,
    files: [clipFile],
    ...(options.preview && {
      extraFiles: filmed({
        sourcePath: options.sourcePath,
        origin,
        landmarks: capture.landmarks,
        tools,
        output,
        progress,
        ...(signal && { signal }),
      }),
    }),
    warnings: toolWarnings(tools),
  });
}

/** The preview's code, and the canvas that it draws on, are loaded only where there is one. */
const filmed =
  (input: PreviewInput): ExtraFiles =>
  async (shown) => {
    const { makePreview } = await import('./preview-stage.ts');
    return makePreview(input)(shown);
  };

const solveOptions = ({ mocapType, subjectHeightM, cameraFovDeg, smoothing, footLock }: ProcessVideoOptions): Partial<SolveOptions> => ({
  mocapType,
  ...(subjectHeightM !== undefined && { subjectHeightM }),
  ...(cameraFovDeg !== undefined && { cameraFovDeg }),
  ...(smoothing !== undefined && { smoothing }),
  ...(footLock !== undefined && { footLock }),
});

const trimOf = ({ trimStartSec, trimEndSec }: ProcessVideoOptions, durationSec: number): Trim => ({
  startSec: trimStartSec ?? 0,
  endSec: Math.min(trimEndSec ?? durationSec, durationSec),
});

const toolWarnings = ({ origin }: FfmpegTools): string[] =>
  origin === 'bundled'
    ? ['The bundled ffmpeg is an old build: fine for your own clips, not for files of strangers; install ffmpeg 5 or newer.']
    : [];
