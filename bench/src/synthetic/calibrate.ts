/**
 * Measures how BlazePose errs on the sample clips, and writes the table that the synthetic bench draws its noise from.
 *
 *   node --conditions=gaitway-source --import tsx bench/src/synthetic/calibrate.ts
 *
 * Residuals are what is left between what the network saw and the true body with the offset tables of the solve: in the image
 * at the distance of the body; of the world landmarks after the best rigid turn of the whole body in each frame, whose angles are
 * noise of their own (the network pulls people upright). Each series of a clip gives a mean (its bias), a standard deviation and
 * how fast it changes at rest and in motion; left and right, and the clips, are pooled.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { BODY_JOINTS } from '@gaitway/capture/fit/body-model';
import { ATTACHMENTS } from '@gaitway/capture/fit/landmark-model';
import { IMAGE_OFFSETS_MM, WORLD_OFFSETS_MM } from '@gaitway/capture/fit/landmark-offsets';
import { HUMAN_SKELETON_HEIGHT_M } from '@gaitway/motion/human';
import { rotate } from '@gaitway/motion/quaternion';
import { fromBasis, logMap } from '@gaitway/motion/rotation';
import { align, transformed } from '../alignment.ts';
import type { Sample } from '../offsets/sample.ts';
import { readSamples } from '../offsets/sample.ts';
import type { Wander } from './noise-table.ts';

const CLIPS = ['walk_front', 'punch_34', 'bend_scoop', 'dance_portrait'];

/** One number over the frames of a clip, and how fast what it is about moved, m/s. */
interface Series {
  readonly values: Float64Array;
  readonly speeds: Float64Array;
}

/** All series, by what they are about. */
type Pool = Map<string, Series[]>;

const put = (pool: Pool, key: string, values: Float64Array, speeds: Float64Array): void => {
  pool.set(key, [...(pool.get(key) ?? []), { values, speeds }]);
};

const FPS = 30;

/** Speed of a body joint in each frame (from the one before), m/s. */
function speedsOf(sample: Sample, joint: number): Float64Array {
  const J = BODY_JOINTS.length;
  const p = sample.positions;
  return Float64Array.from({ length: sample.frameCount }, (_, f) => {
    const i = (Math.max(1, f) * J + joint) * 3;
    const j = i - J * 3;
    return Math.hypot(p[i] - p[j], p[i + 1] - p[j + 1], p[i + 2] - p[j + 2]) * FPS;
  });
}

/** Mean speed of all joints that carry landmarks. */
function bodySpeeds(sample: Sample): Float64Array {
  const all = ATTACHMENTS.map((a) => speedsOf(sample, a.near));
  return all[0].map((_, f) => all.reduce((sum, one) => sum + one[f] / all.length, 0));
}

/** Left and right share a name: the odd landmark of the pair. */
const sideless = (landmark: number): number =>
  landmark === 0 ? 0 : landmark === 5 ? 2 : landmark > 6 && landmark % 2 === 0 ? landmark - 1 : landmark;

/** Where a landmark of the true body lies in camera axes (y up, z towards the camera), metres. */
function pointOf(sample: Sample, f: number, a: (typeof ATTACHMENTS)[number], table: typeof IMAGE_OFFSETS_MM): Float64Array {
  const J = BODY_JOINTS.length;
  const s = sample.heightM / HUMAN_SKELETON_HEIGHT_M / 1000;
  const out = Float64Array.from(table[a.landmark], (v) => v * s);
  rotate(out, 0, sample.rotations, (f * J + a.joint) * 4, out, 0);
  const at = (f * J + a.near) * 3;
  return out.map((v, k) => v + sample.positions[at + k]);
}

function imageResiduals(pool: Pool, sample: Sample): void {
  const perMm = HUMAN_SKELETON_HEIGHT_M / sample.heightM;
  for (const a of ATTACHMENTS) {
    const series = [0, 1].map(() => new Float64Array(sample.frameCount));
    for (let f = 0; f < sample.frameCount; f++) {
      const p = pointOf(sample, f, a, IMAGE_OFFSETS_MM);
      const depthM = -p[2];
      for (let k = 0; k < 2; k++) series[k][f] = (sample.rays[(f * 33 + a.landmark) * 2 + k] - p[k] / depthM) * depthM * 1000 * perMm;
    }
    for (const one of series) put(pool, `image ${sideless(a.landmark)}`, one, speedsOf(sample, a.near));
  }
}

function worldResiduals(pool: Pool, sample: Sample): void {
  const perMm = HUMAN_SKELETON_HEIGHT_M / sample.heightM;
  const scale = worldScale(sample);
  const turns = [0, 1, 2].map(() => new Float64Array(sample.frameCount));
  const left = ATTACHMENTS.map(() => [0, 1, 2].map(() => new Float64Array(sample.frameCount)));
  for (let f = 0; f < sample.frameCount; f++) {
    const { seen, real } = cloudsOf(sample, f, scale);
    const T = align(real, seen, { scale: false });
    rotationVector(T.R).forEach((v, k) => {
      turns[k][f] = v;
    });
    const moved = transformed(T, real);
    left.forEach((axes, i) => {
      axes.forEach((series, k) => {
        series[f] = (seen[i * 3 + k] - moved[i * 3 + k]) * 1000 * perMm;
      });
    });
  }
  turns.forEach((series, k) => {
    put(pool, `turn ${'xyz'[k]}`, series, bodySpeeds(sample));
  });
  left.forEach((axes, i) => {
    axes.forEach((series, k) => {
      put(pool, `world ${k === 2 ? 'z' : 'xy'} ${sideless(ATTACHMENTS[i].landmark)}`, series, speedsOf(sample, ATTACHMENTS[i].near));
    });
  });
}

