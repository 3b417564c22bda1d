import { multiply } from '@gaitway/motion/quaternion';
import { expMap } from '@gaitway/motion/rotation';
import { describe, expect, it } from 'vitest';
import { totalMassKg } from '../../src/unitree-g1/capsules.ts';
import {
  createG1Pose,
  directionJacobian,
  g1Forward,
  JOINTS_AT,
  linkPoint,
  pointJacobian,
  rotationJacobian,
  TANGENT,
} from '../../src/unitree-g1/kinematics.ts';
import { FOOT_LINKS, G1_DOF, g1Link, g1Model, homeJointAngles, SOLE_POINTS_M } from '../../src/unitree-g1/model.ts';
import { type G1Variant, VARIANTS } from '../../src/unitree-g1/model-data.ts';
import { loadJudge } from './mujoco.ts';
import { type Configuration, randomConfiguration, uniform } from './random.ts';

const model = g1Model();

function poseOf(c: Configuration) {
  const pose = createG1Pose();
  g1Forward(pose, model, c.position, 0, c.quaternion, 0, c.angles, 0);
  return pose;
}

/** The configuration moved by `step` along tangent direction `k`. */
function moved(c: Configuration, k: number, step: number): Configuration {
  const position = c.position.slice();
  const quaternion = c.quaternion.slice();
  const angles = c.angles.slice();
  if (k < 3) position[k] += step;
  else if (k < 6) {
    const v = new Float64Array(3);
    v[k - 3] = step;
    const turn = new Float64Array(4);
    expMap(turn, 0, v, 0);
    multiply(quaternion, 0, turn, 0, c.quaternion, 0);
  } else angles[k - JOINTS_AT] += step;
  return { position, quaternion, angles };
}

describe('forward kinematics', () => {
  it('agrees with MuJoCo on every link of 200 random poses to 1e-5 m', async () => {
    const judge = await loadJudge(model);
    const next = uniform(7);
    let worst = 0;
    for (let n = 0; n < 200; n++) {
      const c = randomConfiguration(model, next);
      judge.pose(c.position, c.quaternion, c.angles);
      const pose = poseOf(c);
      const xpos = judge.data.xpos as Float64Array;
      const xmat = judge.data.xmat as Float64Array;
      for (let i = 0; i < pose.positionsM.length; i++) worst = Math.max(worst, Math.abs(pose.positionsM[i] - xpos[3 + i]));
      for (let i = 0; i < pose.rotations.length; i++) worst = Math.max(worst, Math.abs(pose.rotations[i] - xmat[9 + i]));
    }
    expect(worst).toBeLessThan(1e-5);
  });

  it.each(Object.keys(VARIANTS) as G1Variant[])('holds for %s', async (variant) => {
    const robot = g1Model(variant);
    const judge = await loadJudge(robot);
    const c = randomConfiguration(robot, uniform(3));
    judge.pose(c.position, c.quaternion, c.angles);
    const pose = createG1Pose();
    g1Forward(pose, robot, c.position, 0, c.quaternion, 0, c.angles, 0);
    const xpos = judge.data.xpos as Float64Array;
    const worst = pose.positionsM.reduce((w, v, i) => Math.max(w, Math.abs(v - xpos[3 + i])), 0);
    expect(worst).toBeLessThan(1e-5);
  });

  it('stands with its soles on the floor at the heights measured for the zero pose and the home stance', () => {
    const level = Float64Array.of(0, 0, 0, 1);
    const soleZ = (height: number, angles: Float64Array): number => {
      const point = new Float64Array(3);
      linkPoint(point, 0, poseOf({ position: Float64Array.of(0, 0, height), quaternion: level, angles }), FOOT_LINKS[0], SOLE_POINTS_M, 0);
      return point[2];
    };
    expect(soleZ(0.791864, new Float64Array(G1_DOF))).toBeCloseTo(0, 5);
    expect(Math.abs(soleZ(0.784, homeJointAngles()))).toBeLessThan(1e-3);
  });

  it('weighs what the URDF says', () => {
    expect(totalMassKg(model)).toBeCloseTo(33.34114, 4);
    expect(totalMassKg(g1Model('g1_29dof_mode_13'))).toBeCloseTo(33.74104, 4);
  });
});

describe('Jacobians equal finite differences', () => {
  const step = 1e-6;
  const link = g1Link('left_wrist_yaw_link');
  const local = Float64Array.of(0.08, 0.01, -0.02);

  it.each([1, 2, 3])('point, direction and rotation of a hand, seed %i', (seed) => {
    const c = randomConfiguration(model, uniform(seed * 77));
    const pose = poseOf(c);
    const point = new Float64Array(3);
    linkPoint(point, 0, pose, link, local, 0);
    const direction = Float64Array.from([0, 3, 6], (r) => pose.rotations[link * 9 + r]);
    const jp = new Float64Array(3 * TANGENT);
    const jd = new Float64Array(3 * TANGENT);
    const jr = new Float64Array(3 * TANGENT);
    pointJacobian(jp, 0, model, pose, link, point, 0);
    directionJacobian(jd, 0, model, pose, link, direction, 0);
    rotationJacobian(jr, 0, model, pose, link);
    const plus = new Float64Array(3);
    const minus = new Float64Array(3);
    for (let k = 0; k < TANGENT; k++) {
      const a = poseOf(moved(c, k, step));
      const b = poseOf(moved(c, k, -step));
      linkPoint(plus, 0, a, link, local, 0);
      linkPoint(minus, 0, b, link, local, 0);
      for (let r = 0; r < 3; r++) {
        expect(jp[r * TANGENT + k]).toBeCloseTo((plus[r] - minus[r]) / (2 * step), 6);
        const d = (a.rotations[link * 9 + r * 3] - b.rotations[link * 9 + r * 3]) / (2 * step);
        expect(jd[r * TANGENT + k]).toBeCloseTo(d, 6);
      }
      // A rotation vector w turns the direction by w × d.
      const w = [jr[k], jr[TANGENT + k], jr[2 * TANGENT + k]];
      expect(w[1] * direction[2] - w[2] * direction[1]).toBeCloseTo(jd[k], 9);
    }
  });
});
