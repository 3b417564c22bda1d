import { LANDMARK_COUNT } from '@gaitway/capture/landmarks';
import type { Camera } from './camera.ts';
import type { Look } from './observer.ts';
import { TRUTH_POINTS } from './truth.ts';

/** Name and length of the fields of a row, in order. Pixels, metres, seconds; camera axes. */
export const ROW_FIELDS: readonly (readonly [string, number])[] = [
  ['sequence', 1],
  ['character', 1],
  ['motion', 1],
  ['timeSec', 1],
  ['score', 1],
  ['widthPx', 1],
  ['heightPx', 1],
  ['focalPx', 1],
  ['heightM', 1],
  ['imagePx', LANDMARK_COUNT * 3],
  ['worldM', LANDMARK_COUNT * 3],
  ['visibility', LANDMARK_COUNT],
  ['mirroredImagePx', LANDMARK_COUNT * 3],
  ['mirroredWorldM', LANDMARK_COUNT * 3],
  ['mirroredVisibility', LANDMARK_COUNT],
  ['truthM', TRUTH_POINTS.length * 3],
];
const LENGTH = ROW_FIELDS.reduce((sum, [, length]) => sum + length, 0);

const newLook = (): Look => ({
  imagePx: new Float32Array(LANDMARK_COUNT * 3),
  worldM: new Float32Array(LANDMARK_COUNT * 3),
  visibility: new Float32Array(LANDMARK_COUNT),
});

export interface Shot {
  readonly sequence: number;
  readonly character: number;
  readonly motion: number;
  readonly timeSec: number;
  readonly camera: Camera;
  readonly heightM: number;
  readonly truthM: Float64Array;
}

/** One frame of the data set as it goes to the file. */
export class Row {
  readonly looks: readonly [Look, Look] = [newLook(), newLook()];
  score = 0;
  readonly #values = new Float32Array(LENGTH);
  readonly bytes = new Uint8Array(this.#values.buffer);

  write(shot: Shot): void {
    const { camera } = shot;
    const head = [shot.sequence, shot.character, shot.motion, shot.timeSec, this.score];
    const view = [camera.widthPx, camera.heightPx, camera.focalPx, shot.heightM];
    let at = 0;
    const put = (part: ArrayLike<number>): void => {
      this.#values.set(part, at);
      at += part.length;
    };
    put([...head, ...view]);
    for (const look of this.looks) {
      put(look.imagePx);
      put(look.worldM);
      put(look.visibility);
    }
    put(shot.truthM);
  }
}
