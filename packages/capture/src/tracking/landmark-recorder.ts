import { LANDMARK_COUNT, LANDMARKS, type Landmarks } from '../landmarks.ts';
import type { Pose } from '../models/landmarker.ts';

const POINT_VALUES = LANDMARK_COUNT * 3;
const FIRST_CAPACITY = 64;
const LEFT_HIP = LANDMARKS.indexOf('l_hip');
const RIGHT_HIP = LANDMARKS.indexOf('r_hip');

const grow = <T extends Float32Array | Uint8Array>(old: T, bigger: T): T => {
  bigger.set(old);
  return bigger;
};

/** What a recorder cannot know: the clip around its frames. */
export interface ClipFacts {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly nominalFps: number;
  /** Seconds, of every frame of the clip. */
  readonly timesSec: Float64Array;
}

/** Collects the landmarks of one person; the memory grows with the frames between the first and the last sighting. */
export class LandmarkRecorder {
  readonly #firstFrame: number;
  #rows = 0;
  #capacity = FIRST_CAPACITY;
  #seen = new Uint8Array(FIRST_CAPACITY);
  #imagePx = new Float32Array(FIRST_CAPACITY * POINT_VALUES);
  #worldM = new Float32Array(FIRST_CAPACITY * POINT_VALUES);
  #visibility = new Float32Array(FIRST_CAPACITY * LANDMARK_COUNT);
  #score = new Float32Array(FIRST_CAPACITY);

  constructor(firstFrame = 0) {
    this.#firstFrame = firstFrame;
  }

  #reserve(rows: number): void {
    if (rows <= this.#capacity) return;
    this.#capacity = Math.max(rows, this.#capacity * 2);
    this.#seen = grow(this.#seen, new Uint8Array(this.#capacity));
    this.#imagePx = grow(this.#imagePx, new Float32Array(this.#capacity * POINT_VALUES));
    this.#worldM = grow(this.#worldM, new Float32Array(this.#capacity * POINT_VALUES));
    this.#visibility = grow(this.#visibility, new Float32Array(this.#capacity * LANDMARK_COUNT));
    this.#score = grow(this.#score, new Float32Array(this.#capacity));
  }

  /** Writes a frame down (each later than the one before); `imageScale` brings the pose's pixels to those of the source. */
  add(frame: number, score: number, pose: Pose, imageScale = 1): void {
    const row = frame - this.#firstFrame;
    this.#reserve(row + 1);
    this.#rows = row + 1;
    this.#seen[row] = 1;
    this.#score[row] = score;
    for (let k = 0; k < POINT_VALUES; k++) this.#imagePx[row * POINT_VALUES + k] = pose.imagePx[k] * imageScale;
    this.#worldM.set(pose.worldM, row * POINT_VALUES);
    this.#visibility.set(pose.visibility, row * LANDMARK_COUNT);
  }

  /** Number of frames in which the person was found. */
  get foundCount(): number {
    return this.#seen.subarray(0, this.#rows).reduce((sum, seen) => sum + seen, 0);
  }

  /** Where the hips were in the sighting closest to a frame of the clip, and in which frame that was; undefined without any. */
  hipsNear(frame: number): { readonly frame: number; readonly xPx: number; readonly yPx: number } | undefined {
    let row = -1;
    for (let i = 0; i < this.#rows; i++) {
      const isCloser = row < 0 || Math.abs(this.#firstFrame + i - frame) < Math.abs(this.#firstFrame + row - frame);
      if (this.#seen[i] === 1 && isCloser) row = i;
    }
    if (row < 0) return undefined;
    const middle = (axis: number): number =>
      (this.#imagePx[row * POINT_VALUES + LEFT_HIP * 3 + axis] + this.#imagePx[row * POINT_VALUES + RIGHT_HIP * 3 + axis]) / 2;
    return { frame: this.#firstFrame + row, xPx: middle(0), yPx: middle(1) };
  }

  /** The landmarks with one row for every frame of the clip. */
  finish(clip: ClipFacts): Landmarks {
    const frameCount = clip.timesSec.length;
    const spread = <T extends Float32Array | Uint8Array>(rows: T, out: T, width: number): T => {
      out.set(rows.subarray(0, this.#rows * width), this.#firstFrame * width);
      return out;
    };
    return {
      ...clip,
      frameCount,
      found: spread(this.#seen, new Uint8Array(frameCount), 1),
      imagePx: spread(this.#imagePx, new Float32Array(frameCount * POINT_VALUES), POINT_VALUES),
      worldM: spread(this.#worldM, new Float32Array(frameCount * POINT_VALUES), POINT_VALUES),
      visibility: spread(this.#visibility, new Float32Array(frameCount * LANDMARK_COUNT), LANDMARK_COUNT),
      score: spread(this.#score, new Float32Array(frameCount), 1),
    };
  }
}
