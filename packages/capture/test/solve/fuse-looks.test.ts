import { describe, expect, it } from 'vitest';
import type { Landmarks } from '../../src/landmarks.ts';
import { LANDMARK_COUNT, LANDMARKS } from '../../src/landmarks.ts';
import { analyticStart } from '../../src/solve/first-solve.ts';
import { fuseLooks } from '../../src/solve/fuse-looks.ts';
import { observe } from '../../src/solve/observations.ts';
import { firstFrames, readTruth, syntheticLandmarks } from './synthetic.ts';

const truth = firstFrames(readTruth('walk_front'), 40);
const look = (seed: number): Landmarks => syntheticLandmarks(truth, { seed, imagePx: 6, worldM: 0.03 });
const clean = syntheticLandmarks(truth, { seed: 1, imagePx: 0, worldM: 0 });

/** Root mean square distance of two sets of positions. */
const apart = (a: Float64Array, b: Float64Array): number => Math.sqrt(a.reduce((sum, v, i) => sum + (v - b[i]) ** 2, 0) / a.length);

const twin = LANDMARKS.map((name) => (LANDMARKS as readonly string[]).indexOf(name.replace(/^[lr]_/, (s) => (s === 'l_' ? 'r_' : 'l_'))));

/** Frame `f` with left and right exchanged and depths reversed: what the pose model makes of someone it takes to be seen from behind. */
function flipped(landmarks: Landmarks, f: number): Landmarks {
  const out = { ...landmarks, imagePx: landmarks.imagePx.slice(), worldM: landmarks.worldM.slice() };
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    const to = (f * LANDMARK_COUNT + i) * 3;
    const from = (f * LANDMARK_COUNT + twin[i]) * 3;
    for (let k = 0; k < 3; k++) {
      out.imagePx[to + k] = landmarks.imagePx[from + k];
      out.worldM[to + k] = landmarks.worldM[from + k] * (k === 2 ? -1 : 1);
    }
  }
  return out;
}

describe('two looks at one picture', () => {
  it('are nearer to what was there than either', () => {
    const [one, other] = [observe(look(2)), observe(look(3))];
    const real = observe(clean);
    const both = fuseLooks(one, other);
    expect(apart(both.imagePx, real.imagePx)).toBeLessThan(0.8 * apart(one.imagePx, real.imagePx));
    expect(apart(both.bodyM, real.bodyM)).toBeLessThan(0.8 * apart(other.bodyM, real.bodyM));
  });

  it('count only where both saw somebody', () => {
    const blind = { ...look(3), found: new Uint8Array(truth.frames.length).map((_, f) => (f < 10 ? 0 : 1)) };
    const one = observe(look(2));
    const both = fuseLooks(one, observe(blind));
    const until = 10 * LANDMARK_COUNT * 2;
    expect(both.imagePx.subarray(0, until)).toEqual(one.imagePx.subarray(0, until));
    expect(both.imagePx.subarray(until)).not.toEqual(one.imagePx.subarray(until));
  });

  it('leave the first as it is when the other saw nobody at all', () => {
    const plain = analyticStart(look(2), {});
    const nobody = { ...look(3), found: new Uint8Array(truth.frames.length) };
    expect(analyticStart(look(2), { mirrored: nobody }).seen.imagePx).toEqual(plain.seen.imagePx);
  });

  it('are put right each by itself: a flip in one of them does not blur the mean', () => {
    const seen = (mirrored: Landmarks): Float64Array => analyticStart(look(2), { mirrored }).seen.bodyM;
    const usual = seen(look(3));
    const mended = seen(flipped(look(3), 20));
    expect(apart(mended.subarray(20 * 99, 21 * 99), usual.subarray(20 * 99, 21 * 99))).toBeLessThan(0.03);
  });
});
