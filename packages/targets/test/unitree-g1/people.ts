import type { Clip } from '@gaitway/motion/clip';
import { detectContacts } from '@gaitway/motion/contacts';
import { humanLegs, solePositions } from '@gaitway/motion/feet';
import { FOOT_POINTS_M, HUMAN_SKELETON, scaledHuman } from '@gaitway/motion/human';
import { jointIndex, type Skeleton } from '@gaitway/motion/skeleton';

/** What a person does in one frame: pelvis (Clip world, metres), turns about the left axis (radians, forward bend positive). */
export interface Figure {
  readonly pelvisM: readonly [number, number, number];
  readonly pitchRad?: number;
  /** World pitch of thigh, shank and foot of the left and the right leg; 0 = hanging down, sole level. */
  readonly legs: readonly (readonly [thigh: number, shank: number, foot: number])[];
  /** World pitch of upper arm and forearm, 0 = hanging down as in the rest pose. */
  readonly arms?: readonly (readonly [upper: number, fore: number])[];
}

/** A Clip of a person moved by figures. `size` 1 is the standard adult. */
export function clipOf(figures: readonly Figure[], fps = 30, size = 1): Clip {
  const skeleton: Skeleton = size === 1 ? HUMAN_SKELETON : scaledHuman('person', () => size);
  const joints = skeleton.joints.length;
  const rotations = new Float32Array(figures.length * joints * 4);
  const root = new Float32Array(figures.length * 3);
  figures.forEach((figure, f) => {
    root.set(figure.pelvisM, f * 3);
    const pitch = worldPitches(figure);
    skeleton.joints.forEach((joint, j) => {
      const above = joint.parent < 0 ? 0 : pitchOf(skeleton, pitch, joint.parent);
      const angle = pitchOf(skeleton, pitch, j) - above;
      rotations.set([Math.sin(angle / 2), 0, 0, Math.cos(angle / 2)], (f * joints + j) * 4);
    });
  });
  const clip: Clip = {
    skeleton,
    fps,
    frameCount: figures.length,
    rootTranslationM: root,
    rotations,
    contacts: new Uint8Array(figures.length * 4),
    confidence: new Float32Array(figures.length * joints).fill(1),
  };
  const scaled = (v: readonly [number, number, number]): [number, number, number] => [v[0] * size, v[1] * size, v[2] * size];
  const soles = solePositions(clip, humanLegs(clip, { heel: scaled(FOOT_POINTS_M.heel), toe: scaled(FOOT_POINTS_M.toe) }));
  return { ...clip, contacts: detectContacts(soles, 4, fps) };
}

/** World pitch of the joints that a figure sets; the others follow their parent. */
function worldPitches(figure: Figure): Map<string, number> {
  const out = new Map<string, number>([['pelvis', figure.pitchRad ?? 0]]);
  for (const [k, side] of ['l', 'r'].entries()) {
    const [thigh, shank, foot] = figure.legs[k];
    out.set(`thigh_${side}`, thigh).set(`calf_${side}`, shank).set(`foot_${side}`, foot);
    const arm = figure.arms?.[k];
    if (arm) out.set(`upperarm_${side}`, arm[0]).set(`lowerarm_${side}`, arm[1]);
  }
  return out;
}

function pitchOf(skeleton: Skeleton, pitch: ReadonlyMap<string, number>, j: number): number {
  for (let k = j; k >= 0; k = skeleton.joints[k].parent) {
    const known = pitch.get(skeleton.joints[k].name);
    if (known !== undefined) return known;
  }
  return 0;
}

