import { LANDMARK_COUNT, type Landmarks } from '../landmarks.ts';
import type { Pose } from '../models/landmarker.ts';
import { assembleLandmarks, type ClipFacts, type RecordedRows } from './recorded-rows.ts';

const POINT_VALUES = LANDMARK_COUNT * 3;
const FIRST_CAPACITY = 64;

const grow = <T extends Float32Array | Uint8Array>(old: T, bigger: T): T => {
  bigger.set(old);
  return bigger;
};

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

  /** What was written down so far; views that the next `add` may leave behind. */
  get rows(): RecordedRows {
    return {
      firstFrame: this.#firstFrame,
      rowCount: this.#rows,
      seen: this.#seen,
      imagePx: this.#imagePx,
      worldM: this.#worldM,
      visibility: this.#visibility,
      score: this.#score,
    };
  }

  /** The landmarks with one row for every frame of the clip. */
  finish(clip: ClipFacts): Landmarks {
    return assembleLandmarks(clip, [this.rows]);
  }
}
