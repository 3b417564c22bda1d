import type { Clip } from '@gaitway/motion/clip';
import { HUMAN_JOINTS } from '@gaitway/motion/human';
import { multiply, normalize } from '@gaitway/motion/quaternion';
import { fromAxisAngle, slerp } from '@gaitway/motion/rotation';
import type { Random } from './random.ts';

/** Joints whose motion may be taken from another clip. */
const UPPER_BODY = /^(spine|neck|head|clavicle|upperarm|lowerarm|hand)/;
const DEGREE = Math.PI / 180;

/** A rotation added to one joint, swinging slowly; axis in the joint's rest frame. */
interface Swing {
  readonly joint: number;
  readonly axis: readonly [number, number, number];
  readonly meanRad: number;
  readonly amplitudeRad: number;
  readonly frequencyHz: number;
  readonly phaseRad: number;
  /** Before the joint's own rotation (seen in its parent) instead of after it. */
  readonly isOuter: boolean;
}

/** Part of a clip at another frame rate, from `startSec` on. */
export function excerpt(clip: Clip, startSec: number, fps: number, frameCount: number): Clip {
  const joints = clip.skeleton.joints.length;
  const rotations = new Float32Array(frameCount * joints * 4);
  const root = new Float32Array(frameCount * 3);
  for (let f = 0; f < frameCount; f++) {
    const at = Math.min(clip.frameCount - 1, Math.max(0, (startSec + f / fps) * clip.fps));
    const before = Math.min(Math.floor(at), Math.max(0, clip.frameCount - 2));
    const after = Math.min(before + 1, clip.frameCount - 1);
    const t = at - before;
    for (let k = 0; k < 3; k++) {
      root[f * 3 + k] = (1 - t) * clip.rootTranslationM[before * 3 + k] + t * clip.rootTranslationM[after * 3 + k];
    }
    for (let j = 0; j < joints; j++) {
      slerp(rotations, (f * joints + j) * 4, clip.rotations, (before * joints + j) * 4, clip.rotations, (after * joints + j) * 4, t);
    }
  }
  return {
    ...clip,
    fps,
    frameCount,
    rootTranslationM: root,
    rotations,
    contacts: new Uint8Array(frameCount * 4),
    confidence: new Float32Array(frameCount * joints).fill(1),
  };
}

/** `clip` with the arms and the trunk of `other` (same length). */
export function withUpperBody(clip: Clip, other: Clip): Clip {
  const joints = HUMAN_JOINTS.length;
  const rotations = clip.rotations.slice();
  HUMAN_JOINTS.forEach((name, j) => {
    if (!UPPER_BODY.test(name)) return;
    for (let f = 0; f < clip.frameCount; f++) {
      const at = (f * joints + j) * 4;
      rotations.set(other.rotations.subarray(at, at + 4), at);
    }
  });
  return { ...clip, rotations };
}

type Add = (name: string, axis: readonly [number, number, number], meanDeg: number, amplitudeDeg: number, isOuter?: boolean) => void;

const adding =
  (random: Random, out: Swing[]): Add =>
  (name, axis, meanDeg, amplitudeDeg, isOuter = false) => {
    out.push({
      joint: HUMAN_JOINTS.indexOf(name),
      axis,
      meanRad: meanDeg * DEGREE,
      amplitudeRad: amplitudeDeg * DEGREE,
      frequencyHz: random.between(0.15, 0.8),
      phaseRad: random.between(0, 2 * Math.PI),
      isOuter,
    });
  };

/** Standing on one leg: the other before, behind or beside the body, the arms held out more or less, the trunk leaning against it. */
export function balancing(random: Random): Swing[] {
  const out: Swing[] = [];
  const add = adding(random, out);
  const lifted = random.pick(['l', 'r'] as const);
  const s = lifted === 'l' ? 1 : -1;
  const forward = random.chance(0.75) ? random.between(10, 100) : random.between(-35, 0);
  add(`thigh_${lifted}`, [1, 0, 0], -forward, random.between(0, 8), true);
  add(`thigh_${lifted}`, [0, 0, 1], s * random.between(-5, 45), random.between(0, 6), true);
  add(`calf_${lifted}`, [1, 0, 0], random.between(0, 110), random.between(0, 10));
  add(`foot_${lifted}`, [1, 0, 0], random.between(-10, 30), random.between(0, 8));
  // The hips tip over the leg that stands, up to where somebody falls.
  const lean = s * (random.chance(0.5) ? random.between(-10, 10) : random.between(0, 45));
  add('pelvis', [0, 0, 1], lean, 0);
  add(`thigh_${lifted === 'l' ? 'r' : 'l'}`, [0, 0, 1], -lean, 0, true);
  for (let k = 1; k <= 5; k++) {
    add(`spine_0${k}`, [0, 0, 1], (random.normal() * 12) / 5, random.between(0, 1));
    add(`spine_0${k}`, [1, 0, 0], (random.normal() * 12) / 5, random.between(0, 1));
  }
  const raised = random.between(0, 80);
  for (const side of ['l', 'r'] as const) {
    if (random.chance(0.25)) continue;
    add(`upperarm_${side}`, [0, 0, 1], (side === 'l' ? 1 : -1) * (raised + random.normal() * 12), random.between(0, 12), true);
    if (random.chance(0.4)) add(`lowerarm_${side}`, [-1, 0, 0], random.between(0, 70), random.between(0, 15));
  }
  add('head', [0, 1, 0], random.normal() * 12, random.between(0, 8));
  return out;
}

