/**
 * What BlazePose would report of a known motion: landmarks hang on the true body where the measured offset tables say, are
 * projected by the camera, and err as measured on the sample clips (noise-table.ts).
 */
import { HUMAN_INDEX } from '@gaitway/capture/fit/body-model';
import type { Attachment } from '@gaitway/capture/fit/landmark-model';
import { ATTACHMENTS } from '@gaitway/capture/fit/landmark-model';
import { IMAGE_OFFSETS_MM, WORLD_OFFSETS_MM } from '@gaitway/capture/fit/landmark-offsets';
import type { Landmarks } from '@gaitway/capture/landmarks';
import { LANDMARK_COUNT } from '@gaitway/capture/landmarks';
import type { Clip } from '@gaitway/motion/clip';
import { HUMAN_SKELETON_HEIGHT_M } from '@gaitway/motion/human';
import { fromTo } from '@gaitway/motion/rotation';
import type { SyntheticCamera } from './camera.ts';
import { cameraAt, toCamera } from './camera.ts';
import { cameraTrackOf } from './camera-track.ts';
import type { Wander } from './noise-table.ts';
import { LANDMARK_NOISE, TURN_RAD } from './noise-table.ts';
import { worldPoses } from './puppet.ts';
import type { Random } from './random.ts';
import { randomOf, wandering } from './random.ts';
import type { Quat, V3 } from './vectors.ts';
import { about, add, compose, minus, times, turn, X, Y, Z } from './vectors.ts';

/** The network draws everybody in the metres of a body of this height (measured by calibrate.ts: 1.81..1.85). */
const NETWORK_HEIGHT_M = 1.83;
/** Landmarks of the model that no joint carries copy a neighbour, as they lie beside it. */
const COPIES: readonly (readonly [copy: number, of: number])[] = [
  [1, 2],
  [3, 2],
  [4, 5],
  [6, 5],
  [21, 19],
  [22, 20],
];
const LEFT_HIP = 23;
const RIGHT_HIP = 24;

export interface ObserveOptions {
  readonly seed: number;
  /** 1 = as measured, 0 = a perfect network. */
  readonly noise: number;
  readonly heightM: number;
}

/** Landmarks of a clip seen by a camera. */
export function observeClip(clip: Clip, camera: SyntheticCamera, options: ObserveOptions): Landmarks {
  const out = emptyLandmarks(clip, camera);
  const poses = worldPoses(clip);
  const marks = marksInCamera(clip, poses, camera, options.heightM);
  const random = randomOf(options.seed);
  const hidden = hiddenMarks(marks, clip.frameCount);
  const speeds = ATTACHMENTS.map((a) => speedsOf(clip, poses.positionsM, a));
  writeImage(out, marks.image, hidden, camera, options, random, speeds);
  writeWorld(out, marks.world, hidden, options, random, speeds);
  for (let i = 0; i < hidden.length; i++) out.visibility[i] = hidden[i] === 1 ? 0.4 : 0.97;
  copyNeighbours(out);
  return camera.frames.length > 1 ? { ...out, camera: cameraTrackOf(camera, clip.frameCount, random) } : out;
}

function emptyLandmarks(clip: Clip, camera: SyntheticCamera): Landmarks {
  const { frameCount, fps } = clip;
  return {
    widthPx: camera.widthPx,
    heightPx: camera.heightPx,
    nominalFps: fps,
    frameCount,
    timesSec: Float64Array.from({ length: frameCount }, (_, f) => f / fps),
    found: new Uint8Array(frameCount).fill(1),
    imagePx: new Float32Array(frameCount * LANDMARK_COUNT * 3),
    worldM: new Float32Array(frameCount * LANDMARK_COUNT * 3),
    visibility: new Float32Array(frameCount * LANDMARK_COUNT),
    score: new Float32Array(frameCount).fill(1),
  };
}

