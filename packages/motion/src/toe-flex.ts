import type { Clip } from './clip.ts';
import { createWorldPose, forwardKinematics, jointOffsets, jointParents } from './kinematics.ts';
import { multiply, rotate } from './quaternion.ts';
import { fromAxisAngle } from './rotation.ts';
import type { Vec3 } from './vector.ts';

/** A toe joint and the tip of the shoe, which is round: its middle in the rest frame of that joint and its radius, metres. */
export interface Toe {
  readonly ball: number;
  readonly tipM: Vec3;
  readonly tipRadiusM: number;
}

/** Toes bend back no further than this: the limit of the metatarsal joints under load. */
const MAX_FLEX_RAD = (60 * Math.PI) / 180;

/**
 * Bends the toes back where the tip of the shoe would go through the floor: what a foot does when the heel lifts. The turn is
 * about the lateral (x) axis of the toe joint and just large enough; it fades to nothing where the tip is free of the floor.
 */
export function flexToes(clip: Clip, toes: readonly Toe[]): Clip {
  const joints = clip.skeleton.joints.length;
  const parents = jointParents(clip.skeleton);
  const offsets = jointOffsets(clip.skeleton);
  const pose = createWorldPose(clip.skeleton);
  const rotations = clip.rotations.slice();
  const turn = new Float64Array(4);
  const tips = toes.map((toe) => Float64Array.from(toe.tipM));
  for (let f = 0; f < clip.frameCount; f++) {
    forwardKinematics(pose, parents, offsets, clip.rootTranslationM, f * 3, clip.rotations, f * joints * 4);
    toes.forEach((toe, t) => {
      const angle = flexAngle(pose.rotations, toe.ball * 4, tips[t], pose.positionsM[toe.ball * 3 + 1] - toe.tipRadiusM);
      if (!(angle > 0)) return;
      fromAxisAngle(turn, 0, 1, 0, 0, -angle);
      const at = (f * joints + toe.ball) * 4;
      multiply(rotations, at, rotations, at, turn, 0);
    });
  }
  return { ...clip, rotations };
}

const column = new Float64Array(3);

/** World height that the toe frame's unit axis `k` adds: row y of the rotation matrix. */
function rise(q: Float64Array, i: number, k: number): number {
  const axis = [0, 0, 0];
  axis[k] = 1;
  rotate(column, 0, q, i, axis, 0);
  return column[1];
}

/**
 * Smallest turn θ ≥ 0 about −x that brings the tip to the floor. With the tip (x, y, z) turned by θ, its height is
 * h + rₓx + r_y(y·cosθ + z·sinθ) + r_z(z·cosθ − y·sinθ) = c + a·cosθ + b·sinθ, solved for zero.
 */
function flexAngle(q: Float64Array, i: number, tip: Float64Array, ballHeightM: number): number {
  const ry = rise(q, i, 1);
  const rz = rise(q, i, 2);
  const c = ballHeightM + rise(q, i, 0) * tip[0];
  const a = ry * tip[1] + rz * tip[2];
  const b = ry * tip[2] - rz * tip[1];
  if (c + a >= 0) return 0;
  const size = Math.hypot(a, b);
  // The ball itself is too low for the tip to come up to the floor: level is the best the toes can do.
  const wanted = size > -c ? Math.atan2(b, a) - Math.acos(Math.min(1, -c / size)) : Math.atan2(b, a);
  return Math.min(MAX_FLEX_RAD, Math.max(0, wanted));
}
