import { LANDMARK_COUNT, type Landmarks } from '../landmarks.ts';
import type { LiftNetwork } from './network-file.ts';
import { PersonView } from './person-view.ts';

/** Frames further apart are not blended: the person moved meanwhile. */
const MOST_GAP_SEC = 0.3;
/** Further than this from the picture's middle, in diagonals, no landmark can be meant. */
const FARTHEST = 20;
/** Larger than any body. */
const MOST_WORLD_M = 10;

/** What the network reads of a clip: one pose a frame, normalised by the view of its person. */
export class LiftInputs {
  /** Frames that show a person and hold only sane numbers, in order of increasing time. */
  readonly rows: readonly number[];
  readonly #landmarks: Landmarks;
  readonly #network: LiftNetwork;
  readonly #view: PersonView;
  readonly #poseLength: number;
  /** `rows × poseLength`: world landmarks, then their places in the plane. */
  readonly #poses: Float32Array;

  constructor(landmarks: Landmarks, network: LiftNetwork, focalPx: number) {
    this.#landmarks = landmarks;
    this.#network = network;
    this.#view = new PersonView(landmarks.widthPx, landmarks.heightPx, focalPx, network.landmarks);
    this.rows = saneRows(landmarks, network);
    this.#poseLength = network.landmarks.length * 5;
    this.#poses = new Float32Array(this.rows.length * this.#poseLength);
    this.rows.forEach((frame, row) => {
      this.#readPose(frame, row);
    });
  }

  #readPose(frame: number, row: number): void {
    const { imagePx, worldM } = this.#landmarks;
    const used = this.#network.landmarks;
    const view = this.viewOf(row);
    const start = row * this.#poseLength;
    for (let i = 0; i < used.length; i++) {
      const at = (frame * LANDMARK_COUNT + used[i]) * 3;
      for (let k = 0; k < 3; k++) this.#poses[start + i * 3 + k] = worldM[at + k];
      view.toBody(this.#poses, start + (used.length * 3 + i * 2), imagePx[at], imagePx[at + 1]);
    }
  }

  /** How the frame of `rows[row]` is looked at; valid until the next frame is looked at. */
  viewOf(row: number): PersonView {
    const { imagePx, worldM } = this.#landmarks;
    this.#view.aim(imagePx, worldM, this.rows[row]);
    return this.#view;
  }

  /** Fills `out` for the frame of `rows[row]`. */
  fill(out: Float32Array, row: number): void {
    const frame = this.rows[row];
    const { landmarks, offsetsSec } = this.#network;
    const { visibility } = this.#landmarks;
    const start = row * this.#poseLength;
    for (let i = 0; i < this.#poseLength; i++) out[i] = this.#poses[start + i];
    let at = this.#poseLength;
    for (const landmark of landmarks) out[at++] = visibility[frame * LANDMARK_COUNT + landmark];
    out[at++] = Math.log(this.viewOf(row).scale);
    for (const offset of offsetsSec) {
      this.#blend(out, at, row, offset);
      at += this.#poseLength;
    }
  }

  /** The pose `offsetSec` away, interpolated between frames; the first and the last pose are held. */
  #blend(out: Float32Array, at: number, row: number, offsetSec: number): void {
    const { rows } = this;
    const times = this.#landmarks.timesSec;
    const want = times[rows[row]] + offsetSec;
    const step = offsetSec < 0 ? -1 : 1;
    let near = row;
    let far = row;
    while ((times[rows[far]] - want) * step < 0) {
      near = far;
      far += step;
      if (far < 0 || far >= rows.length || Math.abs(times[rows[far]] - times[rows[near]]) > MOST_GAP_SEC) {
        far = near;
        break;
      }
    }
    const span = times[rows[far]] - times[rows[near]];
    const part = span === 0 ? 0 : (want - times[rows[near]]) / span;
    const a = near * this.#poseLength;
    const b = far * this.#poseLength;
    for (let i = 0; i < this.#poseLength; i++) out[at + i] = this.#poses[a + i] + part * (this.#poses[b + i] - this.#poses[a + i]);
  }
}

function saneRows(landmarks: Landmarks, network: LiftNetwork): number[] {
  const out: number[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  const farthestPx = FARTHEST * Math.hypot(landmarks.widthPx, landmarks.heightPx);
  for (let frame = 0; frame < landmarks.frameCount; frame++) {
    if (landmarks.found[frame] !== 1 || !(landmarks.timesSec[frame] > latest)) continue;
    if (!network.landmarks.every((landmark) => isSane(landmarks, frame * LANDMARK_COUNT + landmark, farthestPx))) continue;
    latest = landmarks.timesSec[frame];
    out.push(frame);
  }
  return out;
}

function isSane({ imagePx, worldM, visibility }: Landmarks, landmark: number, farthestPx: number): boolean {
  const at = landmark * 3;
  return (
    Math.abs(imagePx[at]) < farthestPx &&
    Math.abs(imagePx[at + 1]) < farthestPx &&
    Math.abs(worldM[at]) < MOST_WORLD_M &&
    Math.abs(worldM[at + 1]) < MOST_WORLD_M &&
    Math.abs(worldM[at + 2]) < MOST_WORLD_M &&
    visibility[landmark] >= 0 &&
    visibility[landmark] <= 1
  );
}
