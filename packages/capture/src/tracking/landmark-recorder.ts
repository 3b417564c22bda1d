import { LANDMARK_COUNT, type Landmarks } from '../landmarks.ts';
import type { Pose } from '../models/landmarker.ts';

const POINT_VALUES = LANDMARK_COUNT * 3;

const grown = <T extends Float32Array | Float64Array | Uint8Array>(old: T, make: (length: number) => T): T => {
  const bigger = make(old.length * 2);
  bigger.set(old);
  return bigger;
};

/** Collects the landmarks of a clip frame by frame; the memory grows with the frames that came, not with those promised. */
export class LandmarkRecorder {
  #capacity: number;
  #count = 0;
  #found = 0;
  #timesSec: Float64Array;
  #seen: Uint8Array;
  #imagePx: Float32Array;
  #worldM: Float32Array;
  #visibility: Float32Array;
  #score: Float32Array;

  constructor(capacity = 256) {
    this.#capacity = capacity;
    this.#timesSec = new Float64Array(capacity);
    this.#seen = new Uint8Array(capacity);
    this.#imagePx = new Float32Array(capacity * POINT_VALUES);
    this.#worldM = new Float32Array(capacity * POINT_VALUES);
    this.#visibility = new Float32Array(capacity * LANDMARK_COUNT);
    this.#score = new Float32Array(capacity);
  }

  get frameCount(): number {
    return this.#count;
  }

  /** Number of frames in which the person was found. */
  get foundCount(): number {
    return this.#found;
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#timesSec = grown(this.#timesSec, (n) => new Float64Array(n));
    this.#seen = grown(this.#seen, (n) => new Uint8Array(n));
    this.#imagePx = grown(this.#imagePx, (n) => new Float32Array(n));
    this.#worldM = grown(this.#worldM, (n) => new Float32Array(n));
    this.#visibility = grown(this.#visibility, (n) => new Float32Array(n));
    this.#score = grown(this.#score, (n) => new Float32Array(n));
  }

  /** Adds a frame; without a pose it is a frame without the person. `imageScale` brings the pose's pixels to those of the source. */
  add(timeSec: number, score = 0, pose?: Pose, imageScale = 1): void {
    if (this.#count === this.#capacity) this.#grow();
    const i = this.#count++;
    this.#timesSec[i] = timeSec;
    if (!pose) return;
    this.#found++;
    this.#seen[i] = 1;
    this.#score[i] = score;
    for (let k = 0; k < POINT_VALUES; k++) this.#imagePx[i * POINT_VALUES + k] = pose.imagePx[k] * imageScale;
    this.#worldM.set(pose.worldM, i * POINT_VALUES);
    this.#visibility.set(pose.visibility, i * LANDMARK_COUNT);
  }

  finish(picture: { readonly widthPx: number; readonly heightPx: number; readonly nominalFps: number }): Landmarks {
    const n = this.#count;
    return {
      widthPx: picture.widthPx,
      heightPx: picture.heightPx,
      nominalFps: picture.nominalFps,
      frameCount: n,
      timesSec: this.#timesSec.slice(0, n),
      found: this.#seen.slice(0, n),
      imagePx: this.#imagePx.slice(0, n * POINT_VALUES),
      worldM: this.#worldM.slice(0, n * POINT_VALUES),
      visibility: this.#visibility.slice(0, n * LANDMARK_COUNT),
      score: this.#score.slice(0, n),
    };
  }
}
