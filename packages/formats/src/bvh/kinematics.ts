import { multiply, rotate } from '@gaitway/motion/quaternion';
import { fromAxisAngle } from '@gaitway/motion/rotation';
import type { BvhMotion } from './motion.ts';

/** World pose of every joint and End Site of a BVH in the axes and units of the file. */
export interface BvhWorld {
  /** `frameCount × joints × 3`, file units. */
  readonly positions: Float64Array;
  /** `frameCount × joints × 4`, quaternions xyzw, joint → world. */
  readonly rotations: Float64Array;
}

const RADIANS = Math.PI / 180;

/** Positions and rotations of all joints. A joint with position channels stands where they say, whatever its OFFSET. */
export function bvhWorld(motion: BvhMotion): BvhWorld {
  const joints = motion.joints.length;
  const positions = new Float64Array(motion.frameCount * joints * 3);
  const rotations = new Float64Array(motion.frameCount * joints * 4);
  const local = new Float64Array(7);
  for (let f = 0; f < motion.frameCount; f++) {
    for (let j = 0; j < joints; j++) {
      readLocal(local, motion, f, j);
      const p = (f * joints + j) * 3;
      const q = (f * joints + j) * 4;
      const parent = motion.joints[j].parent;
      if (parent < 0) {
        positions.set(local.subarray(0, 3), p);
        rotations.set(local.subarray(3, 7), q);
        continue;
      }
      const up = f * joints + parent;
      rotate(positions, p, rotations, up * 4, local, 0);
      for (let k = 0; k < 3; k++) positions[p + k] += positions[up * 3 + k];
      multiply(rotations, q, rotations, up * 4, local, 3);
    }
  }
  return { positions, rotations };
}

/** Translation (3) and rotation (4) of one joint relative to its parent; rotations apply in the order the channels stand in. */
function readLocal(out: Float64Array, motion: BvhMotion, frame: number, j: number): void {
  const joint = motion.joints[j];
  out.set(joint.offset, 0);
  out.set([0, 0, 0, 1], 3);
  for (let c = 0; c < joint.channels.length; c++) {
    const value = motion.values[frame * motion.channelCount + joint.channelsAt + c];
    const axis = joint.channels[c].charCodeAt(0) - 88;
    if (joint.channels[c].endsWith('position')) out[axis] = value;
    else {
      fromAxisAngle(AXIS_TURN, 0, axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0, value * RADIANS);
      multiply(out, 3, out, 3, AXIS_TURN, 0);
    }
  }
}

const AXIS_TURN = new Float64Array(4);
