import { fromBasis } from '@gaitway/motion/rotation';
import type { CameraTrack } from './camera-motion.ts';
import type { Turn } from './turn.ts';

/** Collects what was found out about the camera, frame by frame. */
export class TrackRecorder {
  readonly #turns: number[] = [];
  readonly #scales: number[] = [];
  readonly #agreement: number[] = [];
  readonly #parallax: number[] = [];
  readonly #breaks = new Set<number>();
  readonly #lensLogs = new Map<number, number>();
  readonly #axes = new Float64Array(9);
  readonly #q = new Float64Array(4);

  /** Notes a frame: its camera → the first frame's, the share of the background that agrees (0 = not seen), the part unexplained. */
  add(turn: Turn, agreement: number, parallax: number): void {
    for (let i = 0; i < 9; i++) this.#axes[i] = turn.rotation[(i % 3) * 3 + Math.floor(i / 3)];
    fromBasis(this.#q, 0, this.#axes, 0, this.#axes, 3, this.#axes, 6);
    this.#turns.push(this.#q[0], this.#q[1], this.#q[2], this.#q[3]);
    this.#scales.push(turn.scale);
    this.#agreement.push(agreement);
    this.#parallax.push(parallax);
  }

  /** What the frame that is noted next says about the lens; NaN is nothing. */
  addLens(log: number): void {
    if (Number.isFinite(log)) this.#lensLogs.set(this.#scales.length, log);
  }

  /** What was noted of the last `frames` frames turned out to hang in the air. */
  forget(frames: number): void {
    for (let f = this.#agreement.length - frames; f < this.#agreement.length; f++) this.#agreement[f] = 0;
  }

  /** `frames` frames ago the background was lost, and a new start was made. */
  markBreak(frames: number): void {
    this.#breaks.add(this.#agreement.length - frames);
  }

  finish(focalPx: number): CameraTrack {
    const breaks = new Uint8Array(this.#scales.length);
    for (const frame of this.#breaks) breaks[frame] = 1;
    return {
      focalPx,
      turns: Float64Array.from(this.#turns),
      scales: Float64Array.from(this.#scales),
      agreement: Float32Array.from(this.#agreement),
      parallax: Float32Array.from(this.#parallax),
      breaks,
      lensLogs: Float32Array.from(this.#scales, (_, f) => this.#lensLogs.get(f) ?? Number.NaN),
    };
  }
}