const span = (name: string): number => {
  const [, y, z] = HUMAN_SKELETON.joints[jointIndex(HUMAN_SKELETON, name)].translationM;
  return Math.hypot(y, z);
};
const THIGH_M = span('calf_l');
const SHANK_M = span('foot_l');
const HIP_DROP_M = -HUMAN_SKELETON.joints[jointIndex(HUMAN_SKELETON, 'thigh_l')].translationM[1];
const ANKLE_M = -FOOT_POINTS_M.heel[1];
/** Rest pitches of thigh and shank: both lean a little from the vertical. */
const lean = (name: string): number => {
  const [, y, z] = HUMAN_SKELETON.joints[jointIndex(HUMAN_SKELETON, name)].translationM;
  return Math.atan2(z, -y);
};

/** World pitches of a leg whose ankle lies at (forward, height) while the hip is above the origin at hipM. */
function legTo(forwardM: number, upM: number): readonly [number, number] {
  const reach = Math.min(Math.hypot(forwardM, upM), (THIGH_M + SHANK_M) * 0.9995);
  const line = Math.atan2(forwardM, upM);
  const hip = Math.acos((THIGH_M ** 2 + reach ** 2 - SHANK_M ** 2) / (2 * THIGH_M * reach));
  const knee = Math.acos((THIGH_M ** 2 + SHANK_M ** 2 - reach ** 2) / (2 * THIGH_M * SHANK_M));
  const thigh = line + hip;
  // Pitch about the left axis is positive downward from forward: swinging a leg forward is negative.
  return [-thigh + lean('calf_l'), -(thigh - Math.PI + knee) + lean('foot_l')];
}

/** Steady walking along +Z: stance feet stand still and flat, swing feet lift by `liftM`. */
export function walk(seconds: number, fps = 30, speedMS = 0.8, stepSec = 0.7, liftM = 0.06): Figure[] {
  const stride = 2 * stepSec;
  return Array.from({ length: Math.round(seconds * fps) + 1 }, (_, f) => {
    const t = f / fps;
    const pelvisZ = speedMS * t;
    const pelvisY = 0.925 + 0.012 * Math.cos((4 * Math.PI * t) / stride);
    const legs = [0, 1].map((k) => {
      const foot = footAt(t + k * stepSec, speedMS, stride, liftM, k * stepSec * speedMS);
      const [thigh, shank] = legTo(foot.z - pelvisZ, pelvisY - HIP_DROP_M - ANKLE_M - foot.y);
      return [thigh, shank, 0] as const;
    });
    const swing = 0.35 * Math.sin((2 * Math.PI * t) / stride);
    return {
      pelvisM: [0, pelvisY, pelvisZ],
      legs,
      arms: [
        [swing, swing - 0.3],
        [-swing, -swing - 0.3],
      ],
    };
  });
}

/** A foot on the floor for 60 % of the stride, then through the air to its next place with no speed at both ends. */
function footAt(t: number, speedMS: number, stride: number, liftM: number, shiftM: number): { z: number; y: number } {
  const phase = t / stride;
  const cycle = Math.floor(phase);
  const part = phase - cycle;
  const from = (cycle + 0.3) * stride * speedMS - shiftM;
  if (part < 0.6) return { z: from, y: 0 };
  const s = (part - 0.6) / 0.4;
  const eased = s * s * s * (10 + s * (6 * s - 15));
  return { z: from + eased * stride * speedMS, y: liftM * Math.sin(Math.PI * s) ** 2 };
}

/** Standing still. */
export const stand = (frames: number): Figure[] =>
  Array.from({ length: frames }, () => ({
    pelvisM: [0, 0.965, 0],
    legs: [
      [0, 0, 0],
      [0, 0, 0],
    ],
  }));

/** From standing down to lying on the back, legs out. */
export function lieDown(seconds: number, fps = 30): Figure[] {
  return Array.from({ length: Math.round(seconds * fps) + 1 }, (_, f) => {
    const s = Math.min(1, (f / fps / seconds) * 1.2);
    const back = (-Math.PI / 2) * s;
    return {
      pelvisM: [0, 0.965 - 0.84 * s, -0.3 * s],
      pitchRad: back,
      legs: [
        [back, back, back],
        [back, back, back],
      ],
    };
  });
}
