import type { Clip } from '@gaitway/motion/clip';
import { multiply } from '@gaitway/motion/quaternion';
import { fromAxisAngle } from '@gaitway/motion/rotation';
import type { Joint, Skeleton } from '@gaitway/motion/skeleton';
import { G1_DOF, G1_LINKS, type G1Model } from './model.ts';
import type { G1Motion } from './trajectory.ts';

/**
 * Robot axes (x forward, y left, z up) to Clip axes (x left, y up, z forward): a cyclic exchange of coordinates, the same for
 * vectors and for the vector part of quaternions, so that forward kinematics in Clip terms gives the robot's own.
 */
export function toClipAxes(out: Float32Array | Float64Array, o: number, v: ArrayLike<number>, i: number): void {
  const x = v[i];
  out[o] = v[i + 1];
  out[o + 1] = v[i + 2];
  out[o + 2] = x;
}

/** The robot as a skeleton of 30 joints: the pelvis and one joint a link. */
export function g1Skeleton(model: G1Model): Skeleton {
  const rest = new Float64Array(4);
  const place = new Float64Array(3);
  const joints: Joint[] = model.linkNames.map((name, link) => {
    if (link === 0) return { name, parent: -1, translationM: [0, 0, 0], rotation: [0, 0, 0, 1] };
    const j = link - 1;
    toClipAxes(place, 0, model.originM, j * 3);
    restRotation(rest, model, j);
    return {
      name,
      parent: model.parentLink[j],
      translationM: [place[0], place[1], place[2]],
      rotation: [rest[0], rest[1], rest[2], rest[3]],
    };
  });
  return { name: `unitree-${model.variant}`, joints };
}

/** URDF rpy of a joint as a quaternion in Clip axes. */
function restRotation(out: Float64Array, model: G1Model, j: number): void {
  const turn = new Float64Array(4);
  fromAxisAngle(out, 0, 0, 0, 1, model.rpyRad[j * 3 + 2]);
  fromAxisAngle(turn, 0, 0, 1, 0, model.rpyRad[j * 3 + 1]);
  multiply(out, 0, out, 0, turn, 0);
  fromAxisAngle(turn, 0, 1, 0, 0, model.rpyRad[j * 3]);
  multiply(out, 0, out, 0, turn, 0);
  toClipAxes(out, 0, out.slice(), 0);
}

/** The motion as a Clip on `g1Skeleton`, Y up: for previews and tests. */
export function g1Clip(model: G1Model, motion: G1Motion, contacts: Uint8Array): Clip {
  const skeleton = g1Skeleton(model);
  const rotations = new Float32Array(motion.frameCount * G1_LINKS * 4);
  const rootTranslationM = new Float32Array(motion.frameCount * 3);
  const rest = Float64Array.from(skeleton.joints.flatMap((joint) => joint.rotation));
  const turn = new Float64Array(4);
  for (let f = 0; f < motion.frameCount; f++) {
    toClipAxes(rootTranslationM, f * 3, motion.rootM, f * 3);
    toClipAxes(rotations, f * G1_LINKS * 4, motion.rootQuaternion, f * 4);
    rotations[f * G1_LINKS * 4 + 3] = motion.rootQuaternion[f * 4 + 3];
    for (let j = 0; j < G1_DOF; j++) {
      // Axis x, y, z of the robot is axis z, x, y of the Clip.
      const axis = (model.axis[j] + 2) % 3;
      fromAxisAngle(turn, 0, axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0, motion.angles[f * G1_DOF + j]);
      multiply(turn, 0, rest, (j + 1) * 4, turn, 0);
      rotations.set(turn, (f * G1_LINKS + j + 1) * 4);
    }
  }
  return {
    skeleton,
    fps: motion.fps,
    frameCount: motion.frameCount,
    rootTranslationM,
    rotations,
    contacts,
    confidence: new Float32Array(motion.frameCount * G1_LINKS).fill(1),
  };
}