/** Poses that captured walks do not hold: bent and leaning trunks, raised arms, bent knees, turned heads, people who lie. */
export function randomSwings(random: Random): Swing[] {
  const out: Swing[] = [];
  const add = adding(random, out);
  bendTrunk(random, add);
  for (const side of ['l', 'r'] as const) {
    moveArm(random, side, add);
    moveLeg(random, side, add);
  }
  if (random.chance(0.07)) {
    const heading = random.between(0, 2 * Math.PI);
    add(
      'pelvis',
      [Math.cos(heading), 0, Math.sin(heading)],
      random.between(15, random.chance(0.3) ? 170 : 60),
      random.between(0, 20),
      true,
    );
  }
  return out;
}

function bendTrunk(random: Random, add: Add): void {
  if (random.chance(0.35)) {
    // Forwards (+x) most of the time, hinged in the hips and the spine together.
    const total = random.chance(0.8) ? 110 * random.next() ** 1.5 : random.between(-25, 0);
    const share = random.between(0.3, 0.8);
    const sideways = random.normal() * 12;
    const swing = random.between(0, 25);
    add('pelvis', [1, 0, 0], total * share, swing * share);
    // Legs stay where they were.
    for (const side of ['l', 'r']) add(`thigh_${side}`, [1, 0, 0], -total * share, 0, true);
    for (let k = 1; k <= 5; k++) {
      add(`spine_0${k}`, [1, 0, 0], (total * (1 - share)) / 5, (swing * (1 - share)) / 5);
      add(`spine_0${k}`, [0, 0, 1], sideways / 5, random.between(0, 3));
      add(`spine_0${k}`, [0, 1, 0], (random.normal() * 15) / 5, random.between(0, 4));
    }
  }
  if (random.chance(0.6)) {
    add('head', [0, 1, 0], random.normal() * 25, random.between(0, 20));
    add('neck_01', [1, 0, 0], random.normal() * 15, random.between(0, 12));
  }
}

function moveArm(random: Random, side: 'l' | 'r', add: Add): void {
  if (random.chance(0.55)) return;
  const s = side === 'l' ? 1 : -1;
  const v = [random.normal(), random.normal(), random.normal()] as const;
  const length = Math.hypot(...v) || 1;
  add(`upperarm_${side}`, [v[0] / length, v[1] / length, v[2] / length], Math.abs(random.normal()) * 35, random.between(0, 30), true);
  if (random.chance(0.6)) add(`lowerarm_${side}`, [-Math.SQRT1_2, -s * Math.SQRT1_2, 0], random.between(0, 90), random.between(0, 40));
  if (random.chance(0.5)) add(`hand_${side}`, [v[1] / length, v[2] / length, v[0] / length], random.normal() * 25, random.between(0, 15));
}

function moveLeg(random: Random, side: 'l' | 'r', add: Add): void {
  if (random.chance(0.65)) return;
  const s = side === 'l' ? 1 : -1;
  const flexion = Math.abs(random.normal()) * 28;
  add(`thigh_${side}`, [1, 0, 0], -flexion, random.between(0, 20), true);
  add(`thigh_${side}`, [0, 0, 1], s * random.between(-5, 25), random.between(0, 8), true);
  add(`thigh_${side}`, [0, 1, 0], random.normal() * 12, 0);
  add(`calf_${side}`, [1, 0, 0], Math.max(0, flexion * random.between(0.5, 2)), random.between(0, 20));
  add(`foot_${side}`, [1, 0, 0], random.between(-20, 25), random.between(0, 10));
}

/** `clip` with every swing added. */
export function withSwings(clip: Clip, swings: readonly Swing[]): Clip {
  const joints = clip.skeleton.joints.length;
  const rotations = clip.rotations.slice();
  const turn = new Float64Array(4);
  for (const swing of swings) {
    for (let f = 0; f < clip.frameCount; f++) {
      const at = (f * joints + swing.joint) * 4;
      const angle = swing.meanRad + swing.amplitudeRad * Math.sin(2 * Math.PI * swing.frequencyHz * (f / clip.fps) + swing.phaseRad);
      fromAxisAngle(turn, 0, swing.axis[0], swing.axis[1], swing.axis[2], angle);
      if (swing.isOuter) multiply(rotations, at, turn, 0, rotations, at);
      else multiply(rotations, at, rotations, at, turn, 0);
      normalize(rotations, at);
    }
  }
  return { ...clip, rotations };
}
