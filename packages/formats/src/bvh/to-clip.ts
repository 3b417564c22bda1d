import type { Clip } from '@gaitway/motion/clip';
import { CONTACT_DEFAULTS, detectContacts, pointSpeeds } from '@gaitway/motion/contacts';
import { GaitwayError } from '@gaitway/motion/errors';
import { humanLegs, solePositions } from '@gaitway/motion/feet';
import { FOOT_POINTS_M, HUMAN_JOINTS, HUMAN_SKELETON, scaledHuman } from '@gaitway/motion/human';
import { multiply, multiplyInverse, normalize, rotate } from '@gaitway/motion/quaternion';
import { fromAxisAngle, fromTo, slerp, unrollQuaternions } from '@gaitway/motion/rotation';
import type { Skeleton } from '@gaitway/motion/skeleton';
import { jointIndex } from '@gaitway/motion/skeleton';
import { detectUnit, detectUpAxis, type UpAxis, upVector } from './axes.ts';
import { findHumanoid } from './humanoid.ts';
import { bvhWorld } from './kinematics.ts';
import type { BvhMotion } from './motion.ts';
import { type BvhBody, type JointOffsets, jointOffsetsOf, span } from './offsets.ts';

export interface BvhToClipOptions {
  /** Overrides the detected up axis. */
  readonly upAxis?: UpAxis;
  /** Overrides the detected unit: metres in one unit of the file. */
  readonly metersPerUnit?: number;
}

export interface BvhClip {
  readonly clip: Clip;
  readonly upAxis: UpAxis;
  readonly metersPerUnit: number;
  readonly warnings: readonly string[];
}

/**
 * A BVH of a person as a Clip on the human skeleton with that person's bone lengths: bone directions are kept to the digit, the
 * first frame faces +Z with the pelvis above the origin, the floor is at y = 0, contacts come from the soles.
 */
export function bvhToClip(motion: BvhMotion, options: BvhToClipOptions = {}): BvhClip {
  if (motion.frameCount < 1) throw new GaitwayError('motion_unreadable', { message: 'The BVH has no frames.' });
  const humanoid = findHumanoid(motion);
  const world = bvhWorld(motion);
  const upAxis = options.upAxis ?? detectUpAxis(motion, world, humanoid);
  const body: BvhBody = { motion, world, humanoid, upAxis };
  const lengths = measure(body);
  const unit =
    options.metersPerUnit === undefined
      ? detectUnit(lengths.thigh + lengths.shin)
      : { metersPerUnit: options.metersPerUnit, warning: null };
  const skeleton = personSkeleton(lengths, unit.metersPerUnit);
  const turned = worldRotations(body, jointOffsetsOf(body));
  const posed = standOnFloor(
    faceForward(poseClip(body, skeleton, turned, unit.metersPerUnit)),
    unit.metersPerUnit * (lengths.thigh + lengths.shin),
  );
  return {
    clip: posed,
    upAxis,
    metersPerUnit: unit.metersPerUnit,
    warnings: unit.warning ? [...motion.warnings, unit.warning] : motion.warnings,
  };
}

/** Median lengths in file units. */
interface Lengths {
  readonly thigh: number;
  readonly shin: number;
  readonly upperArm: number;
  readonly forearm: number;
  readonly hips: number;
  readonly shoulders: number;
  readonly trunk: number;
}

function measure(body: BvhBody): Lengths {
  const { left, right } = body.humanoid;
  const d = new Float64Array(3);
  const median = (pairs: readonly (readonly [number, number])[]): number => {
    const all: number[] = [];
    const step = Math.max(1, Math.floor(body.motion.frameCount / 200));
    for (let f = 0; f < body.motion.frameCount; f += step) {
      for (const [a, b] of pairs) {
        span(d, body, f, a, b);
        all.push(Math.hypot(d[0], d[1], d[2]));
      }
    }
    return all.sort((x, y) => x - y)[all.length >> 1];
  };
  return {
    thigh: median([
      [left.thigh, left.shin],
      [right.thigh, right.shin],
    ]),
    shin: median([
      [left.shin, left.foot],
      [right.shin, right.foot],
    ]),
    upperArm: median([
      [left.upperArm, left.forearm],
      [right.upperArm, right.forearm],
    ]),
    forearm: median([
      [left.forearm, left.hand],
      [right.forearm, right.hand],
    ]),
    hips: median([[left.thigh, right.thigh]]),
    shoulders: median([[left.upperArm, right.upperArm]]),
    trunk: median([
      [left.thigh, left.upperArm],
      [right.thigh, right.upperArm],
    ]),
  };
}

const restSpan = (name: string): number => Math.hypot(...HUMAN_SKELETON.joints[jointIndex(HUMAN_SKELETON, name)].translationM);

