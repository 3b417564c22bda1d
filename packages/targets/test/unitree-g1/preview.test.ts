import {
  CAPSULE_FINE,
  CAPSULE_FLOATS,
  CAPSULE_JOINT,
  CAPSULE_OVERLAPS,
  CAPSULE_SLIDES,
  CAPSULE_SUNK,
  CAPSULE_UNSURE,
} from '@gaitway/motion/capsule-body';
import { describe, expect, it } from 'vitest';
import { G1_CAPSULES } from '../../src/unitree-g1/capsules.ts';
import { unitreeG1Target } from '../../src/unitree-g1/g1-target.ts';
import { G1_DOF, g1Joint, g1Model, homeJointAngles } from '../../src/unitree-g1/model.ts';
import { markCapsules } from '../../src/unitree-g1/preview-marks.ts';
import { SEGMENT_COUNT, SEGMENTS } from '../../src/unitree-g1/source.ts';
import { createG1Motion, type G1Motion } from '../../src/unitree-g1/trajectory.ts';
import { clipOf, stand } from './people.ts';

const model = g1Model();
const PLANTED = new Uint8Array(12).fill(1);
const LEFT_FOOT = ['left_foot_outer', 'left_foot_inner'];
const SURE = { leadFrames: 0, confidence: [] };

/** Three frames in the home stance, with arms away from the hips. */
const standing = (change: (motion: G1Motion) => void): G1Motion => {
  const motion = createG1Motion(30, 3);
  for (let f = 0; f < 3; f++) {
    motion.rootM[f * 3 + 2] = 0.784;
    motion.rootQuaternion[f * 4 + 3] = 1;
    motion.angles.set(homeJointAngles(), f * G1_DOF);
    motion.angles[f * G1_DOF + g1Joint('left_shoulder_roll')] = 0.5;
    motion.angles[f * G1_DOF + g1Joint('right_shoulder_roll')] = -0.5;
  }
  change(motion);
  return motion;
};

/** Names of the capsules with a mark, by frame. */
const marked = (marks: Uint8Array, mark: number): string[][] =>
  [0, 1, 2].map((f) => G1_CAPSULES.flatMap(({ name }, c) => (marks[f * G1_CAPSULES.length + c] === mark ? [name] : [])));

describe('markCapsules', () => {
  it('finds nothing in a stance', () => {
    expect(
      markCapsules(
        model,
        standing(() => undefined),
        PLANTED,
        SURE,
      ).every((mark) => mark === CAPSULE_FINE),
    ).toBe(true);
  });

  it('marks the capsules below a joint beyond its limit, and no others', () => {
    const ankle = g1Joint('left_ankle_pitch');
    const motion = standing((m) => {
      for (let f = 0; f < 3; f++) m.angles[f * G1_DOF + ankle] = model.lowerRad[ankle] - (f === 2 ? 0.01 : 0);
    });
    expect(marked(markCapsules(model, motion, PLANTED, SURE), CAPSULE_JOINT)).toEqual([[], [], ['left_foot_outer', 'left_foot_inner']]);
  });

  it('marks what moves too fast', () => {
    const motion = standing((m) => {
      m.angles[G1_DOF + g1Joint('right_wrist_yaw')] = 0.8;
      m.angles[2 * G1_DOF + g1Joint('right_wrist_yaw')] = 0.8;
    });
    expect(marked(markCapsules(model, motion, PLANTED, SURE), CAPSULE_JOINT)).toEqual([[], ['right_hand'], []]);
  });

  it('marks both capsules of an overlap', () => {
    const motion = standing((m) => {
      for (let f = 0; f < 3; f++) {
        m.angles[f * G1_DOF + g1Joint('left_hip_roll')] = -0.3;
        m.angles[f * G1_DOF + g1Joint('right_hip_roll')] = 0.3;
      }
    });
    const [names] = marked(markCapsules(model, motion, PLANTED, SURE), CAPSULE_OVERLAPS);
    expect(names).toEqual(expect.arrayContaining(['left_brace', 'right_brace']));
    expect(names.filter((name) => !/foot|shin|brace|thigh/.test(name))).toEqual([]);
  });

  it('marks feet that float, sink and slide, by what is the matter', () => {
    const FEET = [...LEFT_FOOT, 'right_foot_outer', 'right_foot_inner'];
    const moved = (dx: number, dz: number, mark: number): string[][] =>
      marked(
        markCapsules(
          model,
          standing((m) => {
            for (let f = 0; f < 3; f++) {
              m.rootM[f * 3] += f * dx;
              m.rootM[f * 3 + 2] += dz;
            }
          }),
          PLANTED,
          SURE,
        ),
        mark,
      );
    expect(moved(0, 0.02, CAPSULE_FLOATS)).toEqual([FEET, FEET, FEET]);
    expect(moved(0, -0.02, CAPSULE_SUNK)).toEqual([FEET, FEET, FEET]);
    expect(moved(0.005, 0, CAPSULE_SLIDES)).toEqual([[], FEET, []]);
  });

  it('marks a limb that was guessed, after the lead-in', () => {
    const confidence = new Float64Array(SEGMENT_COUNT).fill(1);
    confidence[SEGMENTS.indexOf('l_upper_arm')] = 0.3;
    const marks = markCapsules(
      model,
      standing(() => undefined),
      PLANTED,
      { leadFrames: 1, confidence },
    );
    expect(marked(marks, CAPSULE_UNSURE)).toEqual([[], ['left_shoulder'], []]);
  });
});

it('a delivery brings a body for its preview, of as many frames, with its soles on the floor', async () => {
  const options = unitreeG1Target.parseOptions({ startEndBlendSec: 0.2 });
  const { previewBody, frameCount } = await unitreeG1Target.deliver(clipOf(stand(4)), options, {});
  expect(frameCount).toBe(16);
  expect(previewBody?.shapes).toHaveLength(G1_CAPSULES.length);
  expect(previewBody?.endsM).toHaveLength(frameCount * G1_CAPSULES.length * 6);
  expect(previewBody?.marks).toHaveLength(frameCount * G1_CAPSULES.length);
  expect(previewBody?.solesM).toHaveLength(frameCount * 12);
  const heights = previewBody?.solesM.filter((_, i) => i % 3 === 1) ?? [];
  for (const heightM of heights) expect(Math.abs(heightM)).toBeLessThan(0.01);
});
