import { describe, expect, it } from 'vitest';
import { bandedCholesky, bandedIndex, bandedSolve, createBanded } from '../../src/unitree-g1/banded.ts';
import { COLLISION_PAIRS, G1_CAPSULES } from '../../src/unitree-g1/capsules.ts';
import { closestOnSegments, createClosest, selfPenetrations } from '../../src/unitree-g1/collision.ts';
import { createEquations } from '../../src/unitree-g1/equations.ts';
import { frameEquations } from '../../src/unitree-g1/frame-terms.ts';
import { makeGoals } from '../../src/unitree-g1/goals.ts';
import { createG1Pose, g1Forward, TANGENT } from '../../src/unitree-g1/kinematics.ts';
import { g1Model } from '../../src/unitree-g1/model.ts';
import { cholesky, solveFrames, substitute } from '../../src/unitree-g1/solve-frames.ts';
import { sourceMotion } from '../../src/unitree-g1/source.ts';
import { applyStep } from '../../src/unitree-g1/step.ts';
import { copyG1Motion } from '../../src/unitree-g1/trajectory.ts';
import { loadJudge } from './mujoco.ts';
import { clipOf, walk } from './people.ts';
import { randomConfiguration, uniform } from './random.ts';

const model = g1Model();

describe('frame equations', () => {
  it('are the gradient of their own cost: finite differences over every tangent direction', () => {
    const source = sourceMotion(clipOf(walk(0.5)));
    const goals = makeGoals(model, source);
    const motion = copyG1Motion(goals.seed);
    // Close to the goals the linear residuals of directions and rotations have the exact gradient.
    const solved = solveFrames(model, goals, 'follow');
    motion.angles.set(solved.angles);
    const e = createEquations(model);
    const costAt = (k: number, h: number): number => {
      const moved = copyG1Motion(motion);
      const step = new Float64Array(TANGENT);
      step[k] = h;
      applyStep(moved, model, 7, step, 0);
      frameEquations(e, goals, moved, 7, 'follow');
      return e.cost;
    };
    const h = 1e-5;
    for (let k = 0; k < TANGENT; k++) {
      const numeric = (costAt(k, h) - costAt(k, -h)) / (2 * h);
      frameEquations(e, goals, motion, 7, 'follow');
      // cost = Σ w² r², r = wanted − is: its derivative is −2 g. Rotation vectors are linearised: 2 % of the largest entry.
      expect(Math.abs(numeric + 2 * e.g[k])).toBeLessThan(0.02 * Math.max(...e.g.map(Math.abs)) * 2 + 1e-3);
    }
  });
});

describe('linear algebra', () => {
  it.each([1, 2, 3])('Cholesky solves what was multiplied, seed %i', (seed) => {
    const next = uniform(seed * 31);
    const n = 35;
    const B = Float64Array.from({ length: n * n }, () => next() - 0.5);
    const A = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) A[i * n + j] += B[i * n + k] * B[j * n + k] + (i === j ? 0.01 : 0);
    const x = Float64Array.from({ length: n }, () => next());
    const b = Float64Array.from({ length: n }, (_, i) => x.reduce((sum, v, j) => sum + A[i * n + j] * v, 0));
    cholesky(A, n);
    substitute(A, n, b);
    for (let i = 0; i < n; i++) expect(b[i]).toBeCloseTo(x[i], 6);
  });

  it('the banded solve equals the dense one', () => {
    const next = uniform(99);
    const size = 40;
    const width = 7;
    const banded = createBanded(size, width);
    const dense = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      for (let j = Math.max(0, i - width); j <= i; j++) {
        const v = i === j ? 20 : next() - 0.5;
        banded.rows[bandedIndex(banded, i, j)] = v;
        dense[i * size + j] = v;
      }
    }
    const a = Float64Array.from({ length: size }, () => next());
    const b = a.slice();
    bandedCholesky(banded);
    bandedSolve(banded, a);
    cholesky(dense, size);
    substitute(dense, size, b);
    for (let i = 0; i < size; i++) expect(a[i]).toBeCloseTo(b[i], 10);
  });
});

describe('capsules', () => {
  it('closest points of segments beat every sampled pair', () => {
    const next = uniform(5);
    const out = createClosest();
    for (let n = 0; n < 100; n++) {
      const ends = Float64Array.from({ length: 12 }, () => next() - 0.5);
      closestOnSegments(out, ends, 0, 6, 0);
      let sampled = Number.POSITIVE_INFINITY;
      for (let s = 0; s <= 40; s++) {
        for (let t = 0; t <= 40; t++) {
          const d = [0, 1, 2].map(
            (k) => ends[k] + (s / 40) * (ends[3 + k] - ends[k]) - ends[6 + k] - (t / 40) * (ends[9 + k] - ends[6 + k]),
          );
          sampled = Math.min(sampled, Math.hypot(...d));
        }
      }
      expect(out.gapM).toBeLessThanOrEqual(sampled + 1e-9);
      expect(out.gapM).toBeGreaterThan(sampled - 0.05);
    }
  });

  it('overlaps agree with the contacts that MuJoCo finds', async () => {
    const judge = await loadJudge(model);
    const next = uniform(11);
    const overlaps = new Float64Array(COLLISION_PAIRS.length);
    const pose = createG1Pose();
    const idOf = (name: string): number => judge.mujoco.mj_name2id(judge.model, judge.mujoco.mjtObj.mjOBJ_GEOM.value, name);
    const fromTo = new Float64Array(6);
    let met = 0;
    for (let n = 0; n < 40; n++) {
      const c = randomConfiguration(model, next);
      judge.pose(c.position, c.quaternion, c.angles);
      g1Forward(pose, model, c.position, 0, c.quaternion, 0, c.angles, 0);
      selfPenetrations(overlaps, pose);
      COLLISION_PAIRS.forEach(([a, b], p) => {
        const distance = judge.mujoco.mj_geomDistance(
          judge.model,
          judge.data,
          idOf(G1_CAPSULES[a].name),
          idOf(G1_CAPSULES[b].name),
          1,
          fromTo,
        );
        // Depth is only unique while the axes of the two capsules do not cross.
        if (distance > -0.02) expect(overlaps[p]).toBeCloseTo(Math.max(0, -distance), 4);
        if (overlaps[p] > 0) met++;
      });
    }
    expect(met).toBeGreaterThan(20);
  });
});