function restDistance(a: string, b: string): number {
  const place = (name: string): [number, number, number] => {
    const sum: [number, number, number] = [0, 0, 0];
    for (let j = jointIndex(HUMAN_SKELETON, name); j >= 0; j = HUMAN_SKELETON.joints[j].parent) {
      for (let k = 0; k < 3; k++) sum[k] += HUMAN_SKELETON.joints[j].translationM[k];
    }
    return sum;
  };
  const p = place(a);
  const q = place(b);
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

/** The human skeleton with the segment lengths of the file; hands, feet and what the file does not tell scale with the legs. */
function personSkeleton(lengths: Lengths, metersPerUnit: number): Skeleton {
  const ratio = (fileLength: number, restM: number): number => {
    const r = (fileLength * metersPerUnit) / restM;
    return Number.isFinite(r) && r > 0.05 ? r : 1;
  };
  const leg = ratio(lengths.thigh + lengths.shin, restSpan('calf_l') + restSpan('foot_l'));
  const trunk = ratio(lengths.trunk, restDistance('thigh_l', 'upperarm_l'));
  const table: readonly (readonly [RegExp, number])[] = [
    [/^thigh_/, ratio(lengths.hips, restDistance('thigh_l', 'thigh_r'))],
    [/^calf_/, ratio(lengths.thigh, restSpan('calf_l'))],
    [/^foot_/, ratio(lengths.shin, restSpan('foot_l'))],
    [/^upperarm_/, ratio(lengths.shoulders, restDistance('upperarm_l', 'upperarm_r'))],
    [/^lowerarm_/, ratio(lengths.upperArm, restSpan('lowerarm_l'))],
    [/^hand_/, ratio(lengths.forearm, restSpan('hand_l'))],
    [/^(spine|neck|head|clavicle)/, trunk],
  ];
  return scaledHuman('gaitway-human-from-bvh', (joint) => table.find(([words]) => words.test(joint))?.[1] ?? leg);
}

/** World rotations of every human joint, `frameCount × joints × 4`, Y up, heading as in the file. */
function worldRotations(body: BvhBody, offsets: JointOffsets): Float64Array {
  const joints = HUMAN_JOINTS.length;
  const out = new Float64Array(body.motion.frameCount * joints * 4);
  const upright = new Float64Array(4);
  fromTo(upright, 0, upVector(body.upAxis), 0, [0, 1, 0], 0);
  for (let f = 0; f < body.motion.frameCount; f++) {
    const at = (name: string): number => (f * joints + HUMAN_JOINTS.indexOf(name)) * 4;
    for (const [name, { joint, offset }] of offsets) {
      multiply(out, at(name), body.world.rotations, (f * body.motion.joints.length + joint) * 4, offset, 0);
      multiply(out, at(name), upright, 0, out, at(name));
    }
    if (!offsets.has('head')) out.copyWithin(at('head'), at('spine_05'), at('spine_05') + 4);
    for (let k = 1; k < 5; k++) slerp(out, at(`spine_0${k}`), out, at('pelvis'), out, at('spine_05'), k / 5);
    for (let k = 1; k < 3; k++) slerp(out, at(`neck_0${k}`), out, at('spine_05'), out, at('head'), k / 3);
    HUMAN_SKELETON.joints.forEach((joint, j) => {
      const known = offsets.has(joint.name) || /^(pelvis|spine|neck|head)/.test(joint.name);
      if (!known) out.copyWithin((f * joints + j) * 4, (f * joints + joint.parent) * 4, (f * joints + joint.parent) * 4 + 4);
    });
  }
  return out;
}

/** Local rotations and the pelvis placed so that the middle of the hips is where it is in the file. */
function poseClip(body: BvhBody, skeleton: Skeleton, turned: Float64Array, metersPerUnit: number): Clip {
  const joints = skeleton.joints.length;
  const frameCount = body.motion.frameCount;
  const rotations = new Float32Array(frameCount * joints * 4);
  const root = new Float32Array(frameCount * 3);
  const upright = new Float64Array(4);
  fromTo(upright, 0, upVector(body.upAxis), 0, [0, 1, 0], 0);
  const [, y, z] = skeleton.joints[jointIndex(skeleton, 'thigh_l')].translationM;
  const local = new Float64Array(4);
  const hips = new Float64Array(3);
  const down = new Float64Array(3);
  for (let f = 0; f < frameCount; f++) {
    skeleton.joints.forEach((joint, j) => {
      const i = (f * joints + j) * 4;
      if (joint.parent < 0) local.set(turned.subarray(i, i + 4));
      else multiplyInverse(local, 0, turned, (f * joints + joint.parent) * 4, turned, i);
      normalize(local, 0);
      rotations.set(local, i);
    });
    const base = f * body.motion.joints.length;
    for (let k = 0; k < 3; k++) {
      hips[k] =
        ((body.world.positions[(base + body.humanoid.left.thigh) * 3 + k] +
          body.world.positions[(base + body.humanoid.right.thigh) * 3 + k]) /
          2) *
        metersPerUnit;
    }
    rotate(hips, 0, upright, 0, hips, 0);
    rotate(down, 0, turned, f * joints * 4, [0, y, z], 0);
    for (let k = 0; k < 3; k++) root[f * 3 + k] = hips[k] - down[k];
  }
  for (let j = 0; j < joints; j++) unrollQuaternions(rotations, j * 4, frameCount, joints * 4);
  return {
    skeleton,
    fps: nominalRate(body.motion.frameTimeSec),
    frameCount,
    rootTranslationM: root,
    rotations,
    contacts: new Uint8Array(frameCount * 4),
    confidence: new Float32Array(frameCount * joints).fill(1),
  };
}

/** A frame time written with few digits (0.0333333) means the whole rate that is nearest, where that is within 0.2 %. */
function nominalRate(frameTimeSec: number): number {
  const rate = 1 / frameTimeSec;
  const whole = Math.round(rate);
  return whole > 0 && Math.abs(rate - whole) < 0.002 * whole ? whole : rate;
}

/** Turns the clip about the vertical so that the pelvis of the first frame faces +Z, above the origin. */
function faceForward(clip: Clip): Clip {
  const facing = new Float64Array(3);
  rotate(facing, 0, clip.rotations, 0, [0, 0, 1], 0);
  const turn = new Float64Array(4);
  fromAxisAngle(turn, 0, 0, 1, 0, -Math.atan2(facing[0], facing[2]));
  const root = clip.rootTranslationM.slice();
  const rotations = clip.rotations.slice();
  const stride = clip.skeleton.joints.length * 4;
  for (let f = 0; f < clip.frameCount; f++) {
    root[f * 3] = clip.rootTranslationM[f * 3] - clip.rootTranslationM[0];
    root[f * 3 + 2] = clip.rootTranslationM[f * 3 + 2] - clip.rootTranslationM[2];
    rotate(root, f * 3, turn, 0, root, f * 3);
    multiply(rotations, f * stride, turn, 0, rotations, f * stride);
  }
  return { ...clip, rootTranslationM: root, rotations };
}

const REST_LEG_M = restSpan('calf_l') + restSpan('foot_l');
/** Sole points slower than this belong to standing feet, m/s for a leg of the standard length. */
const STANDING_SPEED_MS = 0.25;
const FLOOR_PERCENTILE = 0.2;
/** Feet of captured motion slide a little more than those of our own solve, which locks them. */
const MOCAP_START_SPEED_MS = 0.25;
const MOCAP_END_SPEED_MS = 0.4;
const MOCAP_MIN_CONTACT_SEC = 0.03;

/** Lowers or lifts the clip so that standing soles are at y = 0, then finds the contacts. */
function standOnFloor(clip: Clip, legM: number): Clip {
  const scale = legM / REST_LEG_M;
  const scaled = (v: readonly [number, number, number]): [number, number, number] => [v[0] * scale, v[1] * scale, v[2] * scale];
  const legs = humanLegs(clip, { heel: scaled(FOOT_POINTS_M.heel), toe: scaled(FOOT_POINTS_M.toe) });
  const soles = solePositions(clip, legs);
  const speeds = pointSpeeds(soles, 4, clip.fps);
  const heights = Array.from(speeds.keys(), (i) => soles[i * 3 + 1]);
  const standing = heights.filter((_, i) => speeds[i] < STANDING_SPEED_MS * scale).sort((a, b) => a - b);
  const pool = standing.length >= 4 ? standing : heights.sort((a, b) => a - b);
  const floor = pool[Math.floor((pool.length - 1) * FLOOR_PERCENTILE)];
  const root = clip.rootTranslationM.slice();
  for (let f = 0; f < clip.frameCount; f++) root[f * 3 + 1] -= floor;
  for (let i = 1; i < soles.length; i += 3) soles[i] -= floor;
  const contacts = detectContacts(soles, 4, clip.fps, {
    ...CONTACT_DEFAULTS,
    startSpeedMS: MOCAP_START_SPEED_MS * scale,
    minContactSec: MOCAP_MIN_CONTACT_SEC,
    endSpeedMS: MOCAP_END_SPEED_MS * scale,
    maxHeightM: CONTACT_DEFAULTS.maxHeightM * scale,
  });
  return { ...clip, rootTranslationM: root, contacts };
}
