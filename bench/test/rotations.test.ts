import { multiply } from '@gaitway/motion/quaternion';
import { fromAxisAngle, fromTo } from '@gaitway/motion/rotation';
import { describe, expect, it } from 'vitest';
import type { TurnedJoints } from '../src/scores/rotations.ts';
import { rotationErrorsDeg } from '../src/scores/rotations.ts';
import type { Truth } from '../src/truth.ts';

const FRAMES = 5;
/** A forearm that rests bent in the truth and straight with us. */
const restTruth = { l_elbow: [0, 0, 0], l_wrist: [0, -0.2, 0.2] };
const restOwn = new Map<string, readonly number[]>([
  ['lowerarm_l', [0, 0, 0]],
  ['hand_l', [0, -0.25, 0]],
]);

const turnAt = (f: number): Float64Array => {
  const q = new Float64Array(4);
  fromAxisAngle(q, 0, 0.6, 0, 0.8, 0.3 * f);
  return q;
};

const truth: Truth = {
  clip: 'turning',
  fps: 30,
  joints: [],
  contact_names: [],
  camera: { R: [], t: [] },
  rot_joints: ['l_elbow'],
  rest_joints: restTruth,
  frames: Array.from({ length: FRAMES }, (_, f) => {
    const [x, y, z, w] = turnAt(f);
    return { joints: [], contact: [], rot: [[w, x, y, z]] };
  }),
};

/** Our joint doing what the truth does, with an error of `errorRad` about its own bone and everything turned by −heading. */
function own(errorRad: number, headingRad: number): TurnedJoints {
  const rest = new Float64Array(4);
  fromTo(rest, 0, [0, -0.25, 0], 0, [0, -0.2, 0.2], 0);
  const twist = new Float64Array(4);
  fromAxisAngle(twist, 0, 0, -1, 0, errorRad);
  const heading = new Float64Array(4);
  fromAxisAngle(heading, 0, 0, 1, 0, -headingRad);
  const out = new Float64Array(FRAMES * 4);
  for (let f = 0; f < FRAMES; f++) {
    multiply(out, f * 4, turnAt(f), 0, rest, 0);
    multiply(out, f * 4, out, f * 4, twist, 0);
    multiply(out, f * 4, heading, 0, out, f * 4);
  }
  return { fps: 30, frameCount: FRAMES, rotations: new Map([['lowerarm_l', out]]), restM: restOwn };
}

describe('rotation error', () => {
  it('is zero for the same motion from another rest pose, whichever way the world faces', () => {
    expect(rotationErrorsDeg(truth, own(0, 0.7), 0.7, FRAMES).l_elbow).toBeCloseTo(0, 5);
  });

  it('sees a twist that joint positions cannot show', () => {
    expect(rotationErrorsDeg(truth, own(0.2, 0), 0, FRAMES).l_elbow).toBeCloseTo((0.2 * 180) / Math.PI, 5);
  });

  it('is empty where the truth has no rotations', () => {
    expect(rotationErrorsDeg({ ...truth, rot_joints: undefined }, own(0, 0), 0, FRAMES)).toEqual({});
  });
});
