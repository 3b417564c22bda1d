import { GaitwayError } from '@gaitway/motion/errors';
import type { Landmarks } from './landmarks.ts';
import { openDetector } from './models/detector.ts';
import { openLandmarker } from './models/landmarker.ts';
import { type ModelIdentity, type Quality, readDetectorModel, readLandmarkModel } from './models/model-files.ts';
import type { Running } from './progress.ts';
import { LandmarkRecorder } from './tracking/landmark-recorder.ts';
import { PersonTracker } from './tracking/person-tracker.ts';
import { decodeFrames } from './video/decode.ts';
import type { FfmpegTools } from './video/ffmpeg.ts';
import { probeVideo } from './video/probe.ts';
import type { VideoInfo } from './video-info.ts';

export interface CaptureOptions extends Running {
  readonly quality: Quality;
  readonly trimStartSec?: number;
  readonly trimEndSec?: number;
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

export interface Capture {
  readonly landmarks: Landmarks;
  /** What the network saw in the mirrored squares, mirrored back; rows match those of `landmarks`. Only with `mirror`. */
  readonly mirrored?: Landmarks;
  readonly video: VideoInfo;
  readonly models: readonly ModelIdentity[];
  readonly timings: CaptureTimings;
}

/** Containers round their durations: an end this much past the measured one is taken as the end. */
const END_TOLERANCE_SEC = 0.25;

const clampedEnd = (endSec: number | undefined, durationSec: number): number | undefined =>
  endSec !== undefined && endSec > durationSec && endSec <= durationSec + END_TOLERANCE_SEC ? durationSec : endSec;

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
  const probeSec = secondsSince(probeStart);
  onProgress?.({ stage: 'probe', done: 1, total: 1 });

  onProgress?.({ stage: 'models', done: 0, total: 1 });
  const modelsStart = performance.now();
  const networks = await openNetworks(options);
  const modelsSec = secondsSince(modelsStart);
  onProgress?.({ stage: 'models', done: 1, total: 1 });

  try {
    const seen = await watch(path, video, networks, options);
    return { ...seen, video, models: networks.models, timings: { probeSec, modelsSec, ...seen.timings } };
  } finally {
    await Promise.all([networks.detector.release(), networks.landmarker.release()]);
  }
};

type Watched = Pick<Capture, 'landmarks' | 'mirrored'> & { readonly timings: Pick<CaptureTimings, 'captureSec' | 'decodeWaitSec'> };

const watch = async (path: string, video: VideoInfo, networks: Networks, options: CaptureOptions): Promise<Watched> => {
  const { signal, onProgress } = options;
  const trimEndSec = clampedEnd(options.trimEndSec, video.durationSec);
  const tracker = new PersonTracker(networks.detector, networks.landmarker);
  const { pose } = networks.landmarker;
  const plain = new LandmarkRecorder();
  const mirrored = new LandmarkRecorder();
  const total = expectedFrames(video, options);
  const start = performance.now();
  let decodeWaitSec = 0;
  let waitStart = start;
  for await (const frame of decodeFrames(path, video, { trimStartSec: options.trimStartSec, trimEndSec, signal, ffmpeg: options.ffmpeg })) {
    decodeWaitSec += secondsSince(waitStart);
    throwIfAborted(signal);
    const sighting = await tracker.next(frame, frame.timeSec);
    plain.add(frame.timeSec, sighting?.score, sighting && pose, video.widthPx / frame.widthPx);
    if (options.mirror) {
      const score = sighting && (await networks.landmarker.run(frame, sighting.roi, true));
      mirrored.add(frame.timeSec, score, sighting && pose, video.widthPx / frame.widthPx);
    }
    onProgress?.({ stage: 'capture', done: plain.frameCount, total: Math.max(total, plain.frameCount) });
    waitStart = performance.now();
  }
  decodeWaitSec += secondsSince(waitStart);
  if (plain.foundCount === 0) throw new GaitwayError('no_person_detected');
  const size = { widthPx: video.widthPx, heightPx: video.heightPx, nominalFps: video.fps };
  return {
    landmarks: plain.finish(size),
    mirrored: options.mirror ? mirrored.finish(size) : undefined,
    timings: { captureSec: secondsSince(start), decodeWaitSec },
  };
};
