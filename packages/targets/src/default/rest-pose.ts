import type { SkinnedMesh } from '@gaitway/formats/scene';
import { INFLUENCES } from '@gaitway/formats/scene';
import type { Clip } from '@gaitway/motion/clip';
import { multiply, multiplyInverse, rotate, setIdentity } from '@gaitway/motion/quaternion';
import { fromTo } from '@gaitway/motion/rotation';
import type { Skeleton } from '@gaitway/motion/skeleton';
import { jointIndex } from '@gaitway/motion/skeleton';
import { restPositions } from './rest-positions.ts';

/**
 * Another rest pose for the same motion. `turns` holds, for every joint, how its bones turn in the world from the old rest pose
 * to the new (`joints × 4`). Rest axes stay aligned with the world, so offsets turn with the parent, and local rotations are
 * conjugated: joints are where they were in every frame.
 */
export type RestTurns = Float64Array;

/** A-pose to T-pose: the arms, from the shoulder on, turn to the horizontal. */
export function tPoseTurns(skeleton: Skeleton): RestTurns {
  const out = new Float64Array(skeleton.joints.length * 4);
  skeleton.joints.forEach(({ name, parent }, j) => {
    if (name === 'upperarm_l' || name === 'upperarm_r') {
      const elbow = skeleton.joints[jointIndex(skeleton, name.replace('upper', 'lower'))];
      fromTo(out, j * 4, elbow.translationM, 0, [Math.sign(elbow.translationM[0]), 0, 0], 0);
    } else if (parent >= 0) {
      out.copyWithin(j * 4, parent * 4, parent * 4 + 4);
    } else {
      setIdentity(out, j * 4);
    }
  });
  return out;
}

export function turnSkeleton(skeleton: Skeleton, turns: RestTurns): Skeleton {
  const v = new Float64Array(3);
  const joints = skeleton.joints.map((joint) => {
    if (joint.parent < 0) return joint;
    rotate(v, 0, turns, joint.parent * 4, joint.translationM, 0);
    return { ...joint, translationM: [v[0], v[1], v[2]] as const };
  });
  return { ...skeleton, joints };
}

/** The same motion on the skeleton with the new rest pose. */
export function turnClip(clip: Clip, turns: RestTurns): Clip {
  const joints = clip.skeleton.joints.length;
  const rotations = clip.rotations.slice();
  const q = new Float64Array(4);
  const inverse = inverses(turns);
  clip.skeleton.joints.forEach(({ parent }, j) => {
    for (let f = 0; f < clip.frameCount; f++) {
      const at = (f * joints + j) * 4;
      if (parent < 0) q.set(clip.rotations.subarray(at, at + 4));
      else multiply(q, 0, turns, parent * 4, clip.rotations, at);
      multiply(rotations, at, q, 0, inverse, j * 4);
    }
  });
  return { ...clip, skeleton: turnSkeleton(clip.skeleton, turns), rotations };
}

function inverses(turns: RestTurns): Float64Array {
  const identity = Float64Array.of(0, 0, 0, 1);
  const out = new Float64Array(turns.length);
  for (let i = 0; i < turns.length; i += 4) multiplyInverse(out, i, turns, i, identity, 0);
  return out;
}

/** The mesh in the new rest pose, by its own skin. */
export function turnMesh(mesh: SkinnedMesh, skeleton: Skeleton, turns: RestTurns): SkinnedMesh {
  const before = restPositions(skeleton);
  const after = restPositions(turnSkeleton(skeleton, turns));
  const positionsM = new Float32Array(mesh.positionsM.length);
  const normals = new Float32Array(mesh.normals.length);
  const v = new Float64Array(6);
  for (let i = 0; i < mesh.weights.length; i++) {
    const weight = mesh.weights[i];
    if (!(weight > 0)) continue;
    const joint = mesh.joints[i];
    const o = Math.floor(i / INFLUENCES) * 3;
    for (let k = 0; k < 3; k++) v[k] = mesh.positionsM[o + k] - before[joint][k];
    rotate(v, 0, turns, joint * 4, v, 0);
    rotate(v, 3, turns, joint * 4, mesh.normals, o);
    for (let k = 0; k < 3; k++) positionsM[o + k] += weight * (v[k] + after[joint][k]);
    for (let k = 0; k < 3; k++) normals[o + k] += weight * v[3 + k];
  }
  normalizeRows(normals);
  return { ...mesh, positionsM, normals };
}

function normalizeRows(rows: Float32Array): void {
  for (let i = 0; i < rows.length; i += 3) {
    const length = Math.hypot(rows[i], rows[i + 1], rows[i + 2]) || 1;
    for (let k = 0; k < 3; k++) rows[i + k] /= length;
  }
}
