import { GaitwayError } from '@gaitway/motion/errors';
import { withCamera } from './camera-motion/with-camera.ts';
import type { Landmarks } from './landmarks.ts';
import type { ModelIdentity, Quality } from './models/model-files.ts';
import { openWatchers } from './models/watchers.ts';
import type { Running } from './progress.ts';
import { mainSubject, type SubjectPoint, subjectAt } from './tracking/subject.ts';
import { type WatchedClip, type WatchTimings, watchClip } from './tracking/watch-clip.ts';
import type { FfmpegTools } from './video/ffmpeg.ts';
import { probeVideo } from './video/probe.ts';
import { type TrimOptions, trimRange } from './video/trim.ts';
import type { VideoInfo } from './video-info.ts';

export interface CaptureOptions extends Running, TrimOptions {
  readonly quality: Quality;
  /** Whom to follow: the person at this place and time. Default: the one who fills most of the clip. */
  readonly subject?: SubjectPoint;
  /** Show each square to the network a second time in the mirror; doubles the work of the network. */
  readonly mirror?: boolean;
  /** Where converted models are kept between runs. */
  readonly cacheDir?: string;
  /** Threads inside one inference. */
  readonly threads?: number;
  readonly ffmpeg?: FfmpegTools;
}

export interface CaptureTimings extends WatchTimings {
  readonly probeSec: number;
  /** Reading, converting (the first time) and loading the networks. */
  readonly modelsSec: number;
}

/** Someone in the clip. */
export interface PersonSummary {
  readonly isSubject: boolean;
  readonly firstSec: number;
  readonly lastSec: number;
  readonly frameCount: number;
}

export interface Capture {
  readonly landmarks: Landmarks;
  /** What the network saw in the mirrored squares, mirrored back; rows match those of `landmarks`. Only with `mirror`. */
  readonly mirrored?: Landmarks;
  /** Everybody who was followed, in the order of appearance; the landmarks are the subject's. */
  readonly people: readonly PersonSummary[];
  /** Hard cuts: times of the first frames after them, seconds from the start of the (trimmed) clip. */
  readonly cutsSec: readonly number[];
  readonly video: VideoInfo;
  readonly models: readonly ModelIdentity[];
  readonly timings: CaptureTimings;
}

/** Containers round their durations: an end this much past the measured one is taken as the end. */
const END_TOLERANCE_SEC = 0.25;

/** The trim as the decoder takes it. Throws `api_trim_range_invalid`. */
const usableTrim = ({ trimStartSec, trimEndSec }: TrimOptions, video: VideoInfo): TrimOptions => {
  const isRounded = trimEndSec !== undefined && trimEndSec > video.durationSec && trimEndSec <= video.durationSec + END_TOLERANCE_SEC;
  const trim = { trimStartSec, trimEndSec: isRounded ? video.durationSec : trimEndSec };
  trimRange(trim, video.durationSec, video.fps);
  return trim;
};

const secondsSince = (startMs: number): number => (performance.now() - startMs) / 1000;

/**
 * Watches a video and writes down where the body of the person in it is, frame by frame. Frames are decoded as they are needed and
 * forgotten: the memory does not grow with the clip but for the landmarks themselves.
 *
 * Rejects with `no_person_detected` if nobody is seen in any frame, and with the errors of `probeVideo` and `decodeFrames`.
 */
export const captureLandmarks = async (path: string, options: CaptureOptions): Promise<Capture> => {
  const { onProgress, signal } = options;
  if (signal?.aborted) throw new GaitwayError('canceled');
  onProgress?.({ stage: 'probe', done: 0, total: 1 });
  const probeStart = performance.now();
  const video = await probeVideo(path, { signal, ffmpeg: options.ffmpeg });
  const trim = usableTrim(options, video);
  const probeSec = secondsSince(probeStart);
  onProgress?.({ stage: 'probe', done: 1, total: 1 });

  onProgress?.({ stage: 'models', done: 0, total: 1 });
  const modelsStart = performance.now();
  const networks = await openWatchers(options.quality, options);
  const modelsSec = secondsSince(modelsStart);
  onProgress?.({ stage: 'models', done: 1, total: 1 });

  try {
    const seen = await watchClip(path, video, networks, { ...options, ...trim });
    const timings = { probeSec, modelsSec, ...seen.timings };
    const subject = chooseSubject(seen, video, options);
    return { ...subject, ...withCamera(subject, seen.camera), cutsSec: seen.cutsSec, video, models: networks.models, timings };
  } finally {
    await networks.release();
  }
};

/** A person who is seen for fewer frames is a mistake of the networks. */
const FEWEST_FRAMES = 3;

const chooseSubject = (
  { tracks: everyTrack, timesSec }: WatchedClip,
  video: VideoInfo,
  options: CaptureOptions,
): Pick<Capture, 'landmarks' | 'mirrored' | 'people'> => {
  const tracks = everyTrack.filter((track) => track.plain.foundCount >= Math.min(FEWEST_FRAMES, timesSec.length));
  const subject = options.subject ? subjectAt(tracks, options.subject, timesSec) : mainSubject(tracks);
  if (!subject) throw new GaitwayError('no_person_detected');
  const clip = { widthPx: video.widthPx, heightPx: video.heightPx, nominalFps: video.fps, timesSec };
  return {
    landmarks: subject.plain.finish(clip),
    mirrored: options.mirror ? subject.mirrored.finish(clip) : undefined,
    people: tracks.map((track) => ({
      isSubject: track === subject,
      firstSec: track.firstSec,
      lastSec: track.lastSec,
      frameCount: track.plain.foundCount,
    })),
  };
};