/** Speed of the joint beside a landmark, m/s, one a frame. */
function speedsOf(clip: Clip, p: ArrayLike<number>, a: Attachment): Float64Array {
  const width = clip.skeleton.joints.length * 3;
  return Float64Array.from({ length: clip.frameCount }, (_, f) => {
    const i = Math.max(1, f) * width + HUMAN_INDEX[a.near] * 3;
    return Math.hypot(p[i] - p[i - width], p[i + 1] - p[i + 1 - width], p[i + 2] - p[i + 2 - width]) * clip.fps;
  });
}

/** Places of the image and of the world landmarks, `[frame × 33 + landmark]`, camera axes (y down, z away), metres. */
interface Marks {
  readonly image: readonly V3[];
  readonly world: readonly V3[];
}

function marksInCamera(
  clip: Clip,
  { positionsM, rotations }: ReturnType<typeof worldPoses>,
  camera: SyntheticCamera,
  heightM: number,
): Marks {
  const joints = clip.skeleton.joints.length;
  const s = heightM / HUMAN_SKELETON_HEIGHT_M / 1000;
  const image: V3[] = Array.from({ length: clip.frameCount * LANDMARK_COUNT }, () => [0, 0, 1]);
  const world = image.slice();
  const place = (f: number, a: Attachment, offset: V3): V3 => {
    const q = (f * joints + HUMAN_INDEX[a.joint]) * 4;
    const p = (f * joints + HUMAN_INDEX[a.near]) * 3;
    const turned = turn([rotations[q], rotations[q + 1], rotations[q + 2], rotations[q + 3]], times(offset, s));
    return toCamera(cameraAt(camera, f), add([positionsM[p], positionsM[p + 1], positionsM[p + 2]], turned));
  };
  for (let f = 0; f < clip.frameCount; f++) {
    for (const a of ATTACHMENTS) {
      image[f * LANDMARK_COUNT + a.landmark] = place(f, a, IMAGE_OFFSETS_MM[a.landmark] as V3);
      world[f * LANDMARK_COUNT + a.landmark] = place(f, a, WORLD_OFFSETS_MM[a.landmark] as V3);
    }
  }
  return { image, world };
}

/** A limb's landmark this far behind the trunk, and within its outline, is hidden. */
const BEHIND_M = 0.08;
const OUTLINE: readonly number[] = [11, 12, 23, 24];

function hiddenMarks({ image }: Marks, frameCount: number): Uint8Array {
  const out = new Uint8Array(frameCount * LANDMARK_COUNT);
  for (let f = 0; f < frameCount; f++) {
    const at = (i: number): V3 => image[f * LANDMARK_COUNT + i];
    const outline = OUTLINE.map((i) => at(i));
    const xs = outline.map((p) => p[0] / p[2]);
    const ys = outline.map((p) => p[1] / p[2]);
    const depth = outline.reduce((sum, p) => sum + p[2] / OUTLINE.length, 0);
    for (let i = 13; i < LANDMARK_COUNT; i++) {
      const [x, y, z] = at(i);
      const inside = x / z > Math.min(...xs) && x / z < Math.max(...xs) && y / z > Math.min(...ys) && y / z < Math.max(...ys);
      if (inside && z > depth + BEHIND_M) out[f * LANDMARK_COUNT + i] = 1;
    }
  }
  return out;
}

/** Noise of a landmark that is hidden, against one that is seen. */
const HIDDEN_NOISE = 2;

const STILL: Wander = { sigma: 0, perSec: 0, perM: 0, biasSigma: 0 };

/** Noise of a landmark: the row of its left twin. */
function noiseOf(landmark: number): { readonly image: Wander; readonly worldXy: Wander; readonly worldZ: Wander } {
  const row = LANDMARK_NOISE.find((one) => one.landmark === landmark || one.landmark + (one.landmark === 2 ? 3 : 1) === landmark);
  return row ?? { image: STILL, worldXy: STILL, worldZ: STILL };
}