/** What the network saw, in true metres, and where the true body is. */
function cloudsOf(sample: Sample, f: number, scale: number): { seen: Float64Array; real: Float64Array } {
  return {
    seen: Float64Array.from(ATTACHMENTS.flatMap((a) => [0, 1, 2].map((k) => sample.vectors[(f * 33 + a.landmark) * 3 + k] * scale))),
    real: Float64Array.from(ATTACHMENTS.flatMap((a) => [...pointOf(sample, f, a, WORLD_OFFSETS_MM)])),
  };
}

/** True metres in one of the network's. */
function worldScale(sample: Sample): number {
  const scales = Array.from({ length: sample.frameCount }, (_, f) => {
    const { seen, real } = cloudsOf(sample, f, 1);
    return align(seen, real, { scale: true }).s;
  }).sort((a, b) => a - b);
  return scales[scales.length >> 1];
}

function rotationVector(R: Float64Array): number[] {
  const column = (k: number): number[] => [R[k], R[3 + k], R[6 + k]];
  const q = new Float64Array(4);
  const v = new Float64Array(3);
  fromBasis(q, 0, column(0), 0, column(1), 0, column(2), 0);
  logMap(v, 0, q, 0);
  return [...v];
}

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

/** What rests and what moves, m/s. */
const RESTS_MS = 0.2;
const MOVES_MS = 0.5;

/**
 * Pools the series of one kind. An AR(1) that forgets at a rate r changes by E[(Δx)²] = 2σ²·r·dt: r at rest and in motion give the
 * two rates. The changes are medians, because one exchanged limb changes more in a frame than a second of wobble; the
 * standard deviation takes everything, because what is wrong for a while is as real as what wobbles.
 */
function wanderOf(series: readonly Series[]): Wander {
  const means = series.map(({ values }) => mean(values));
  const variance = mean(series.map(({ values }, i) => mean(values.map((v) => (v - means[i]) ** 2))));
  const bias = mean(means.map((m) => m * m));
  const rest = binOf(series, (speed) => speed < RESTS_MS);
  const motion = binOf(series, (speed) => speed > MOVES_MS);
  const rate = ({ changes }: Bin): number => (robustSigma(changes) ** 2 / (2 * variance)) * FPS;
  const perM = Math.max(0, (rate(motion) - rate(rest)) / (mean(motion.speeds) - mean(rest.speeds)));
  const perSec = Math.max(0, rate(rest) - perM * mean(rest.speeds));
  return { sigma: Math.sqrt(variance), perSec, perM, biasSigma: Math.sqrt(bias) };
}

interface Bin {
  readonly changes: number[];
  readonly speeds: number[];
}

/** Changes between neighbouring frames at the speeds that are wanted. */
function binOf(series: readonly Series[], wanted: (speed: number) => boolean): Bin {
  const out: Bin = { changes: [], speeds: [] };
  for (const { values, speeds } of series) {
    for (let f = 1; f < values.length; f++) {
      if (!wanted(speeds[f])) continue;
      out.changes.push(values[f] - values[f - 1]);
      out.speeds.push(speeds[f]);
    }
  }
  return out;
}

const middleOf = (values: Iterable<number>): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
};

/** Standard deviation of the Gaussian that has this median deviation. */
const robustSigma = (values: readonly number[]): number => 1.4826 * middleOf(values.map(Math.abs));

function render(pool: Pool): string {
  const row = (key: string, digits = 0): string => {
    const { sigma, perSec, perM, biasSigma } = wanderOf(pool.get(key) ?? []);
    return `wander(${sigma.toFixed(digits)}, ${perSec.toFixed(2)}, ${perM.toFixed(2)}, ${biasSigma.toFixed(digits)})`;
  };
  const landmarks = [...new Set(ATTACHMENTS.map((a) => sideless(a.landmark)))];
  const rows = landmarks.map(
    (i) => `  { landmark: ${i}, image: ${row(`image ${i}`)}, worldXy: ${row(`world xy ${i}`)}, worldZ: ${row(`world z ${i}`)} },`,
  );
  const turns = ['x', 'y', 'z'].map((axis) => row(`turn ${axis}`, 3)).join(', ');
  const about =
    "/** Turn of the whole body that the world landmarks show against the true one, about the camera's x, y (up) and z, radians. */";
  return `${about}\nexport const TURN_RAD: readonly [Wander, Wander, Wander] = [${turns}];\n\nexport const LANDMARK_NOISE: readonly LandmarkNoise[] = [\n${rows.join('\n')}\n];\n`;
}

const target = new URL('./noise-table.ts', import.meta.url);
const pool: Pool = new Map();
const samples = await readSamples(CLIPS, ['balanced']);
for (const sample of samples) {
  imageResiduals(pool, sample);
  worldResiduals(pool, sample);
}
const head = readFileSync(target, 'utf8').split('/* measured */')[0];
writeFileSync(target, `${head}/* measured */\n${render(pool)}`);
console.log(
  'metres of the network in true ones against height:',
  samples.map((s) => [s.heightM, worldScale(s).toFixed(3)].join(' ')).join(', '),
);
