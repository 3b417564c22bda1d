import { throwIfAborted } from '@gaitway/motion/abort';
import { LANDMARK_COUNT, LANDMARKS } from '../landmarks.ts';
import type { PoseLandmarker, SeenPose } from '../models/landmarker.ts';
import { decodeFrames } from '../video/decode.ts';
import { deliveredSize } from '../video/decode-arguments.ts';
import type { FfmpegTools } from '../video/ffmpeg.ts';
import type { VideoInfo } from '../video-info.ts';
import { BackwardRecorder } from './backward-recorder.ts';
import { copyPicture, type Picture } from './picture.ts';
import type { RecordedRows } from './recorded-rows.ts';
import { RegionFilter } from './region-filter.ts';
import { type Roi, roiFromAlignment } from './roi.ts';
import { isThere } from './sight.ts';
import { areHipsBelow } from './trunk.ts';

/** Everything that going back over a part of a clip needs. */
export interface BackwardScene {
  readonly path: string;
  readonly video: VideoInfo;
  readonly landmarker: Pick<PoseLandmarker, 'look'>;
  readonly mirror: boolean;
  /** Where the clip starts in the video, seconds. */
  readonly trimStartSec: number;
  /** Of every frame, seconds from the start of the clip. */
  readonly timesSec: Float64Array;
  /** Pictures are decoded no longer than this, as they were on the way forwards. */
  readonly maxLongSidePx: number;
  readonly signal?: AbortSignal;
  readonly ffmpeg?: FfmpegTools;
}

export interface BackwardRows {
  readonly rows: RecordedRows;
  /** As `rows`, seen in the mirror. */
  readonly mirroredRows: RecordedRows | undefined;
}

/** Pictures that are kept at a time span at most this, and take at most so much memory. Most people are lost after a few frames. */
const FIRST_CHUNK_SEC = 0.5;
const CHUNK_SEC = 2;
const CHUNK_BYTES = 128 * 2 ** 20;

/**
 * Follows somebody from the first frame in which they were found back to `fromFrame` or to where they are lost: people are recognised
 * late who are small, half hidden or against the light, and easily followed once it is known where they are. The stretch is decoded
 * again in small pieces. `start`: rows that begin with the first sighting. Undefined when there is nothing to add.
 *
 * `isTaken` says whether somebody else was found at a region (pixels of the source) in a frame.
 */
export const followBackwards = async (
  scene: BackwardScene,
  start: RecordedRows,
  fromFrame: number,
  isTaken: (frame: number, roi: Roi) => boolean,
): Promise<BackwardRows | undefined> => {
  const walk = new BackwardWalk(scene, isTaken);
  for (let end = start.firstFrame; end > fromFrame && !walk.isLost; ) {
    const isFirst = end === start.firstFrame;
    const begin = chunkStart(scene, fromFrame, end, isFirst ? FIRST_CHUNK_SEC : CHUNK_SEC);
    // The first piece holds the frame of the first sighting too: there the region is found out.
    const pictures = await decodeChunk(scene, begin, isFirst ? end + 1 : end);
    if (isFirst) await walk.begin(pictures.get(end), start);
    for (let frame = end - 1; frame >= begin && !walk.isLost; frame--) await walk.back(pictures.get(frame), frame);
    end = begin;
  }
  return walk.finish();
};

/** First frame of the piece of at most `chunkSec` that ends before `end`. */
const chunkStart = ({ video, timesSec, maxLongSidePx }: BackwardScene, fromFrame: number, end: number, chunkSec: number): number => {
  const { widthPx, heightPx } = deliveredSize(video, maxLongSidePx);
  const most = Math.max(1, Math.floor(CHUNK_BYTES / (widthPx * heightPx * 1.5)) - 1);
  let begin = Math.max(fromFrame, end - most);
  while (begin < end - 1 && timesSec[end] - timesSec[begin] > chunkSec) begin++;
  return begin;
};

/** A decoded frame is the one that was probed if their times differ by no more. */
const SAME_TIME_SEC = 0.001;

const decodeChunk = async (scene: BackwardScene, begin: number, end: number): Promise<ReadonlyMap<number, Picture>> => {
  const { path, video, timesSec, trimStartSec, maxLongSidePx, signal, ffmpeg } = scene;
  const startSec = trimStartSec + timesSec[begin];
  const stepSec = timesSec[end - 1] - (timesSec[end - 2] ?? timesSec[end - 1] - 1 / video.fps);
  const endSec = Math.min(trimStartSec + timesSec[end - 1] + stepSec / 2, video.durationSec);
  const pictures = new Map<number, Picture>();
  let frame = begin;
  const decoding = { trimStartSec: startSec, trimEndSec: endSec, maxLongSidePx, signal, ffmpeg, isAwaited: true };
  for await (const picture of decodeFrames(path, video, decoding)) {
    const timeSec = picture.timeSec + timesSec[begin];
    while (frame < end && timesSec[frame] < timeSec - SAME_TIME_SEC) frame++;
    if (frame < end && Math.abs(timesSec[frame] - timeSec) <= SAME_TIME_SEC) pictures.set(frame, copyPicture(picture));
  }
  return pictures;
};

