/** Quality numbers of motion, measured on positions so that they hold for any skeleton and any tool's output. */
import type { Clip } from './clip.ts';
import { jointPositions } from './kinematics.ts';
import { distance } from './vector.ts';

/**
 * Mean magnitude of the third difference of the points over time, in 10 m/s³ (the field's "jitter": WHAM, GVHMR).
 * `positionsM`: `frameCount × points × 3`. 0 for fewer than four frames.
 */
export function jitter(positionsM: Float64Array, points: number, fps: number): number {
  const width = points * 3;
  const frameCount = positionsM.length / width;
  let sum = 0;
  let count = 0;
  for (let f = 0; f + 3 < frameCount; f++) {
    for (let p = 0; p < points; p++) {
      const i = f * width + p * 3;
      sum += Math.hypot(
        thirdDifference(positionsM, i, width),
        thirdDifference(positionsM, i + 1, width),
        thirdDifference(positionsM, i + 2, width),
      );
      count++;
    }
  }
  return count > 0 ? (sum / count) * fps ** 3 * 0.1 : 0;
}

const thirdDifference = (x: Float64Array, i: number, step: number): number =>
  x[i + 3 * step] - 3 * x[i + 2 * step] + 3 * x[i + step] - x[i];

/** Coefficient of variation over time of each bone's length, averaged over the bones that have a length, percent. */
export function boneLengthVariationPct(clip: Clip): number {
  const joints = clip.skeleton.joints;
  const positions = jointPositions(clip);
  const width = joints.length * 3;
  let sum = 0;
  let bones = 0;
  joints.forEach((joint, j) => {
    if (joint.parent < 0 || Math.hypot(...joint.translationM) < 1e-6) return;
    const lengths = Float64Array.from({ length: clip.frameCount }, (_, f) =>
      distance(positions, f * width + j * 3, positions, f * width + joint.parent * 3),
    );
    sum += variation(lengths);
    bones++;
  });
  return bones > 0 ? (sum / bones) * 100 : 0;
}

function variation(values: Float64Array): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
  return Math.sqrt(variance) / mean;
}

/** What the soles do on the floor at y = 0. */
export interface SoleMetrics {
  /** Mean horizontal displacement of planted points, millimetres per frame at 30 fps. */
  readonly footSlideMmPerFrame: number;
  /** Deepest point below the floor, metres, ≥ 0. */
  readonly penetrationMaxM: number;
  /** Frames with a point more than 1 cm below the floor, percent. */
  readonly penetrationFramesPct: number;
  /** Highest planted point above the floor, metres, ≥ 0. */
  readonly floatMaxM: number;
  /** Planted samples more than 1 cm above the floor, percent. */
  readonly floatSamplesPct: number;
  /** Frames with at least one planted point, percent. */
  readonly contactFramesPct: number;
}

const TOLERANCE_M = 0.01;

/**
 * @param solesM `frameCount × points × 3`, world
 * @param contacts `frameCount × points`, 1 = planted
 */
export function soleMetrics(solesM: Float64Array, contacts: Uint8Array, points: number, fps: number): SoleMetrics {
  const frameCount = contacts.length / points;
  const slide = footSlide(solesM, contacts, points, fps);
  let deepest = 0;
  let deepFrames = 0;
  let highest = 0;
  let highSamples = 0;
  let planted = 0;
  let contactFrames = 0;
  for (let f = 0; f < frameCount; f++) {
    let lowest = Number.POSITIVE_INFINITY;
    let any = 0;
    for (let p = 0; p < points; p++) {
      const y = solesM[(f * points + p) * 3 + 1];
      lowest = Math.min(lowest, y);
      if (contacts[f * points + p] === 0) continue;
      any = 1;
      planted++;
      highest = Math.max(highest, y);
      if (y > TOLERANCE_M) highSamples++;
    }
    deepest = Math.max(deepest, -lowest);
    if (lowest < -TOLERANCE_M) deepFrames++;
    contactFrames += any;
  }
  return {
    footSlideMmPerFrame: slide,
    penetrationMaxM: deepest,
    penetrationFramesPct: percent(deepFrames, frameCount),
    floatMaxM: highest,
    floatSamplesPct: percent(highSamples, planted),
    contactFramesPct: percent(contactFrames, frameCount),
  };
}

const percent = (part: number, whole: number): number => (whole > 0 ? (part / whole) * 100 : 0);

/** Mean horizontal displacement between two frames in which the point is planted, millimetres per frame at 30 fps. */
export function footSlide(solesM: Float64Array, contacts: Uint8Array, points: number, fps: number): number {
  const frameCount = contacts.length / points;
  let sum = 0;
  let count = 0;
  for (let f = 1; f < frameCount; f++) {
    for (let p = 0; p < points; p++) {
      const i = f * points + p;
      if (!(contacts[i] && contacts[i - points])) continue;
      sum += Math.hypot(solesM[i * 3] - solesM[(i - points) * 3], solesM[i * 3 + 2] - solesM[(i - points) * 3 + 2]);
      count++;
    }
  }
  return count > 0 ? (sum / count) * 1000 * (fps / 30) : 0;
}

/** Frames in which at least one joint of `joints` has a confidence below `threshold`. */
export function lowConfidenceFrames(clip: Clip, joints: readonly number[], threshold: number): number {
  const width = clip.skeleton.joints.length;
  let count = 0;
  for (let f = 0; f < clip.frameCount; f++) if (joints.some((j) => clip.confidence[f * width + j] < threshold)) count++;
  return count;
}