function writeImage(
  out: Landmarks,
  marks: readonly V3[],
  hidden: Uint8Array,
  camera: SyntheticCamera,
  o: ObserveOptions,
  random: Random,
  speeds: readonly Float64Array[],
): void {
  const perMm = o.heightM / HUMAN_SKELETON_HEIGHT_M / 1000;
  ATTACHMENTS.forEach(({ landmark }, a) => {
    const [dx, dy] = [0, 1].map(() => wandering(random, noiseOf(landmark).image, out.nominalFps, speeds[a]));
    for (let f = 0; f < out.frameCount; f++) {
      const i = f * LANDMARK_COUNT + landmark;
      const [x, y, z] = marks[i];
      const k = o.noise * perMm * (hidden[i] === 1 ? HIDDEN_NOISE : 1);
      out.imagePx[i * 3] = camera.widthPx / 2 + (camera.focalPx * (x + k * dx[f])) / z;
      out.imagePx[i * 3 + 1] = camera.heightPx / 2 + (camera.focalPx * (y + k * dy[f])) / z;
    }
  });
}

function writeWorld(
  out: Landmarks,
  marks: readonly V3[],
  hidden: Uint8Array,
  o: ObserveOptions,
  random: Random,
  speeds: readonly Float64Array[],
): void {
  const scale = NETWORK_HEIGHT_M / o.heightM;
  const perMm = (o.noise * o.heightM) / HUMAN_SKELETON_HEIGHT_M / 1000;
  const bodySpeeds = speeds[0].map((_, f) => speeds.reduce((sum, one) => sum + one[f] / speeds.length, 0));
  const turns = TURN_RAD.map((angle) => wandering(random, angle, out.nominalFps, bodySpeeds).map((v) => v * o.noise));
  const noise = ATTACHMENTS.map(({ landmark }, a) => {
    const { worldXy, worldZ } = noiseOf(landmark);
    return [worldXy, worldXy, worldZ].map((axis) => wandering(random, axis, out.nominalFps, speeds[a]));
  });
  for (let f = 0; f < out.frameCount; f++) {
    // The table's axes have y up and z towards the camera; a half turn about x brings its angles here.
    const whole: Quat = compose(about(X, turns[0][f]), about(Y, -turns[1][f]), about(Z, -turns[2][f]));
    const hips = times(add(marks[f * LANDMARK_COUNT + LEFT_HIP], marks[f * LANDMARK_COUNT + RIGHT_HIP]), 0.5);
    const looking = compose(whole, straightAt(hips));
    ATTACHMENTS.forEach(({ landmark }, a) => {
      const i = f * LANDMARK_COUNT + landmark;
      const k = perMm * (hidden[i] === 1 ? HIDDEN_NOISE : 1);
      const error: V3 = [k * noise[a][0][f], k * noise[a][1][f], k * noise[a][2][f]];
      out.worldM.set(times(add(turn(looking, minus(marks[i], hips)), error), scale), i * 3);
    });
    recentre(out.worldM, f);
  }
}

/**
 * The network sees a crop and not where it lies in the picture: its axes are those of a camera that looks straight at the person.
 * (Measured on walk_front, who walks across the picture: the turn of what it sees follows the direction of the person with −0.8.)
 */
function straightAt(direction: V3): Quat {
  const out = new Float64Array(4);
  fromTo(out, 0, direction, 0, Z, 0);
  return [out[0], out[1], out[2], out[3]];
}

/** The network's origin is between its own hips. */
function recentre(worldM: Float32Array, f: number): void {
  const at = (i: number, k: number): number => worldM[(f * LANDMARK_COUNT + i) * 3 + k];
  const middle = [0, 1, 2].map((k) => (at(LEFT_HIP, k) + at(RIGHT_HIP, k)) / 2);
  for (let i = 0; i < LANDMARK_COUNT; i++) for (let k = 0; k < 3; k++) worldM[(f * LANDMARK_COUNT + i) * 3 + k] -= middle[k];
}

function copyNeighbours(out: Landmarks): void {
  for (let f = 0; f < out.frameCount; f++) {
    for (const [copy, of] of COPIES) {
      const to = f * LANDMARK_COUNT + copy;
      const from = f * LANDMARK_COUNT + of;
      out.imagePx.copyWithin(to * 3, from * 3, from * 3 + 3);
      out.worldM.copyWithin(to * 3, from * 3, from * 3 + 3);
      out.visibility[to] = out.visibility[from];
    }
  }
}
