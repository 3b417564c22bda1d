import { type Capture, captureLandmarks } from '@gaitway/capture/capture-landmarks';
import type { SubjectChoice } from '@gaitway/capture/tracking/subject';
import type { FfmpegTools } from '@gaitway/capture/video/ffmpeg';
import type { ProcessVideoOptions } from './process-video.ts';
import type { ProgressReporter, Running } from './progress.ts';
import type { StageTimer } from './stage-timer.ts';

/** A longer part of a video is more likely a mistake than a clip. */
const DEFAULT_MAX_DURATION_SEC = 600;

export interface WatchContext extends Pick<Running, 'signal'> {
  readonly progress: ProgressReporter;
  readonly timer: StageTimer;
  /** Called when the file is known to be good and only the networks are waited for. */
  readonly onProbed: () => void;
}

/** Probe, models and capture; their times come from the capture itself. */
export async function watchVideo(
  options: ProcessVideoOptions,
  ffmpeg: Promise<FfmpegTools>,
  { progress, timer, onProbed, signal }: WatchContext,
): Promise<Capture> {
  const capture = await captureLandmarks(options.sourcePath, {
    quality: options.quality,
    // A second look, in the mirror, at twice the work: what `accurate` is for.
    mirror: options.quality === 'accurate',
    ffmpeg,
    ...(options.trimStartSec !== undefined && { trimStartSec: options.trimStartSec }),
    ...(options.trimEndSec !== undefined && { trimEndSec: options.trimEndSec }),
    maxDurationSec: options.maxDurationSec ?? DEFAULT_MAX_DURATION_SEC,
    ...(options.subject && { subject: onClipClock(options.subject, options.trimStartSec ?? 0) }),
    ...(options.cacheDir && { cacheDir: options.cacheDir }),
    ...(signal && { signal }),
    onProgress: ({ stage, done, total }) => {
      if (stage === 'models' && done === 0) onProbed();
      if (stage === 'capture') progress.report('capturing', done, total);
      else progress.report('preflight', 0, 1, false);
    },
  });
  const { probeSec, modelsSec, captureSec } = capture.timings;
  timer.add('probe', probeSec);
  timer.add('models', modelsSec);
  timer.add('capture', captureSec);
  return capture;
}

const onClipClock = (subject: SubjectChoice, startSec: number): SubjectChoice =>
  'index' in subject ? subject : { ...subject, timeSec: subject.timeSec - startSec };
