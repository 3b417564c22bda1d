import type { CapsuleBody } from '@gaitway/motion/capsule-body';
import type { Clip } from '@gaitway/motion/clip';
import { jointPositions } from '@gaitway/motion/kinematics';
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { type Body, bodyOf } from './body.ts';
import { type Camera, cameraAt, fittingDistanceM, type View } from './camera.ts';
import { drawFloor, drawPlanted, drawShadow } from './floor.ts';
import { Rasteriser } from './rasteriser.ts';
import { robotBodyOf } from './robot.ts';

type Pixels = ReturnType<SKRSContext2D['getImageData']>;
type Point = readonly [number, number, number];

const AZIMUTH_RAD = 0.6;
const ELEVATION_RAD = 0.24;
const FOV_RAD = 0.5;
/** Room around the joints for the body that is drawn on them, metres. */
const BODY_MARGIN_M = 0.16;
/** Beyond this distance a camera that sees everything would show a small person: it follows instead. Of an adult, metres. */
const FARTHEST_M = 8.5;
/** The camera follows as a heavy one would: averaged over this much time. */
const FOLLOW_SEC = 1.6;

/** The 3D half of the preview: the delivered body on its floor, seen from the front and a little from the side. */
export class StageView {
  readonly #clip: Clip;
  readonly #body: Body;
  readonly #view: View;
  readonly #targets: Float64Array;
  readonly #distanceM: number;
  readonly #rasteriser: Rasteriser;
  readonly #context: SKRSContext2D;
  readonly #follows: boolean;
  #stillFloor: Pixels | null = null;

  constructor(clip: Clip, widthPx: number, heightPx: number, capsules?: CapsuleBody) {
    this.#clip = clip;
    this.#body = capsules ? robotBodyOf(clip, capsules) : bodyOf(clip);
    this.#view = { azimuthRad: AZIMUTH_RAD, elevationRad: ELEVATION_RAD, fovRad: FOV_RAD, widthPx, heightPx };
    const joints = clip.skeleton.joints.length;
    const positions = jointPositions(clip);
    const still = staticTargets(positions, clip.frameCount);
    const stillDistanceM = fittingDistanceM(this.#view, paddedOffsets(positions, still, joints));
    this.#follows = stillDistanceM > FARTHEST_M * sizeOf(clip);
    this.#targets = this.#follows ? followingTargets(positions, clip, still[1]) : still;
    this.#distanceM = this.#follows ? fittingDistanceM(this.#view, paddedOffsets(positions, this.#targets, joints)) : stillDistanceM;
    this.#rasteriser = new Rasteriser(widthPx, heightPx);
    this.#context = createCanvas(widthPx, heightPx).getContext('2d');
  }

  /** RGBA pixels of one frame of the clip. */
  render(frame: number): Pixels {
    const camera = cameraAt(this.#view, targetAt(this.#targets, frame), this.#distanceM);
    const { widthPx, heightPx } = this.#view;
    this.#paintFloor(camera);
    const cones = this.#body.conesAt(frame);
    drawShadow(this.#context, camera, cones);
    const soles = this.#body.solesAt(frame);
    if (soles) drawPlanted(this.#context, camera, soles, this.#clip.contacts.subarray(frame * 4, frame * 4 + 4));
    const image = this.#context.getImageData(0, 0, widthPx, heightPx);
    this.#rasteriser.draw(image.data, camera, cones);
    return image;
  }

  /** A camera that stands still sees the same floor all the time: it is drawn once. */
  #paintFloor(camera: Camera): void {
    const { widthPx, heightPx } = this.#view;
    if (this.#stillFloor) {
      this.#context.putImageData(this.#stillFloor, 0, 0);
      return;
    }
    drawFloor(this.#context, camera, widthPx, heightPx);
    if (!this.#follows) this.#stillFloor = this.#context.getImageData(0, 0, widthPx, heightPx);
  }
}

const ADULT_PELVIS_M = 0.95;

/** Of a body against an adult, by how high its pelvis gets; a taller one counts as an adult. */
function sizeOf({ rootTranslationM, frameCount }: Clip): number {
  let highestM = 0;
  for (let f = 0; f < frameCount; f++) highestM = Math.max(highestM, rootTranslationM[f * 3 + 1]);
  return Math.min(1, Math.max(0.3, highestM / ADULT_PELVIS_M));
}

const targetAt = (targets: Float64Array, frame: number): Point => [targets[frame * 3], targets[frame * 3 + 1], targets[frame * 3 + 2]];

/** The middle of everything that the clip touches, at every frame. */
function staticTargets(positions: Float64Array, frameCount: number): Float64Array {
  const low = [Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, 0, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < positions.length; i++) {
    low[i % 3] = Math.min(low[i % 3], positions[i]);
    high[i % 3] = Math.max(high[i % 3], positions[i]);
  }
  const middle = low.map((value, k) => (value + high[k]) / 2);
  return Float64Array.from({ length: frameCount * 3 }, (_, i) => middle[i % 3]);
}

/** The pelvis on the ground plane, averaged over time; the height stays the same. */
function followingTargets(positions: Float64Array, clip: Clip, heightM: number): Float64Array {
  const reach = Math.round((FOLLOW_SEC / 2) * clip.fps);
  const stride = clip.skeleton.joints.length * 3;
  const sums = new Float64Array((clip.frameCount + 1) * 2);
  for (let f = 0; f < clip.frameCount; f++) {
    sums[f * 2 + 2] = sums[f * 2] + positions[f * stride];
    sums[f * 2 + 3] = sums[f * 2 + 1] + positions[f * stride + 2];
  }
  const targets = new Float64Array(clip.frameCount * 3);
  for (let f = 0; f < clip.frameCount; f++) {
    // The window shrinks evenly towards both ends, so that the camera does not lag there.
    const half = Math.min(reach, f, clip.frameCount - 1 - f);
    const from = (f - half) * 2;
    const to = (f + half + 1) * 2;
    const count = 2 * half + 1;
    targets.set([(sums[to] - sums[from]) / count, heightM, (sums[to + 1] - sums[from + 1]) / count], f * 3);
  }
  return targets;
}

/** Every joint of every frame relative to the camera's target, moved outwards by the thickness of the body. */
function paddedOffsets(positions: Float64Array, targets: Float64Array, joints: number): Float64Array {
  return positions.map((value, i) => {
    const offset = value - targets[Math.floor(i / (joints * 3)) * 3 + (i % 3)];
    return offset + Math.sign(offset) * BODY_MARGIN_M;
  });
}
