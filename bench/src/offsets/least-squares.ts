import { BODY_JOINTS } from '@gaitway/capture/fit/body-model';
import type { Attachment } from '@gaitway/capture/fit/landmark-model';
import { ATTACHMENTS } from '@gaitway/capture/fit/landmark-model';
import { mirroredIndex } from '@gaitway/capture/models/mirror';
import { HUMAN_SKELETON, HUMAN_SKELETON_HEIGHT_M } from '@gaitway/motion/human';
import { toMatrix } from '@gaitway/motion/rotation';
import { jointIndex } from '@gaitway/motion/skeleton';
import type { Sample } from './sample.ts';

type Vec = [number, number, number];

/** Where a landmark is expected before anything is measured, millimetres of a 1.75 m body. */
function anatomical(landmark: number): Vec {
  const finger = (name: string, side: 'l' | 'r'): Vec => {
    let joint = jointIndex(HUMAN_SKELETON, `${name}_01_${side}`);
    const sum: Vec = [0, 0, 0];
    for (; HUMAN_SKELETON.joints[joint].name !== `hand_${side}`; joint = HUMAN_SKELETON.joints[joint].parent)
      HUMAN_SKELETON.joints[joint].translationM.forEach((v, k) => {
        sum[k] += v * 1000;
      });
    return sum;
  };
  if (landmark >= 17 && landmark <= 20) return finger(landmark < 19 ? 'pinky' : 'index', landmark % 2 === 1 ? 'l' : 'r');
  const left: Record<number, Vec> = {
    0: [0, 20, 130],
    2: [32, 50, 100],
    7: [72, 30, 20],
    9: [25, -20, 105],
    29: [0, -60, -45],
    31: [6, -70, 190],
  };
  const own = left[landmark];
  if (own) return own;
  const twin = left[landmark === 5 ? 2 : landmark - 1];
  return twin ? [-twin[0], twin[1], twin[2]] : [0, 0, 0];
}

/** Standard deviation of an offset about its anatomical place, and of one observation of it, metres. */
const PRIOR_SIGMA_M = 0.04;
const OBSERVATION_SIGMA_M = 0.03;
/** Frames of a clip repeat each other: this many count as one observation. */
const FRAMES_PER_OBSERVATION = 30;

const isFitted = (landmark: number): boolean => landmark < 17 || landmark > 22;

/** Normal equations of one offset (3 unknowns, metres of a 1.75 m body), the right side mirrored into the left. */
interface Equations {
  readonly h: Float64Array;
  readonly g: Float64Array;
}

function solve3(h: Float64Array, g: Float64Array): Vec {
  const [a, b, c, , e, f, , , i] = h;
  const det = a * (e * i - f * f) - b * (b * i - f * c) + c * (b * f - e * c);
  return [
    (g[0] * (e * i - f * f) - b * (g[1] * i - f * g[2]) + c * (g[1] * f - e * g[2])) / det,
    (a * (g[1] * i - f * g[2]) - g[0] * (b * i - f * c) + c * (b * g[2] - g[1] * c)) / det,
    (a * (e * g[2] - g[1] * f) - b * (b * g[2] - g[1] * c) + g[0] * (b * f - e * c)) / det,
  ];
}

/** Adds one row J·o = r (J in the joint's frame); `mirror` −1 turns a right offset into a left one. */
function addRow(n: Equations, j: Vec, r: number, w: number, mirror: number): void {
  const row: Vec = [j[0] * mirror, j[1], j[2]];
  for (let a = 0; a < 3; a++) {
    n.g[a] += w * row[a] * r;
    for (let b = 0; b < 3; b++) n.h[a * 3 + b] += w * row[a] * row[b];
  }
}

function prior(landmark: number): Equations {
  const mean = anatomical(landmark).map((v) => v / 1000);
  const w = 1 / PRIOR_SIGMA_M ** 2;
  return { h: Float64Array.of(w, 0, 0, 0, w, 0, 0, 0, w), g: Float64Array.from(mean, (v) => v * w) };
}

type Visit = (sample: Sample, f: number, a: Attachment, matrix: Float64Array, joint: Float64Array, weight: number) => void;

function eachObservation(samples: readonly Sample[], a: Attachment, visit: Visit): void {
  const matrix = new Float64Array(9);
  const J = BODY_JOINTS.length;
  for (const sample of samples) {
    for (let f = 0; f < sample.frameCount; f++) {
      const seen = sample.visibility[f * 33 + a.landmark];
      if (seen < 0.5) continue;
      toMatrix(matrix, 0, sample.rotations, (f * J + a.joint) * 4);
      const near = (f * J + a.near) * 3;
      visit(sample, f, a, matrix, sample.positions.subarray(near, near + 3), seen);
    }
  }
}

