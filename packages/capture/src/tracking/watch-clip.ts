import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '@gaitway/motion/abort';
import type { CameraTrack } from '../camera-motion/camera-motion.ts';
import { CameraTracker } from '../camera-motion/camera-tracker.ts';
import { peopleBoxes } from '../camera-motion/people-boxes.ts';
import type { Watchers } from '../models/watchers.ts';
import type { Running } from '../progress.ts';
import { CutDetector } from '../video/cuts.ts';
import { decodeFrames, type VideoFrame } from '../video/decode.ts';
import { type Dissolve, DissolveDetector } from '../video/dissolves.ts';
import type { FfmpegTools } from '../video/ffmpeg.ts';
import type { TrimOptions } from '../video/trim.ts';
import type { VideoInfo } from '../video-info.ts';
import type { PersonTrack } from './person-track.ts';
import { SceneTracker } from './scene-tracker.ts';

export interface WatchOptions extends Running, TrimOptions {
  /** Look at every region a second time, mirrored. */
  readonly mirror?: boolean;
  readonly ffmpeg?: FfmpegTools;
}

export interface WatchTimings {
  /** From the first frame asked for to the last one done. */
  readonly captureSec: number;
  /** The part of `captureSec` spent waiting for the decoder. */
  readonly decodeWaitSec: number;
}

export interface WatchedClip {
  /** Everybody who was followed, in the order of appearance. */
  readonly tracks: readonly PersonTrack[];
  /** Of every frame, seconds from the start of the (trimmed) clip. */
  readonly timesSec: Float64Array;
  /** Hard cuts: times of the first frames after them. */
  readonly cutsSec: readonly number[];
  /** Transitions in which one shot fades into the other. */
  readonly dissolves: readonly Dissolve[];
  /** How the camera turned. */
  readonly camera: CameraTrack;
  readonly timings: WatchTimings;
}

/** A longer picture is decoded smaller: the networks see 256 pixels of a person, and every pixel has to pass the pipe. */
export const DECODED_LONG_SIDE_PX = 1280;

const secondsSince = (startMs: number): number => (performance.now() - startMs) / 1000;

/** Number of frames that the trim will deliver, estimated from the nominal rate. */
const expectedFrames = (info: VideoInfo, trim: TrimOptions): number => {
  const endSec = Math.min(trim.trimEndSec ?? info.durationSec, info.durationSec);
  return Math.max(1, Math.min(info.frameCount, Math.round((endSec - (trim.trimStartSec ?? 0)) * info.fps)));
};

interface Arrived {
  readonly frame: VideoFrame;
  /** The frame begins another shot. */
  readonly isCut: boolean;
}

/** The frames of a clip as they are decoded. */
export interface FrameSource {
  readonly next: () => Promise<IteratorResult<VideoFrame, void>>;
  /** Ends the decoder, if it is still running. */
  readonly close: () => Promise<void>;
}

/** Starts to decode a clip: the first frame takes a while. The source has to be closed. */
export const openFrames = (path: string, video: VideoInfo, options: WatchOptions): FrameSource => {
  const { trimStartSec, trimEndSec, ffmpeg } = options;
  const closing = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, closing.signal]) : closing.signal;
  const frames = decodeFrames(path, video, {
    trimStartSec,
    trimEndSec,
    signal,
    ffmpeg,
    maxLongSidePx: DECODED_LONG_SIDE_PX,
    lentFrames: 3,
  });
  let first: ReturnType<FrameSource['next']> | undefined = frames.next();
  first.catch(() => undefined); // Met by whoever asks for it.
  return {
    next: () => {
      const next = first ?? frames.next();
      first = undefined;
      return next;
    },
    close: async () => {
      closing.abort();
      await frames.return();
    },
  };
};

/**
 * Follows everybody in a clip. Frames are decoded as they are needed and forgotten. Rejects with `canceled` and with the errors of
 * `decodeFrames`.
 */
export const watchClip = async (
  frames: FrameSource,
  video: VideoInfo,
  watchers: Pick<Watchers, 'detector' | 'landmarker'>,
  options: WatchOptions,
): Promise<WatchedClip> => {
  const { signal, onProgress } = options;
  const imageScale = Math.max(1, Math.max(video.widthPx, video.heightPx) / DECODED_LONG_SIDE_PX);
  const scene = new SceneTracker(watchers.detector, watchers.landmarker, { mirror: options.mirror ?? false, imageScale });
  const total = expectedFrames(video, options);
  const cuts = new CutDetector();
  const dissolves = new DissolveDetector();
  const camera = new CameraTracker();
  const times: number[] = [];
  const start = performance.now();
  let decodeWaitSec = 0;
  let arrivedMs = start;
  /** The next frame, and whether it begins another shot. */
  const fetch = async (): Promise<Arrived | undefined> => {
    const { value: frame } = await frames.next();
    arrivedMs = performance.now();
    return frame ? { frame, isCut: cuts.next(frame, frame.timeSec) } : undefined;
  };
  const fetchAhead = async (): Promise<Arrived | undefined> => {
    const arrived = await fetch();
    if (arrived && !arrived.isCut) scene.lookAhead(arrived.frame, arrived.frame.timeSec);
    return arrived;
  };
  /** What is left to do for the frame before. */
  let finish = (): void => undefined;
  /** All else happens while the networks look at the frame, and have the next one if that is there. */
  const meanwhile = async (frame: VideoFrame): Promise<void> => {
    await setImmediate();
    finish();
    dissolves.next(frame, frame.timeSec);
  };
  try {
    let arrived = await fetch();
    decodeWaitSec += secondsSince(start);
    while (arrived) {
      throwIfAborted(signal);
      const { frame, isCut } = arrived;
      if (isCut) scene.loseEverybody();
      const looking = scene.next(frame, frame.timeSec).then(() => performance.now());
      const [next, lookedMs] = await Promise.all([fetchAhead(), looking, meanwhile(frame)]);
      decodeWaitSec += Math.max(0, arrivedMs - lookedMs) / 1000;
      const people = peopleBoxes(scene.tracks, frame.timeSec);
      finish = () => {
        camera.next(frame, people);
        times.push(frame.timeSec);
        onProgress?.({ stage: 'capture', done: times.length, total: Math.max(total, times.length) });
      };
      arrived = next;
    }
    finish();
  } finally {
    await frames.close();
  }
  const timings = { captureSec: secondsSince(start), decodeWaitSec };
  return {
    tracks: scene.tracks,
    timesSec: Float64Array.from(times),
    cutsSec: cuts.finish(),
    dissolves: dissolves.found,
    camera: camera.finish(video),
    timings,
  };
};
