import { HUMAN_SKELETON } from '@gaitway/motion/human';
import { expMap } from '@gaitway/motion/rotation';
import { describe, expect, it } from 'vitest';
import { BLOCK_COUNT, BLOCKS, bodyJoint, bodyOffsets, DOFS } from '../../src/fit/body-model.ts';
import type { BodyPose } from '../../src/fit/body-state.ts';
import { copyFrames, createBodyPose, createState, moveFrame, poseBody } from '../../src/fit/body-state.ts';
import { createTermScratch, pointOf, prepareAxes } from '../../src/fit/landmark-terms.ts';
import { createNormalEquations, ROW_STEP } from '../../src/fit/normal-equations.ts';
import { addPoint, addPointSums, clearPointSums } from '../../src/fit/point-sums.ts';

/** Points of joints all over the body, two on one, in the rest frames of the joints; the first half counts from the pelvis. */
const POINTS = ['hand_l', 'spine_02', 'head', 'foot_r', 'lowerarm_r', 'pelvis', 'head', 'spine_04', 'calf_l'].map((name, i) => ({
  joint: bodyJoint(name),
  pinned: i < 4,
  atM: Float64Array.of(0.03 * i - 0.1, 0.05, 0.02 * (i % 3)),
  // Any positive definite matrix will do: xx, xy, xz, yy, yz, zz.
  information: Float64Array.of(3 + i, 0.3, -0.4, 2, 0.5, 4 - 0.2 * i),
  residual: [0.1 * i - 0.3, 0.2, 0.05 * i] as const,
}));
const PIVOT = Float64Array.of(0.02, -0.06, 0.03);
const offsets = bodyOffsets(HUMAN_SKELETON);

/** A bent and turned body two metres before the camera. */
const state = createState(1);
state.root.set([0.3, -0.2, -2]);
BLOCKS.forEach(({ axis }, b) => {
  const turn = axis ? axis.map((v) => v * (0.4 + 0.05 * b)) : [Math.sin(b), Math.cos(2 * b), Math.sin(3 * b)].map((v) => 0.5 * v);
  if (axis) state.angles[b] = 0.4 + 0.05 * b;
  expMap(state.turns, b * 4, turn, 0);
});

/** Where a point is, or where it is from the pivot of the pelvis. */
function place(pose: BodyPose, { joint, pinned, atM }: (typeof POINTS)[number]): Float64Array {
  const [out, pivot] = [new Float64Array(3), new Float64Array(3)];
  pointOf(out, pose, joint, atM, 0);
  pointOf(pivot, pose, 0, PIVOT, 0);
  return pinned ? out.map((v, k) => v - pivot[k]) : out;
}

/** Derivatives of a point by every degree of freedom, central differences: `DOFS` rows of 3. */
function derivatives(point: (typeof POINTS)[number]): Float64Array[] {
  const h = 1e-5;
  const moved = (dof: number, by: number): Float64Array => {
    const trial = createState(1);
    copyFrames(trial, state, 0, 1);
    const step = new Float64Array(DOFS);
    step[dof] = by;
    moveFrame(trial, 0, step, 0, new Float64Array(4));
    const pose = createBodyPose();
    poseBody(pose, trial, 0, offsets);
    return place(pose, point);
  };
  return Array.from({ length: DOFS }, (_, dof) => {
    const [after, before] = [moved(dof, h), moved(dof, -h)];
    return after.map((v, k) => (v - before[k]) / (2 * h));
  });
}

/** Λ v. */
const weighed = ([xx, xy, xz, yy, yz, zz]: Float64Array, [x, y, z]: ArrayLike<number> & Iterable<number>): number[] => [
  xx * x + xy * y + xz * z,
  xy * x + yy * y + yz * z,
  xz * x + yz * y + zz * z,
];
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

describe('the equations of all points of a frame', () => {
  const n = createNormalEquations(1);
  const s = createTermScratch();
  const pose = createBodyPose();
  poseBody(pose, state, 0, offsets);
  prepareAxes(s, pose);
  clearPointSums(s.sums);
  const at = new Float64Array(3);
  for (const { joint, pinned, atM, information, residual } of POINTS) {
    pointOf(at, pose, joint, atM, 0);
    const [x, y, z] = at.map((v, k) => v - pose.positions[k]);
    addPoint(pinned ? s.sums.pinned : s.sums.free, joint, x, y, z, information, ...residual);
  }
  pointOf(s.centre, pose, 0, PIVOT, 0);
  addPointSums(n, 0, s.sums, s.axes, pose.positions, s.centre);
  const all = POINTS.map((point) => ({ ...point, J: derivatives(point) }));

  it('have every block of the body in them', () => {
    expect(BLOCKS).toHaveLength(BLOCK_COUNT);
    expect(n.gradient.filter((v) => v !== 0).length).toBeGreaterThan(DOFS / 2);
  });

  it('add up JᵀΛJ', () => {
    for (let i = 0; i < DOFS; i++) {
      for (let j = 0; j <= i; j++) {
        const sum = all.reduce((total, { J, information }) => total + dot(J[i], weighed(information, J[j])), 0);
        expect(n.matrix.rows[i * ROW_STEP + j]).toBeCloseTo(sum, 6);
      }
    }
  });

  it('and Jᵀr', () => {
    for (let i = 0; i < DOFS; i++) {
      const sum = all.reduce((total, { J, residual }) => total + dot(J[i], residual), 0);
      expect(n.gradient[i]).toBeCloseTo(sum, 7);
    }
  });
});
