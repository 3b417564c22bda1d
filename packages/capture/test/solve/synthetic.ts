import { readFileSync } from 'node:fs';
import type { Landmarks } from '../../src/landmarks.ts';
import { LANDMARK_COUNT, LANDMARKS } from '../../src/landmarks.ts';

/** The parts of a sample's truth file that the tests use. Joints: metres, Y up. Camera: OpenCV axes, x_cam = R x + t. */
export interface Truth {
  readonly fps: number;
  readonly width: number;
  readonly height: number;
  readonly joints: readonly string[];
  readonly frames: readonly { readonly joints: readonly (readonly [number, number, number])[] }[];
  readonly camera: { readonly K: readonly number[]; readonly R: readonly number[]; readonly t: readonly number[] };
  readonly subject: { readonly height_m: number };
}

export const readTruth = (clip: string): Truth =>
  JSON.parse(readFileSync(new URL(`../../../../samples/${clip}.truth.json`, import.meta.url), 'utf8')) as Truth;

/** Joints of the truth that stand for each landmark; a face point is the nose moved along the ears' line. */
function jointFor(landmark: string): string {
  const side = landmark.slice(0, 2);
  const part = landmark.slice(2);
  const direct: Record<string, string> = {
    pinky: 'hand',
    index: 'hand',
    thumb: 'hand',
    foot_index: 'toe_tip',
  };
  if (landmark === 'nose' || /eye|ear|mouth/.test(landmark)) return 'nose';
  return side + (direct[part] ?? part);
}

/** Deterministic standard normal numbers. */
export function normals(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

export interface Noise {
  readonly seed: number;
  /** Standard deviations, pixels and metres (depth gets three times as much). */
  readonly imagePx: number;
  readonly worldM: number;
}

/** What a pose model without bias would see of the true motion: projected joints, and joints relative to the mid-hip. */
export function syntheticLandmarks(truth: Truth, noise: Noise): Landmarks {
  const frameCount = truth.frames.length;
  const next = normals(noise.seed);
  const out: Landmarks = {
    widthPx: truth.width,
    heightPx: truth.height,
    nominalFps: truth.fps,
    frameCount,
    timesSec: Float64Array.from({ length: frameCount }, (_, f) => f / truth.fps),
    found: new Uint8Array(frameCount).fill(1),
    imagePx: new Float32Array(frameCount * LANDMARK_COUNT * 3),
    worldM: new Float32Array(frameCount * LANDMARK_COUNT * 3),
    visibility: new Float32Array(frameCount * LANDMARK_COUNT).fill(0.95),
    score: new Float32Array(frameCount).fill(1),
  };
  const { K, R, t } = truth.camera;
  for (let f = 0; f < frameCount; f++) {
    const camera = trueMarks(truth, f).map((p) => [0, 1, 2].map((r) => R[r * 3] * p[0] + R[r * 3 + 1] * p[1] + R[r * 3 + 2] * p[2] + t[r]));
    const hip = [0, 1, 2].map((k) => (camera[23][k] + camera[24][k]) / 2);
    camera.forEach((p, i) => {
      const o = (f * LANDMARK_COUNT + i) * 3;
      out.imagePx[o] = (K[0] * p[0]) / p[2] + K[2] + noise.imagePx * next();
      out.imagePx[o + 1] = (K[4] * p[1]) / p[2] + K[5] + noise.imagePx * next();
      for (let k = 0; k < 3; k++) out.worldM[o + k] = p[k] - hip[k] + noise.worldM * (k === 2 ? 3 : 1) * next();
    });
  }
  return out;
}

/** World positions of the 33 landmarks of one frame. */
function trueMarks(truth: Truth, frame: number): number[][] {
  const joints = truth.frames[frame].joints;
  const at = (name: string): readonly [number, number, number] => joints[truth.joints.indexOf(name)];
  const across = difference(at('l_shoulder'), at('r_shoulder'));
  const face = difference(at('nose'), at('head'));
  return LANDMARKS.map((landmark) => {
    const p = [...at(jointFor(landmark))];
    const sideways = /ear/.test(landmark) ? 0.2 : /eye|mouth/.test(landmark) ? 0.08 : 0;
    const sign = landmark.startsWith('l_') ? 1 : -1;
    const back = /ear/.test(landmark) ? 0.9 : 0;
    for (let k = 0; k < 3; k++) p[k] += sign * sideways * across[k] - face[k] * back;
    if (/pinky|index$|thumb/.test(landmark) && !/foot/.test(landmark)) p[1] += /pinky/.test(landmark) ? -0.02 : 0.02;
    return p;
  });
}

const difference = (a: readonly number[], b: readonly number[]): number[] => a.map((v, k) => v - b[k]);

/** The first frames of a truth. */
export const firstFrames = (truth: Truth, count: number): Truth => ({ ...truth, frames: truth.frames.slice(0, count) });
