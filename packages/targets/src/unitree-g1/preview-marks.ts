import {
  CAPSULE_FLOATS,
  CAPSULE_JOINT,
  CAPSULE_OVERLAPS,
  CAPSULE_SLIDES,
  CAPSULE_SUNK,
  CAPSULE_UNSURE,
} from '@gaitway/motion/capsule-body';
import { COLLISION_PAIRS, G1_CAPSULES } from './capsules.ts';
import { G1_DOF, type G1Model } from './model.ts';
import { type BodyTrack, trackBody } from './report/body-track.ts';
import { LOW_CONFIDENCE } from './report/directions.ts';
import { pairHeight, SLIDE_FAST_CM_S, slideCmS, TOLERANCE_M } from './report/feet.ts';
import { FAST_RAD_S, ROUNDING_RAD } from './report/joints.ts';
import { OVERLAP_TOLERANCE_M } from './report/self-collision.ts';
import { SEGMENT_COUNT, SEGMENTS } from './source.ts';
import type { G1Motion } from './trajectory.ts';

const CAPSULES = G1_CAPSULES.length;

/** How sure the source is of its segments, `frames × SEGMENTS`; the frames before and after it are the robot's own. */
export interface SegmentTrust {
  readonly leadFrames: number;
  readonly confidence: ArrayLike<number>;
}

/** Marks the capsules that the quality report complains about, `frameCount × capsules`: by the same rules, but where and when. */
export function markCapsules(
  model: G1Model,
  motion: G1Motion,
  contacts: Uint8Array,
  trust: SegmentTrust,
  track: BodyTrack = trackBody(model, motion),
): Uint8Array {
  const marks = new Uint8Array(motion.frameCount * CAPSULES);
  markUnsure(marks, motion.frameCount, trust);
  markFeet(marks, track, contacts, motion.fps);
  markJoints(marks, model, motion);
  markOverlaps(marks, track);
  return marks;
}

/** Names without the side of the capsules that follow each kind of segment. */
const FOLLOWERS: Readonly<Record<string, readonly string[]>> = {
  thigh: ['hip', 'thigh'],
  shank: ['shin', 'brace'],
  upper_arm: ['shoulder'],
  forearm: ['forearm', 'wrist', 'hand'],
};

const CAPSULES_OF_SEGMENT: readonly (readonly number[])[] = SEGMENTS.map((segment) => {
  const side = segment.startsWith('l_') ? 'left' : 'right';
  const names = new Set(FOLLOWERS[segment.slice(2)].map((name) => `${side}_${name}`));
  return G1_CAPSULES.flatMap(({ name }, c) => (names.has(name) ? [c] : []));
});

function markUnsure(marks: Uint8Array, frameCount: number, { leadFrames, confidence }: SegmentTrust): void {
  for (let i = 0; i < confidence.length; i++) {
    if (confidence[i] >= LOW_CONFIDENCE) continue;
    const frame = leadFrames + Math.floor(i / SEGMENT_COUNT);
    if (frame >= frameCount) return;
    for (const c of CAPSULES_OF_SEGMENT[i % SEGMENT_COUNT]) marks[frame * CAPSULES + c] = CAPSULE_UNSURE;
  }
}

/** Capsules that each joint moves: those of its own link, or of the first link below that has some. */
function capsulesOfJoints(model: G1Model): readonly (readonly number[])[] {
  const dressed = new Set(G1_CAPSULES.map(({ link }) => link));
  const out = Array.from({ length: G1_DOF }, (): number[] => []);
  G1_CAPSULES.forEach(({ link }, c) => {
    for (let l = link; l > 0; l = model.parentLink[l - 1]) {
      if (l !== link && dressed.has(l)) break;
      out[l - 1].push(c);
    }
  });
  return out;
}

function markJoints(marks: Uint8Array, model: G1Model, motion: G1Motion): void {
  const moved = capsulesOfJoints(model);
  for (let f = 0; f < motion.frameCount; f++) {
    for (let j = 0; j < G1_DOF; j++) {
      if (!isBeyondLimit(model, motion, f, j) && !isTooFast(model, motion, f, j)) continue;
      for (const c of moved[j]) marks[f * CAPSULES + c] = CAPSULE_JOINT;
    }
  }
}

function isBeyondLimit(model: G1Model, motion: G1Motion, frame: number, joint: number): boolean {
  const angleRad = motion.angles[frame * G1_DOF + joint];
  const marginRad = Math.min(angleRad - model.lowerRad[joint], model.upperRad[joint] - angleRad);
  return model.locked[joint] === 0 && marginRad < -ROUNDING_RAD;
}

function isTooFast(model: G1Model, motion: G1Motion, frame: number, joint: number): boolean {
  if (frame === 0) return false;
  const i = frame * G1_DOF + joint;
  const speedRadS = Math.abs(motion.angles[i] - motion.angles[i - G1_DOF]) * motion.fps;
  return speedRadS > Math.min(FAST_RAD_S, model.velocityRadS[joint]);
}

function markOverlaps(marks: Uint8Array, { overlapsM }: BodyTrack): void {
  const pairs = COLLISION_PAIRS.length;
  for (let i = 0; i < overlapsM.length; i++) {
    if (overlapsM[i] <= OVERLAP_TOLERANCE_M) continue;
    for (const c of COLLISION_PAIRS[i % pairs]) marks[Math.floor(i / pairs) * CAPSULES + c] = CAPSULE_OVERLAPS;
  }
}

const FEET: readonly (readonly number[])[] = ['left', 'right'].map((side) =>
  G1_CAPSULES.flatMap(({ name }, c) => (name.startsWith(`${side}_foot`) ? [c] : [])),
);

function markFeet(marks: Uint8Array, track: BodyTrack, contacts: Uint8Array, fps: number): void {
  for (let f = 0; f < contacts.length / 4; f++) {
    for (const [foot, capsules] of FEET.entries()) {
      const mark = footMark(track, contacts, fps, f, foot);
      for (const c of capsules) marks[f * CAPSULES + c] = Math.max(marks[f * CAPSULES + c], mark);
    }
  }
}

function footMark(track: BodyTrack, contacts: Uint8Array, fps: number, f: number, foot: number): number {
  if (isSunk(track, f, foot)) return CAPSULE_SUNK;
  const heel = f * 4 + foot * 2;
  if ([0, 1].some((end) => contacts[heel + end] === 1 && pairHeight(track, f, foot * 2 + end) > TOLERANCE_M)) return CAPSULE_FLOATS;
  return slideCmS(track, contacts, f, foot * 2 + 1, fps) > SLIDE_FAST_CM_S ? CAPSULE_SLIDES : 0;
}

function isSunk({ solesM }: BodyTrack, f: number, foot: number): boolean {
  for (let k = 0; k < 4; k++) if (solesM[(f * 8 + foot * 4 + k) * 3 + 2] < -TOLERANCE_M) return true;
  return false;
}
