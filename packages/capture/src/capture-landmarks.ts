import { GaitwayError } from '@gaitway/motion/errors';
import type { Landmarks } from './landmarks.ts';
import { openDetector } from './models/detector.ts';
import { openLandmarker } from './models/landmarker.ts';
import { type ModelIdentity, type Quality, readDetectorModel, readLandmarkModel } from './models/model-files.ts';
import type { Running } from './progress.ts';
import type { PersonTrack } from './tracking/person-track.ts';
import { SceneTracker } from './tracking/scene-tracker.ts';
import { mainSubject, type SubjectPoint, subjectAt } from './tracking/subject.ts';
import { CutDetector } from './video/cuts.ts';
import { decodeFrames } from './video/decode.ts';
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

export interface CaptureTimings {
  readonly probeSec: number;
  /** Reading, converting (the first time) and loading the networks. */
  readonly modelsSec: number;
  /** From the first frame asked for to the last one done. */
  readonly captureSec: number;
  /** The part of `captureSec` spent waiting for the decoder. */
  readonly decodeWaitSec: number;
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

interface Networks {
  readonly detector: Awaited<ReturnType<typeof openDetector>>;
  readonly landmarker: Awaited<ReturnType<typeof openLandmarker>>;
  readonly models: readonly ModelIdentity[];
}

const openNetworks = async (options: CaptureOptions): Promise<Networks> => {
  const [detectorFile, landmarkFile] = await Promise.all([readDetectorModel(), readLandmarkModel(options.quality)]);
  const detector = await openDetector(detectorFile, options);
  const landmarker = await openLandmarker(landmarkFile, options);
  return { detector, landmarker, models: [detectorFile, landmarkFile].map(({ name, sha256 }) => ({ name, sha256 })) };
};

const throwIfAborted = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted) throw new GaitwayError('canceled');
};

/** Number of frames that the trim will deliver, estimated from the nominal rate. */
const expectedFrames = (info: VideoInfo, options: CaptureOptions): number => {
  const endSec = Math.min(options.trimEndSec ?? info.durationSec, info.durationSec);
  return Math.max(1, Math.min(info.frameCount, Math.round((endSec - (options.trimStartSec ?? 0)) * info.fps)));
};

/**
 * Watches a video and writes down where the body of the person in it is, frame by frame. Frames are decoded as they are needed and
 * forgotten: the memory does not grow with the clip but for the landmarks themselves.
 *
 * Rejects with `no_person_detected` if nobody is seen in any frame, and with the errors of `probeVideo` and `decodeFrames`.
 */
export const captureLandmarks = async (path: string, options: CaptureOptions): Promise<Capture> => {
  const { onProgress, signal } = options;
  throwIfAborted(signal);
  onProgress?.({ stage: 'probe', done: 0, total: 1 });
  const probeStart = performance.now();
  const video = await probeVideo(path, { signal, ffmpeg: options.ffmpeg });
  const trim = usableTrim(options, video);
  const probeSec = secondsSince(probeStart);
  onProgress?.({ stage: 'probe', done: 1, total: 1 });

  onProgress?.({ stage: 'models', done: 0, total: 1 });
  const modelsStart = performance.now();
  const networks = await openNetworks(options);
  const modelsSec = secondsSince(modelsStart);
  onProgress?.({ stage: 'models', done: 1, total: 1 });

  try {
    const seen = await watch(path, video, networks, { ...options, ...trim });
    return { ...seen, video, models: networks.models, timings: { probeSec, modelsSec, ...seen.timings } };
  } finally {
    await Promise.all([networks.detector.release(), networks.landmarker.release()]);
  }
};

/** A longer picture is decoded smaller: the networks see 256 pixels of a person, and every pixel has to pass the pipe. */
const DECODED_LONG_SIDE_PX = 1280;

interface Watched extends Pick<Capture, 'landmarks' | 'mirrored' | 'people' | 'cutsSec'> {
  readonly timings: Pick<CaptureTimings, 'captureSec' | 'decodeWaitSec'>;
}

const watch = async (path: string, video: VideoInfo, networks: Networks, options: CaptureOptions): Promise<Watched> => {
  const { signal, onProgress, trimStartSec, trimEndSec, ffmpeg } = options;
  const decoding = { trimStartSec, trimEndSec, signal, ffmpeg, maxLongSidePx: DECODED_LONG_SIDE_PX };
  const imageScale = Math.max(1, Math.max(video.widthPx, video.heightPx) / DECODED_LONG_SIDE_PX);
  const scene = new SceneTracker(networks.detector, networks.landmarker, { mirror: options.mirror ?? false, imageScale });
  const total = expectedFrames(video, options);
  const cuts = new CutDetector();
  const times: number[] = [];
  const start = performance.now();
  let decodeWaitSec = 0;
  let waitStart = start;
  for await (const frame of decodeFrames(path, video, decoding)) {
    decodeWaitSec += secondsSince(waitStart);
    throwIfAborted(signal);
    cuts.next(frame, frame.timeSec);
    await scene.next(frame, frame.timeSec);
    times.push(frame.timeSec);
    onProgress?.({ stage: 'capture', done: times.length, total: Math.max(total, times.length) });
    waitStart = performance.now();
  }
  decodeWaitSec += secondsSince(waitStart);
  const timings = { captureSec: secondsSince(start), decodeWaitSec };
  return { ...chooseSubject(scene.tracks, Float64Array.from(times), video, options), cutsSec: cuts.finish(), timings };
};

/** A person who is seen for fewer frames is a mistake of the networks. */
const FEWEST_FRAMES = 3;

const chooseSubject = (
  everyTrack: readonly PersonTrack[],
  timesSec: Float64Array,
  video: VideoInfo,
  options: CaptureOptions,
): Omit<Watched, 'timings' | 'cutsSec'> => {
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
