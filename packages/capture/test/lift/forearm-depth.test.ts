import { describe, expect, it } from 'vitest';
import { LANDMARK_COUNT, LANDMARKS, type Landmarks } from '../../src/landmarks.ts';
import { BODY_POINTS, type BodyPointName } from '../../src/lift/body-points.ts';
import { blendForearms } from '../../src/lift/forearm-depth.ts';
import { walk } from './landmark-fixture.ts';

const HEIGHT_M = 1.72;
const at = (name: BodyPointName): number => BODY_POINTS.indexOf(name) * 3 + 2;

/** Frame 0 of a film in which the left wrist is `seenM` behind its elbow and everything else at depth 0. */
function film(seenM: number, visibility: number): Landmarks {
  const worldM = new Float32Array(LANDMARK_COUNT * 3);
  worldM[LANDMARKS.indexOf('l_wrist') * 3 + 2] = seenM;
  return { ...walk(), frameCount: 1, worldM, visibility: new Float32Array(LANDMARK_COUNT).fill(visibility) };
}

/** What becomes of a body whose points all lie at depth 0.1 heights; only depths may change. */
function blended(seenM: number, visibility: number, sigma: number): Float32Array {
  const values = new Float32Array(BODY_POINTS.length * 8).fill(0.1);
  blendForearms(values, film(seenM, visibility), 0, HEIGHT_M, () => sigma);
  return values;
}

describe('the depth of forearms', () => {
  it('lies between what the network and what the pose model says, wherever that is', () => {
    for (const seenM of [-0.25, -0.1, 0.05, 0.25]) {
      const moved = blended(seenM, 1, 0.08)[at('l_wrist')] - 0.1;
      expect(moved / (seenM / HEIGHT_M)).toBeGreaterThan(0.1);
      expect(moved / (seenM / HEIGHT_M)).toBeLessThan(0.9);
    }
  });

  it('is halfway where both are equally sure', () => {
    expect(blended(0.2, 1, 0.14 / HEIGHT_M)[at('l_wrist')] - 0.1).toBeCloseTo(0.1 / HEIGHT_M, 6);
  });

  it('follows the pose model the more, the less sure the network is and the better the arm is seen', () => {
    const moved = (visibility: number, sigma: number): number => blended(0.2, visibility, sigma)[at('l_wrist')];
    expect(moved(1, 0.12)).toBeGreaterThan(moved(1, 0.04));
    expect(moved(1, 0.08)).toBeGreaterThan(moved(0.5, 0.08));
    expect(moved(0, 0.08)).toBeCloseTo(0.1, 7);
  });

  it('takes the knuckles along and leaves all else alone', () => {
    const values = blended(0.2, 1, 0.08);
    expect(values[at('l_index')]).toBe(values[at('l_wrist')]);
    expect(values[at('l_pinky')]).toBe(values[at('l_wrist')]);
    const moved = new Set([at('l_wrist'), at('l_index'), at('l_pinky')]);
    values.forEach((value, i) => {
      if (!moved.has(i)) expect(value).toBe(Math.fround(0.1));
    });
  });
});