/** Fits left and right together; `rowsOf` adds the rows of one observation. */
function fitTable(samples: readonly Sample[], rowsOf: (n: Equations, mirror: number) => Visit): Vec[] {
  const out = Array.from({ length: 33 }, (_, i): Vec => anatomical(i));
  for (const a of ATTACHMENTS) {
    const twin = ATTACHMENTS.find((other) => other.landmark === mirroredIndex(a.landmark));
    if (!isFitted(a.landmark) || a.landmark === 5 || (a.landmark !== 0 && a.landmark !== 2 && a.landmark % 2 === 0) || !twin) continue;
    const n = prior(a.landmark);
    eachObservation(samples, a, rowsOf(n, 1));
    eachObservation(samples, twin, rowsOf(n, -1));
    const o = solve3(n.h, n.g).map((v) => v * 1000) as Vec;
    if (a.landmark === 0) o[0] = 0;
    out[a.landmark] = o;
    out[twin.landmark] = [a.landmark === 0 ? 0 : -o[0], o[1], o[2]];
  }
  return out;
}

const robust = (residual: number, sigma: number): number => 1 / (1 + (residual / (2 * sigma)) ** 2);

export const fitImageOffsets = (samples: readonly Sample[]): Vec[] =>
  fitTable(samples, (n, mirror) => (sample, f, a, m, p, seen) => {
    const s = sample.heightM / HUMAN_SKELETON_HEIGHT_M;
    for (let k = 0; k < 2; k++) {
      // ray·(−z) = x, with p = joint + R o: linear in o at the joint's depth.
      const ray = sample.rays[(f * 33 + a.landmark) * 2 + k];
      const r = -ray * p[2] - p[k];
      const j = [0, 1, 2].map((c) => s * (m[k * 3 + c] + ray * m[6 + c])) as Vec;
      const w = (seen * robust(r, 0.05)) / OBSERVATION_SIGMA_M ** 2 / FRAMES_PER_OBSERVATION;
      addRow(n, j, r, w, mirror);
    }
  });

const ROUNDS = 12;

/** Alternates between the offsets and, for each frame, where the model's hip centre lies; the model's scale is one a clip. */
export function fitWorldOffsets(samples: readonly Sample[]): Vec[] {
  let table = Array.from({ length: 33 }, (_, i): Vec => anatomical(i));
  for (let round = 0; round < ROUNDS; round++) {
    const frames = new Map(samples.map((sample) => [sample, centres(sample, table)]));
    table = fitTable(samples, (n, mirror) => (sample, f, a, m, p, seen) => {
      const s = sample.heightM / HUMAN_SKELETON_HEIGHT_M;
      const centre = frames.get(sample);
      if (!centre) return;
      for (let k = 0; k < 3; k++) {
        const r = centre.scale * sample.vectors[(f * 33 + a.landmark) * 3 + k] + centre.positions[f * 3 + k] - p[k];
        const j = [0, 1, 2].map((c) => s * m[k * 3 + c]) as Vec;
        const sigma = OBSERVATION_SIGMA_M * (k === 2 ? 2.5 : 1);
        addRow(n, j, r, (seen * robust(r, 0.06)) / sigma ** 2 / FRAMES_PER_OBSERVATION, mirror);
      }
    });
  }
  return table;
}

interface Centres {
  readonly positions: Float64Array;
  readonly scale: number;
}

/** Least squares of scale · vector + centre(frame) = landmark of the true body, with the offsets held. */
function centres(sample: Sample, table: readonly Vec[]): Centres {
  const body = Array.from({ length: sample.frameCount }, (_, f) => bodyMarks(sample, f, table));
  let up = 0;
  let down = 0;
  const means = body.map((marks, f) => {
    const mean = { v: [0, 0, 0], p: [0, 0, 0] };
    for (const { landmark, p } of marks)
      for (let k = 0; k < 3; k++) {
        mean.v[k] += sample.vectors[(f * 33 + landmark) * 3 + k] / marks.length;
        mean.p[k] += p[k] / marks.length;
      }
    for (const { landmark, p } of marks)
      for (let k = 0; k < 3; k++) {
        const v = sample.vectors[(f * 33 + landmark) * 3 + k] - mean.v[k];
        up += v * (p[k] - mean.p[k]);
        down += v * v;
      }
    return mean;
  });
  const scale = up / down;
  return { scale, positions: Float64Array.from(means.flatMap(({ v, p }) => [0, 1, 2].map((k) => p[k] - scale * v[k]))) };
}

function bodyMarks(sample: Sample, f: number, table: readonly Vec[]): { landmark: number; p: Vec }[] {
  const out: { landmark: number; p: Vec }[] = [];
  const s = sample.heightM / HUMAN_SKELETON_HEIGHT_M / 1000;
  for (const a of ATTACHMENTS) {
    if (!isFitted(a.landmark) || a.landmark < 11) continue;
    eachMark(sample, f, a, (matrix, near) => {
      const o = table[a.landmark];
      const p = [0, 1, 2].map((k) => near[k] + s * (matrix[k * 3] * o[0] + matrix[k * 3 + 1] * o[1] + matrix[k * 3 + 2] * o[2])) as Vec;
      out.push({ landmark: a.landmark, p });
    });
  }
  return out;
}

function eachMark(sample: Sample, f: number, a: Attachment, visit: (matrix: Float64Array, near: Float64Array) => void): void {
  const J = BODY_JOINTS.length;
  const matrix = new Float64Array(9);
  toMatrix(matrix, 0, sample.rotations, (f * J + a.joint) * 4);
  visit(matrix, sample.positions.subarray((f * J + a.near) * 3, (f * J + a.near) * 3 + 3));
}
