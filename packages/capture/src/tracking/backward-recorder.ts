import { LANDMARK_COUNT } from '../landmarks.ts';
import type { SeenPose } from '../models/landmarker.ts';
import type { RecordedRows } from './recorded-rows.ts';

/** Collects the landmarks of one person from a frame backwards, without a gap. */
export class BackwardRecorder {
  /** The latest frame comes first. */
  readonly #rows: SeenPose[] = [];
  #firstFrame = 0;

  /** Writes down the frame before the last one that was added; `imageScale` brings the pose's pixels to those of the source. */
  add(frame: number, { score, pose }: SeenPose, imageScale: number): void {
    this.#firstFrame = frame;
    this.#rows.push({ score, pose: { ...pose, imagePx: pose.imagePx.map((px) => px * imageScale) } });
  }

  /** What was written down, in the order of time; undefined without any. */
  rows(): RecordedRows | undefined {
    const rowCount = this.#rows.length;
    if (rowCount === 0) return undefined;
    const out = {
      firstFrame: this.#firstFrame,
      rowCount,
      seen: new Uint8Array(rowCount).fill(1),
      imagePx: new Float32Array(rowCount * LANDMARK_COUNT * 3),
      worldM: new Float32Array(rowCount * LANDMARK_COUNT * 3),
      visibility: new Float32Array(rowCount * LANDMARK_COUNT),
      score: new Float32Array(rowCount),
    };
    this.#rows.forEach(({ score, pose }, i) => {
      const at = rowCount - 1 - i;
      out.imagePx.set(pose.imagePx, at * LANDMARK_COUNT * 3);
      out.worldM.set(pose.worldM, at * LANDMARK_COUNT * 3);
      out.visibility.set(pose.visibility, at * LANDMARK_COUNT);
      out.score[at] = score;
    });
    return out;
  }
}
