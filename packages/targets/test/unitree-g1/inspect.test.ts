import { describe, expect, it } from 'vitest';
import { inspectMotion } from '../../src/unitree-g1/inspect.ts';
import { G1_DOF, g1Joint, g1Model, homeJointAngles } from '../../src/unitree-g1/model.ts';
import { createG1Motion, type G1Motion } from '../../src/unitree-g1/trajectory.ts';

const model = g1Model();

/** The robot standing for 30 frames, changed by `change`. */
function standing(change: (motion: G1Motion) => void): Record<string, unknown> & { verdicts: { check: string; pass: boolean }[] } {
  const motion = createG1Motion(30, 30);
  const home = homeJointAngles();
  for (let f = 0; f < 30; f++) {
    motion.rootM.set([0, 0, 0.784], f * 3);
    motion.rootQuaternion[f * 4 + 3] = 1;
    motion.angles.set(home, f * G1_DOF);
  }
  change(motion);
  return inspectMotion(model, motion).summary as ReturnType<typeof standing>;
}

const failed = (summary: { verdicts: { check: string; pass: boolean }[] }): string[] =>
  summary.verdicts.filter((v) => !v.pass).map((v) => v.check);

describe('inspectMotion', () => {
  it('finds nothing in a robot that stands', () => {
    const summary = standing(() => undefined);
    expect([summary.verdict, failed(summary)]).toEqual(['pass', []]);
  });

  it('sees soles in the floor, and the frame', () => {
    const summary = standing((m) => {
      m.rootM[12 * 3 + 2] -= 0.03;
    });
    expect(failed(summary)).toContain('sole_penetration_over_1_cm');
    expect((summary.penetration as { frame: number }).frame).toBe(12);
    expect(summary.review_frames).toContain(12);
  });

  it('sees feet that float by 2 cm', () => {
    const summary = standing((m) => {
      for (let f = 0; f < 30; f++) m.rootM[f * 3 + 2] += 0.02;
    });
    expect(failed(summary)).toEqual(['stance_float_over_1_cm']);
  });

  it('sees feet that slide at 5 cm/s', () => {
    const summary = standing((m) => {
      for (let f = 0; f < 30; f++) m.rootM[f * 3] = (0.05 * f) / 30;
    });
    expect(failed(summary)).toEqual(['toe_slide_mean']);
    expect((summary.foot_slide as { mean_cm_s: number }).mean_cm_s).toBeCloseTo(5, 3);
  });

  it('sees limits, speeds and a jump of one joint', () => {
    const elbow = g1Joint('left_elbow');
    const summary = standing((m) => {
      m.angles[15 * G1_DOF + elbow] = 2.2;
    });
    expect(failed(summary)).toEqual(expect.arrayContaining(['position_limits', 'velocity_limits', 'joint_speed_over_15_rad_s']));
    expect(summary.velocity_max).toMatchObject({ joint: 'left_elbow', rad_s: expect.closeTo((2.2 - 0.87) * 30, 3) });
    expect(summary.jump_frames).toEqual([15, 16]);
  });

  it('sees a hand in the hip', () => {
    const summary = standing((m) => {
      for (let f = 0; f < 30; f++) {
        m.angles[f * G1_DOF + g1Joint('left_elbow')] = 1.5;
        m.angles[f * G1_DOF + g1Joint('left_shoulder_roll')] = -0.25;
        m.angles[f * G1_DOF + g1Joint('left_shoulder_pitch')] = 0;
      }
    });
    expect(failed(summary)).toContain('self_collision_over_5_mm');
  });

  it('names values that are no numbers, quaternions that are no rotations and ones in the wrong order', () => {
    const broken = standing((m) => {
      m.angles[3 * G1_DOF] = Number.NaN;
      m.rootQuaternion[8 * 4 + 3] = 2;
    });
    expect(broken.file).toEqual({ not_a_number_frames: [3], non_unit_quaternion_frames: [8], quaternion_order_suspect: false });
    expect(broken.verdict).toBe('review');
    const swapped = standing((m) => {
      for (let f = 0; f < 30; f++) m.rootQuaternion.set([1, 0, 0, 0], f * 4);
    });
    expect(swapped.file).toMatchObject({ quaternion_order_suspect: true });
  });
});
