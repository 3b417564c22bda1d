import { throwIfAborted } from '@gaitway/motion/abort';
import { GaitwayError } from '@gaitway/motion/errors';
import { withCamera } from './camera-motion/with-camera.ts';
import type { Landmarks } from './landmarks.ts';
import type { ModelIdentity, Quality } from './models/model-files.ts';
import { openWatchers, type Watchers } from './models/watchers.ts';
import type { Running } from './progress.ts';
import { followSubjects, type ShotSummary } from './shots/follow-subjects.ts';
import type { PersonSummary } from './shots/person-summary.ts';
import type { BackwardScene } from './tracking/backward.ts';
import type { SubjectChoice } from './tracking/subject.ts';
import {
  DECODED_LONG_SIDE_PX,
  type FrameSource,
  openFrames,
  type WatchedClip,
  type WatchTimings,
  watchClip,
} from './tracking/watch-clip.ts';
import type { Dissolve } from './video/dissolves.ts';
import type { FfmpegTools } from './video/ffmpeg.ts';
import { probeVideo } from './video/probe.ts';
import { type TrimOptions, trimRange } from './video/trim.ts';
import type { VideoInfo } from './video-info.ts';

export interface CaptureOptions extends Running, TrimOptions {
  readonly quality: Quality;
  /** Whom to follow: the person at a place and time, or with a number of `people`. Default: the one whom the clip is about. */
  readonly subject?: SubjectChoice;
  /** Show each square to the network a second time in the mirror; doubles the work of the network. */
  readonly mirror?: boolean;
  /** Refuse a longer (trimmed) clip with `api_duration_limit_exceeded`, before anything is decoded. */
  readonly maxDurationSec?: number;
  /** Where converted models are kept between runs. */
  readonly cacheDir?: string;
  /** Threads of all inferences together, eight at most; by default as many as there are cores. The result does not depend on it. */
  readonly threads?: number;
  /** The programs, or the search for them: the networks are loaded meanwhile. */
  readonly ffmpeg?: FfmpegTools | Promise<FfmpegTools>;
}

export interface CaptureTimings extends WatchTimings {
  readonly probeSec: number;
  /** Waiting for the networks to be read, converted (the first time) and loaded, which goes on while the file is probed. */
  readonly modelsSec: number;
}

export interface Capture {
  readonly landmarks: Landmarks;
  /** What the network saw in the mirrored squares, mirrored back; rows match those of `landmarks`. Only with `mirror`. */
  readonly mirrored?: Landmarks;
  /** Everybody who was followed, shot by shot in the order of appearance; the landmarks are those of each shot's subject. */
  readonly people: readonly PersonSummary[];
  /** Hard cuts: times of the first frames after them, seconds from the start of the (trimmed) clip. */
  readonly cutsSec: readonly number[];
  /** Transitions in which one shot fades into the next, seconds likewise. */
  readonly dissolves: readonly Dissolve[];
  /** From cut (or the middle of a fade) to cut; one for a clip without cuts. */
  readonly shots: readonly ShotSummary[];
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

const checkDuration = ({ trimStartSec = 0, trimEndSec }: TrimOptions, video: VideoInfo, maxDurationSec: number): void => {
  const durationSec = (trimEndSec ?? video.durationSec) - trimStartSec;
  if (durationSec <= maxDurationSec + END_TOLERANCE_SEC) return;
  const message = `The part to work on has ${Math.ceil(durationSec)} s, more than the limit of ${maxDurationSec} s: trim it, or raise the limit.`;
  throw new GaitwayError('api_duration_limit_exceeded', { message, facts: { durationSec, maxDurationSec } });
};

const secondsSince = (startMs: number): number => (performance.now() - startMs) / 1000;

interface Prepared {
  readonly video: VideoInfo;
  readonly trim: TrimOptions;
  readonly networks: Watchers;
  readonly frames: FrameSource;
  readonly timings: Pick<CaptureTimings, 'probeSec' | 'modelsSec'>;
}

/** Looks at the file, and starts to decode it, while the networks are loaded; if it is refused they are let go. */
const prepare = async (path: string, options: CaptureOptions): Promise<Prepared> => {
  const { onProgress, signal } = options;
  const start = performance.now();
  onProgress?.({ stage: 'probe', done: 0, total: 1 });
  const [opening, probing] = [openWatchers(options.quality, options), inspect(path, options)];
  opening.catch(() => undefined); // Met below, after the file.
  let frames: FrameSource | undefined;
  try {
    const { video, trim } = await probing;
    frames = openFrames(path, video, { ...options, ...trim, ffmpeg: await options.ffmpeg });
    const probeSec = secondsSince(start);
    onProgress?.({ stage: 'probe', done: 1, total: 1 });
    onProgress?.({ stage: 'models', done: 0, total: 1 });
    const networks = await opening;
    throwIfAborted(signal);
    onProgress?.({ stage: 'models', done: 1, total: 1 });
    return { video, trim, networks, frames, timings: { probeSec, modelsSec: secondsSince(start) - probeSec } };
  } catch (error) {
    await frames?.close();
    await opening.then(
      (networks) => networks.release(),
      () => undefined,
    );
    throw error;
  }
};

/** Probes the file and checks what is asked of it. */
const inspect = async (path: string, options: CaptureOptions): Promise<Pick<Prepared, 'video' | 'trim'>> => {
  const video = await probeVideo(path, { signal: options.signal, ffmpeg: await options.ffmpeg });
  const trim = usableTrim(options, video);
  checkDuration(trim, video, options.maxDurationSec ?? Number.POSITIVE_INFINITY);
  return { video, trim };
};

/**
 * Watches a video and writes down where the body of the person in it is, frame by frame. Frames are decoded as they are needed and
 * forgotten: the memory does not grow with the clip but for the landmarks themselves.
 *
 * Rejects with `no_person_detected` if nobody is seen in any frame, and with the errors of `probeVideo` and `decodeFrames`.
 */
export const captureLandmarks = async (path: string, options: CaptureOptions): Promise<Capture> => {
  throwIfAborted(options.signal);
  const { video, trim, networks, frames, timings: preparing } = await prepare(path, options);
  const captureStart = performance.now();
  try {
    const watching = { ...options, ...trim, ffmpeg: await options.ffmpeg };
    const seen = await watchClip(frames, video, networks, watching);
    const subjects = await followSubjects(seen, backwardScene(path, video, networks, watching, seen), options.subject);
    const timings = { ...preparing, ...seen.timings, captureSec: secondsSince(captureStart) };
    return {
      ...subjects,
      ...withCamera(subjects, seen.camera),
      cutsSec: seen.cutsSec,
      dissolves: seen.dissolves,
      video,
      models: networks.models,
      timings,
    };
  } finally {
    await frames.close();
    await networks.release();
  }
};

const backwardScene = (
  path: string,
  video: VideoInfo,
  { landmarker }: Watchers,
  { mirror = false, trimStartSec = 0, signal, ffmpeg }: Omit<CaptureOptions, 'ffmpeg'> & { readonly ffmpeg?: FfmpegTools },
  { timesSec }: WatchedClip,
): BackwardScene => ({ path, video, landmarker, mirror, trimStartSec, timesSec, maxLongSidePx: DECODED_LONG_SIDE_PX, signal, ffmpeg });
