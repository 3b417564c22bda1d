import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { captureLandmarks } from '@gaitway/capture/capture-landmarks';
import { BODY_JOINTS, HUMAN_INDEX } from '@gaitway/capture/fit/body-model';
import type { Landmarks } from '@gaitway/capture/landmarks';
import { LANDMARKS } from '@gaitway/capture/landmarks';
import { analyticPose, createPoseScratch } from '@gaitway/capture/solve/analytic-pose';
import { HUMAN_JOINTS } from '@gaitway/motion/human';
import { multiply } from '@gaitway/motion/quaternion';
import { fromBasis } from '@gaitway/motion/rotation';

export type Quality = 'balanced' | 'accurate';

/** One clip: true joints and true joint frames in camera axes (y up, z towards the camera), and what the model saw. */
export interface Sample {
  readonly frameCount: number;
  readonly heightM: number;
  /** `frameCount × body joints × 3` and `× 4`. */
  readonly positions: Float64Array;
  readonly rotations: Float64Array;
  /** `frameCount × 33 × 2`: (u − c)/f with y up. */
  readonly rays: Float64Array;
  /** `frameCount × 33 × 3`, hip-centred, y up. */
  readonly vectors: Float64Array;
  readonly visibility: Float64Array;
}

interface TruthFile {
  readonly joints: readonly string[];
  readonly rot_joints: readonly string[];
  readonly frames: readonly { readonly joints: readonly (readonly number[])[]; readonly rot: readonly (readonly number[])[] }[];
  readonly camera: { readonly K: readonly number[]; readonly R: readonly number[]; readonly t: readonly number[] };
  readonly subject: { readonly height_m: number };
}

const TRUE_NAME: Readonly<Record<string, string>> = {
  pelvis: 'hips',
  head: 'head',
  upperarm: 'shoulder',
  lowerarm: 'elbow',
  hand: 'wrist',
  thigh: 'hip',
  calf: 'knee',
  foot: 'ankle',
  clavicle: 'clavicle',
};
/** Joints whose true rotation is taken from the file; limbs, whose rest pose differs, from their directions. */
const FROM_FILE = /^(pelvis|head|clavicle|foot)/;

/** Captures every clip at every quality and pairs what was seen with the truth. */
export async function readSamples(clips: readonly string[], qualities: readonly Quality[]): Promise<Sample[]> {
  const out: Sample[] = [];
  for (const clip of clips) {
    const truth = JSON.parse(readFileSync(new URL(`../../../samples/${clip}.truth.json`, import.meta.url), 'utf8')) as TruthFile;
    const video = fileURLToPath(new URL(`../../../samples/${clip}.mp4`, import.meta.url));
    for (const quality of qualities) out.push(sampleOf(truth, (await captureLandmarks(video, { quality })).landmarks));
  }
  return out;
}

function sampleOf(truth: TruthFile, dump: Landmarks): Sample {
  const frameCount = Math.min(truth.frames.length, dump.visibility.length / 33);
  const J = BODY_JOINTS.length;
  const { K } = truth.camera;
  const out: Sample = {
    frameCount,
    heightM: truth.subject.height_m,
    positions: new Float64Array(frameCount * J * 3),
    rotations: new Float64Array(frameCount * J * 4),
    rays: Float64Array.from({ length: frameCount * 66 }, (_, i) =>
      i % 2 === 0 ? (dump.imagePx[(i >> 1) * 3] - K[2]) / K[0] : (K[5] - dump.imagePx[(i >> 1) * 3 + 1]) / K[4],
    ),
    vectors: Float64Array.from({ length: frameCount * 99 }, (_, i) => dump.worldM[i] * (i % 3 === 0 ? 1 : -1)),
    visibility: Float64Array.from(dump.visibility),
  };
  for (let f = 0; f < frameCount; f++) frame(out, truth, f);
  return out;
}

/** Camera axes with y up from the truth's world. */
function toCamera(truth: TruthFile, p: readonly number[]): number[] {
  const { R, t } = truth.camera;
  const c = [0, 1, 2].map((r) => R[r * 3] * p[0] + R[r * 3 + 1] * p[1] + R[r * 3 + 2] * p[2] + t[r]);
  return [c[0], -c[1], -c[2]];
}

function cameraTurn(truth: TruthFile): Float64Array {
  const { R } = truth.camera;
  const column = (k: number): number[] => [R[k], -R[3 + k], -R[6 + k]];
  const q = new Float64Array(4);
  fromBasis(q, 0, column(0), 0, column(1), 0, column(2), 0);
  return q;
}

function frame(out: Sample, truth: TruthFile, f: number): void {
  const J = BODY_JOINTS.length;
  const joints = truth.frames[f].joints.map((p) => toCamera(truth, p));
  const at = (name: string): number[] => joints[truth.joints.indexOf(name)];
  const marks = new Float64Array(99);
  LANDMARKS.forEach((name, i) => {
    const part = name.slice(2);
    const trueName = { foot_index: 'toe_tip', index: 'hand', pinky: 'hand', thumb: 'hand' }[part] ?? part;
    const p = at(truth.joints.includes(name.slice(0, 2) + trueName) ? name.slice(0, 2) + trueName : 'nose');
    marks.set(p, i * 3);
  });
  const local = new Float32Array(HUMAN_JOINTS.length * 4);
  const scratch = createPoseScratch();
  analyticPose(local, 0, marks, 0, true, scratch);
  const turn = cameraTurn(truth);
  BODY_JOINTS.forEach((name, j) => {
    const [part, side] = name.split('_');
    const trueName = TRUE_NAME[part] && (side === 'l' || side === 'r' ? `${side}_${TRUE_NAME[part]}` : TRUE_NAME[part]);
    const o = f * J + j;
    if (trueName) out.positions.set(at(trueName), o * 3);
    const turned = trueName && FROM_FILE.test(name) ? truth.frames[f].rot[truth.rot_joints.indexOf(trueName)] : undefined;
    if (turned) {
      const [w, x, y, z] = turned;
      multiply(out.rotations, o * 4, turn, 0, [x, y, z, w], 0);
    } else out.rotations.set(scratch.world.subarray(HUMAN_INDEX[j] * 4, HUMAN_INDEX[j] * 4 + 4), o * 4);
  });
}
