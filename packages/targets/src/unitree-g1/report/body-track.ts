import { COLLISION_PAIRS, capsuleEnds, G1_CAPSULES } from '../capsules.ts';
import { selfPenetrations } from '../collision.ts';
import { createG1Pose, g1Forward, linkPoint } from '../kinematics.ts';
import { FOOT_LINKS, G1_DOF, type G1Model, g1Link, HEEL_POINT_M, SOLE_POINTS_M, TOE_POINT_M } from '../model.ts';
import { SEGMENT_COUNT } from '../source.ts';
import type { G1Motion } from '../trajectory.ts';

/** Everything the checks read that needs forward kinematics, measured once over a motion. */
export interface BodyTrack {
  /** `frameCount × 8 × 3`: the sole points of both feet. */
  readonly solesM: Float64Array;
  /** `frameCount × 4 × 3`: heels and toes. */
  readonly contactPointsM: Float64Array;
  /** `frameCount × pairs`: overlap, metres. */
  readonly overlapsM: Float64Array;
  /** `frameCount × capsules × 6`: ends of the capsules of the body. */
  readonly capsuleEndsM: Float64Array;
  /** `frameCount × 8 × 3`: unit directions of the segments of the robot; upper arms without the robot's built-in lean. */
  readonly directions: Float64Array;
}

export function trackBody(model: G1Model, motion: G1Motion): BodyTrack {
  const n = motion.frameCount;
  const track: BodyTrack = {
    solesM: new Float64Array(n * 24),
    contactPointsM: new Float64Array(n * 12),
    overlapsM: new Float64Array(n * COLLISION_PAIRS.length),
    capsuleEndsM: new Float64Array(n * G1_CAPSULES.length * 6),
    directions: new Float64Array(n * SEGMENT_COUNT * 3),
  };
  const pose = createG1Pose();
  for (let f = 0; f < n; f++) {
    g1Forward(pose, model, motion.rootM, f * 3, motion.rootQuaternion, f * 4, motion.angles, f * G1_DOF);
    for (let foot = 0; foot < 2; foot++) {
      for (let k = 0; k < 4; k++) linkPoint(track.solesM, (f * 8 + foot * 4 + k) * 3, pose, FOOT_LINKS[foot], SOLE_POINTS_M, k * 3);
      linkPoint(track.contactPointsM, (f * 4 + foot * 2) * 3, pose, FOOT_LINKS[foot], HEEL_POINT_M, 0);
      linkPoint(track.contactPointsM, (f * 4 + foot * 2 + 1) * 3, pose, FOOT_LINKS[foot], TOE_POINT_M, 0);
    }
    selfPenetrations(track.overlapsM.subarray(f * COLLISION_PAIRS.length, (f + 1) * COLLISION_PAIRS.length), pose);
    capsuleEnds(track.capsuleEndsM.subarray(f * G1_CAPSULES.length * 6), pose);
    setDirections(track.directions, f * SEGMENT_COUNT * 3, pose);
  }
  return track;
}

const SIDES = ['left', 'right'] as const;
const LEG_BONES = SIDES.flatMap((s) => [
  [g1Link(`${s}_hip_roll_link`), g1Link(`${s}_knee_link`)] as const,
  [g1Link(`${s}_knee_link`), g1Link(`${s}_ankle_pitch_link`)] as const,
]);
const ARMS = SIDES.map((s) => ({
  upper: g1Link(`${s}_shoulder_yaw_link`),
  elbow: g1Link(`${s}_elbow_link`),
  hand: g1Link(`${s}_wrist_yaw_link`),
}));

function setDirections(out: Float64Array, o: number, pose: { readonly positionsM: Float64Array; readonly rotations: Float64Array }): void {
  LEG_BONES.forEach(([a, b], k) => {
    setBone(out, o + k * 3, pose.positionsM, a, b);
  });
  ARMS.forEach((arm, side) => {
    const at = o + (4 + side * 2) * 3;
    for (let r = 0; r < 3; r++) out[at + r] = -pose.rotations[arm.upper * 9 + r * 3 + 2];
    setBone(out, at + 3, pose.positionsM, arm.elbow, arm.hand);
  });
}

function setBone(out: Float64Array, o: number, p: Float64Array, a: number, b: number): void {
  const x = p[b * 3] - p[a * 3];
  const y = p[b * 3 + 1] - p[a * 3 + 1];
  const z = p[b * 3 + 2] - p[a * 3 + 2];
  const l = Math.hypot(x, y, z) || 1;
  out[o] = x / l;
  out[o + 1] = y / l;
  out[o + 2] = z / l;
}