class BackwardWalk {
  readonly #scene: BackwardScene;
  readonly #isTaken: (frame: number, roi: Roi) => boolean;
  readonly #imageScale: number;
  readonly #region = new RegionFilter();
  readonly #plain = new BackwardRecorder();
  readonly #mirrored = new BackwardRecorder();
  #expected: Roi | undefined;
  #isAbove = false;
  #isLost = false;

  constructor(scene: BackwardScene, isTaken: (frame: number, roi: Roi) => boolean) {
    this.#scene = scene;
    this.#isTaken = isTaken;
    this.#imageScale = Math.max(1, Math.max(scene.video.widthPx, scene.video.heightPx) / scene.maxLongSidePx);
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** Looks at the first sighting again, to learn the region that the frame before it starts from. */
  async begin(picture: Picture | undefined, start: RecordedRows): Promise<void> {
    this.#isAbove = !areHipsBelow(start.imagePx, this.#scene.video);
    if (picture) await this.#look(picture, start.firstFrame, roiAround(start.imagePx, this.#imageScale));
    else this.#isLost = true;
  }

  async back(picture: Picture | undefined, frame: number): Promise<void> {
    const roi = this.#expected;
    if (!picture || !roi) {
      this.#isLost = true;
      return;
    }
    const looking = this.#look(picture, frame, roi);
    const [seen, mirrored] = await Promise.all([looking, this.#scene.mirror ? this.#scene.landmarker.look(picture, roi, true) : undefined]);
    // Who enters from below is followed to where their hips come in, not to where their hair does.
    if (!isThere(seen, picture) || (this.#isAbove && areHipsBelow(seen.pose.imagePx, picture))) this.#isLost = true;
    if (this.#isLost) return;
    this.#plain.add(frame, seen, this.#imageScale);
    if (mirrored) this.#mirrored.add(frame, mirrored, this.#imageScale);
  }

  finish(): BackwardRows | undefined {
    const rows = this.#plain.rows();
    return rows && { rows, mirroredRows: this.#mirrored.rows() };
  }

  /** Looks at a region, and notes where to look next and whether that is somebody else. */
  async #look(picture: Picture, frame: number, roi: Roi): Promise<SeenPose> {
    const { landmarker, signal, timesSec } = this.#scene;
    throwIfAborted(signal);
    const seen = await landmarker.look(picture, roi);
    // Time runs backwards here; the filter only wants it to increase.
    this.#expected = this.#region.next(seen.pose.alignmentPx, -timesSec[frame], roi.sidePx);
    this.#isLost = this.#isTaken(frame, scaled(this.#expected, this.#imageScale));
    return seen;
  }
}

const [LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP] = (['l_shoulder', 'r_shoulder', 'l_hip', 'r_hip'] as const).map((name) =>
  LANDMARKS.indexOf(name),
);

const scaled = ({ centerXPx, centerYPx, sidePx, angleRad }: Roi, by: number): Roi => ({
  centerXPx: centerXPx * by,
  centerYPx: centerYPx * by,
  sidePx: sidePx * by,
  angleRad,
});

/** The region around a body, from its landmarks in pixels of the source: all of it about the hips, the shoulders up. */
const roiAround = (imagePx: Float32Array, imageScale: number): Roi => {
  const middle = (a: number, b: number, axis: number): number => (imagePx[a * 3 + axis] + imagePx[b * 3 + axis]) / 2;
  const [hipX, hipY] = [middle(LEFT_HIP, RIGHT_HIP, 0), middle(LEFT_HIP, RIGHT_HIP, 1)];
  const [shoulderX, shoulderY] = [middle(LEFT_SHOULDER, RIGHT_SHOULDER, 0), middle(LEFT_SHOULDER, RIGHT_SHOULDER, 1)];
  let reachPx = 1;
  for (let i = 0; i < LANDMARK_COUNT; i++) reachPx = Math.max(reachPx, Math.hypot(imagePx[i * 3] - hipX, imagePx[i * 3 + 1] - hipY));
  const torsoPx = Math.max(1e-6, Math.hypot(shoulderX - hipX, shoulderY - hipY));
  const rim = (hip: number, shoulder: number): number => hip + ((shoulder - hip) / torsoPx) * reachPx;
  return scaled(roiFromAlignment(hipX, hipY, rim(hipX, shoulderX), rim(hipY, shoulderY)), 1 / imageScale);
};
