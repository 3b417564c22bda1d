import { multiply } from '@gaitway/motion/quaternion';
import { expMap } from '@gaitway/motion/rotation';
import { describe, expect, it } from 'vitest';
import { addBalance } from '../../src/unitree-g1/balance.ts';
import { createBanded } from '../../src/unitree-g1/banded.ts';
import { createG1Pose, g1Forward, TANGENT } from '../../src/unitree-g1/kinematics.ts';
import { G1_DOF, g1Model, homeJointAngles } from '../../src/unitree-g1/model.ts';
import { floorWrenches, GRAVITY_M_S2, WRENCH } from '../../src/unitree-g1/momentum.ts';
import { parseG1Options } from '../../src/unitree-g1/options.ts';
import { trackBody } from '../../src/unitree-g1/report/body-track.ts';
import { reportDynamics } from '../../src/unitree-g1/report/dynamics.ts';
import { retargetToG1 } from '../../src/unitree-g1/retarget.ts';
import { applyStep } from '../../src/unitree-g1/step.ts';
import { convexHull, outsideOf } from '../../src/unitree-g1/support.ts';
import { copyG1Motion, createG1Motion, type G1Motion } from '../../src/unitree-g1/trajectory.ts';
import { type Judge, loadJudge } from './mujoco.ts';
import { clipOf, walk } from './people.ts';

const model = g1Model();
const MASS_KG = 33.34114;

function standing(frames: number, fps = 30): G1Motion {
  const motion = createG1Motion(fps, frames);
  for (let f = 0; f < frames; f++) {
    motion.rootM.set([0.4, -0.2, 0.784], f * 3);
    motion.rootQuaternion[f * 4 + 3] = 1;
    motion.angles.set(homeJointAngles(), f * G1_DOF);
  }
  return motion;
}

/** Speed and acceleration of the channels of frame f by central differences: root, root rotation vector (world), angles. */
function derivatives(motion: G1Motion, f: number): { v: Float64Array; a: Float64Array } {
  const before = tangent(motion, f - 1, f);
  const after = tangent(motion, f, f + 1);
  return { v: after.map((x, k) => ((x + before[k]) / 2) * motion.fps), a: after.map((x, k) => (x - before[k]) * motion.fps ** 2) };
}

function tangent(motion: G1Motion, from: number, to: number): Float64Array {
  const out = new Float64Array(TANGENT);
  for (let k = 0; k < 3; k++) out[k] = motion.rootM[to * 3 + k] - motion.rootM[from * 3 + k];
  for (let j = 0; j < G1_DOF; j++) out[6 + j] = motion.angles[to * G1_DOF + j] - motion.angles[from * G1_DOF + j];
  const back = Float64Array.from([0, 1, 2, 3], (k) => motion.rootQuaternion[from * 4 + k] * (k < 3 ? -1 : 1));
  const turn = new Float64Array(4);
  multiply(turn, 0, motion.rootQuaternion, to * 4, back, 0);
  for (let k = 0; k < 3; k++) out[3 + k] = 2 * turn[k] * Math.sign(turn[3]);
  return out;
}

/** Three frames a millisecond apart that pass through frame f of `motion` with its speed and acceleration. */
function closeUp(motion: G1Motion, f: number): G1Motion {
  const fps = 1000;
  const { v, a } = derivatives(motion, f);
  const out = createG1Motion(fps, 3);
  for (let k = 0; k < 3; k++) {
    const t = (k - 1) / fps;
    const step = v.map((x, i) => x * t + (a[i] * t * t) / 2);
    for (let i = 0; i < 3; i++) out.rootM[k * 3 + i] = motion.rootM[f * 3 + i] + step[i];
    const turn = new Float64Array(4);
    expMap(turn, 0, step, 3);
    multiply(out.rootQuaternion, k * 4, turn, 0, motion.rootQuaternion, f * 4);
    for (let j = 0; j < G1_DOF; j++) out.angles[k * G1_DOF + j] = motion.angles[f * G1_DOF + j] + step[6 + j];
  }
  return out;
}

