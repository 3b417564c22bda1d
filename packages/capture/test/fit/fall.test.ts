import { describe, expect, it } from 'vitest';
import { DOFS } from '../../src/fit/body-model.ts';
import { createState } from '../../src/fit/body-state.ts';
import { accelerationTerms, createMotionScratch, GRAVITY_MS2, motionWeights } from '../../src/fit/motion-terms.ts';
import { createNormalEquations } from '../../src/fit/normal-equations.ts';

const FPS = 30;
const UP = Float64Array.of(2 / 7, 6 / 7, 3 / 7);

/** Three frames of a body that is accelerated along `UP`, metres a second squared. */
function accelerated(alongMS2: number): ReturnType<typeof createState> {
  const state = createState(3);
  for (let i = 3; i < state.turns.length; i += 4) state.turns[i] = 1;
  for (let f = 0; f < 3; f++) for (let k = 0; k < 3; k++) state.root[f * 3 + k] = (UP[k] * alongMS2 * (f - 1) ** 2) / 2 / FPS ** 2;
  return state;
}

const cost = (alongMS2: number, flies: boolean): number => {
  const weights = { ...motionWeights(0.5), fall: { frames: new Uint8Array(3).fill(flies ? 1 : 0), up: UP } };
  return accelerationTerms(accelerated(alongMS2), 1, FPS, weights, createMotionScratch(), undefined, 0, 3);
};

describe('a body that nothing holds', () => {
  it('costs nothing while it falls, and something while it hovers; one that stands the other way round', () => {
    expect(cost(-GRAVITY_MS2, true)).toBeCloseTo(0, 9);
    expect(cost(0, true)).toBeGreaterThan(1);
    expect(cost(0, false)).toBeCloseTo(0, 9);
    expect(cost(-GRAVITY_MS2, false)).toBeGreaterThan(0.1);
  });

  it('is one standard deviation off when it falls by 3 m/s² too fast', () => {
    expect(cost(-GRAVITY_MS2 - 3, true)).toBeCloseTo(0.5, 9);
  });

  it('has the derivative of its cost', () => {
    const weights = { ...motionWeights(0.5), fall: { frames: new Uint8Array(3).fill(1), up: UP } };
    const state = accelerated(-4);
    const equations = createNormalEquations(3);
    accelerationTerms(state, 1, FPS, weights, createMotionScratch(), equations, 0, 3);
    const h = 1e-6;
    for (let f = 0; f < 3; f++) {
      for (let k = 0; k < 3; k++) {
        const at = (by: number): number => {
          const root = state.root.slice();
          root[f * 3 + k] += by;
          return accelerationTerms({ ...state, root }, 1, FPS, weights, createMotionScratch(), undefined, 0, 3);
        };
        const slope = (at(h) - at(-h)) / (2 * h);
        expect(equations.gradient[f * DOFS + k] / slope).toBeCloseTo(1, 4);
      }
    }
  });
});