describe('inverse dynamics', () => {
  it('agrees with mj_inverse on the force and moment of a walk', async () => {
    const judge = await loadJudge(model);
    const { mujoco } = judge;
    judge.model.opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_CONSTRAINT.value;
    const { motion } = retargetToG1(model, clipOf(walk(2)), parseG1Options({}));
    for (let f = 2; f < motion.frameCount - 2; f += 5) {
      const wrench = floorWrenches(model, closeUp(motion, f)).subarray(WRENCH, 2 * WRENCH);
      const judged = inverseOf(judge, motion, f);
      for (let k = 0; k < 3; k++) expect(Math.abs(wrench[k] - judged[k])).toBeLessThan(0.05);
      for (let k = 3; k < 6; k++) expect(Math.abs(wrench[k] - judged[k])).toBeLessThan(0.05);
    }
  });

  it('the floor carries a robot that stands still under its centre of mass, without friction', () => {
    const motion = standing(5);
    const wrench = floorWrenches(model, motion).subarray(2 * WRENCH, 3 * WRENCH);
    expect(wrench[2]).toBeCloseTo(MASS_KG * GRAVITY_M_S2, 2);
    expect(-wrench[4] / wrench[2]).toBeGreaterThan(0.4 - 0.05);
    const report = reportDynamics(model, motion, trackBody(model, motion));
    expect([report.outsideFrames, report.frictionP95]).toEqual([[], expect.closeTo(0, 9)]);
  });

  it('nothing carries a robot that falls freely', () => {
    const motion = standing(7);
    for (let f = 0; f < 7; f++) motion.rootM[f * 3 + 2] = 3 - (GRAVITY_M_S2 / 2) * (f / 30) ** 2;
    for (const k of floorWrenches(model, motion).subarray(3 * WRENCH, 4 * WRENCH)) expect(k).toBeCloseTo(0, 6);
  });

  it('a clip shorter than an acceleration has none', () => {
    for (const frames of [1, 2]) {
      const motion = standing(frames);
      expect([...floorWrenches(model, motion)].every(Number.isNaN)).toBe(true);
      expect(reportDynamics(model, motion, trackBody(model, motion)).loadedFrames).toBe(0);
    }
  });
});

/** Force and moment about the world origin that MuJoCo finds for frame f of a motion with these speeds and accelerations. */
function inverseOf({ mujoco, model: judged, data, pose }: Judge, motion: G1Motion, f: number): number[] {
  const { v, a } = derivatives(motion, f);
  const body = createG1Pose();
  g1Forward(body, model, motion.rootM, f * 3, motion.rootQuaternion, f * 4, motion.angles, f * G1_DOF);
  const R = body.rotations;
  // MuJoCo counts the rotation of a free body in the axes of the body.
  const local = (x: Float64Array): number[] => [0, 1, 2].map((c) => R[c] * x[3] + R[3 + c] * x[4] + R[6 + c] * x[5]);
  pose(motion.rootM.subarray(f * 3), motion.rootQuaternion.subarray(f * 4), motion.angles.subarray(f * G1_DOF, (f + 1) * G1_DOF));
  (data.qvel as Float64Array).set([...v.subarray(0, 3), ...local(v), ...v.subarray(6)]);
  (data.qacc as Float64Array).set([...a.subarray(0, 3), ...local(a), ...a.subarray(6)]);
  mujoco.mj_inverse(judged, data);
  const [fx, fy, fz, ...turn] = Array.from((data.qfrc_inverse as Float64Array).subarray(0, 6));
  const [x, y, z] = motion.rootM.subarray(f * 3, f * 3 + 3);
  const m = [0, 1, 2].map((r) => R[r * 3] * turn[0] + R[r * 3 + 1] * turn[1] + R[r * 3 + 2] * turn[2]);
  return [fx, fy, fz, m[0] + y * fz - z * fy, m[1] + z * fx - x * fz, m[2] + x * fy - y * fx];
}

describe('the pull of the centre of pressure into the support', () => {
  /** Braking at 3 m/s²: the pressure runs ahead of the toes. */
  function braking(): G1Motion {
    const motion = standing(6);
    for (let f = 0; f < 6; f++) motion.rootM[f * 3] -= 1.5 * (f / 30) ** 2;
    return motion;
  }

  it('goes the way that lowers its own cost', () => {
    const motion = braking();
    const size = motion.frameCount * TANGENT;
    const matrix = createBanded(size, 3 * TANGENT);
    const g = new Float64Array(size);
    const task = { model, motion, from: 0, to: motion.frameCount };
    const cost = addBalance(task, matrix, g);
    expect(cost).toBeGreaterThan(0);
    const length = Math.hypot(...g);
    const moved = copyG1Motion(motion);
    for (let f = 0; f < motion.frameCount; f++)
      applyStep(
        moved,
        model,
        f,
        g.map((v) => (1e-4 * v) / length),
        f * TANGENT,
      );
    const next = addBalance({ ...task, motion: moved }, createBanded(size, 3 * TANGENT), new Float64Array(size));
    const expected = (-2 * 1e-4 * length ** 2) / length;
    expect(next - cost).toBeLessThan(0.4 * expected);
    expect(next - cost).toBeGreaterThan(2 * expected);
  });

  it('asks nothing of a robot in balance', () => {
    const motion = standing(6);
    const size = motion.frameCount * TANGENT;
    expect(addBalance({ model, motion, from: 0, to: 6 }, createBanded(size, 3 * TANGENT), new Float64Array(size))).toBe(0);
  });
});

describe('support on the floor', () => {
  const hull = convexHull([
    [0, 0],
    [1, 1],
    [1, 0],
    [0, 1],
    [0.5, 0.5],
  ]);

  it('is the hull of its points', () => {
    expect(hull).toHaveLength(4);
  });

  it('says how far outside a point lies, and the way back', () => {
    expect(outsideOf(hull, 0.2, 0.9).distanceM).toBe(0);
    expect(outsideOf(hull, 1.3, 1.4).distanceM).toBeCloseTo(0.5, 12);
    expect(outsideOf(hull, 0.5, -2)).toEqual({ distanceM: 2, backX: 0, backY: 1 });
  });
});
