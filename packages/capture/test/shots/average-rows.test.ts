import { describe, expect, it } from 'vitest';
import { LANDMARK_COUNT, LANDMARKS, type LandmarkName, type Landmarks } from '../../src/landmarks.ts';
import { averageRows, centreWeights } from '../../src/shots/average-rows.ts';

const FRAMES = 21;
const MIDDLE = 10;
const index = (name: LandmarkName): number => LANDMARKS.indexOf(name);

/** Left is at x = 0.2, right at −0.2, everything moves on one parabola; `noiseM` is added from a fixed sequence. */
function moving(noiseM = 0): Landmarks {
  let state = 7;
  const noise = (): number => {
    state = (state * 16807) % 2147483647;
    return noiseM * (state / 2147483647 - 0.5);
  };
  const value = (frame: number, landmark: number, axis: number): number =>
    (axis === 0 ? (LANDMARKS[landmark].startsWith('l_') ? 0.2 : -0.2) : 0.01 * landmark) + parabola(frame) + noise();
  const points = Float32Array.from({ length: FRAMES * LANDMARK_COUNT * 3 }, (_, i) =>
    value(Math.floor(i / (LANDMARK_COUNT * 3)), Math.floor(i / 3) % LANDMARK_COUNT, i % 3),
  );
  return {
    widthPx: 100,
    heightPx: 100,
    nominalFps: 120,
    frameCount: FRAMES,
    timesSec: Float64Array.from({ length: FRAMES }, (_, f) => f / 120),
    found: new Uint8Array(FRAMES).fill(1),
    imagePx: points.slice(),
    worldM: points,
    visibility: new Float32Array(FRAMES * LANDMARK_COUNT).fill(0.5),
    score: new Float32Array(FRAMES).fill(1),
  };
}

const parabola = (frame: number): number => 0.01 * frame - 0.001 * (frame - MIDDLE) ** 2;
const middleOf = (landmarks: Landmarks, reach: number): Float32Array => averageRows(landmarks, Int32Array.of(MIDDLE), reach).worldM;
const rowOf = ({ worldM }: Landmarks, row: number): Float32Array =>
  worldM.subarray(row * LANDMARK_COUNT * 3, (row + 1) * LANDMARK_COUNT * 3);
const distance = (a: Float32Array, b: Float32Array): number => Math.sqrt(a.reduce((sum, v, i) => sum + (v - b[i]) ** 2, 0) / a.length);

describe('centreWeights', () => {
  it.each([0, 1, 2, 4, 8])('of %i neighbours leave a parabola as it is', (reach) => {
    const weights = centreWeights(reach);
    const at = (power: number): number => weights.reduce((sum, w, i) => sum + w * (i - reach) ** power, 0);
    expect([at(0), at(1), at(2), at(3)].map((v) => Math.round(v * 1e9) / 1e9 || 0)).toEqual([1, 0, 0, 0]);
  });
});

describe('averageRows', () => {
  it('keeps motion and halves the noise of nine frames', () => {
    const truth = rowOf(moving(), MIDDLE);
    expect(distance(middleOf(moving(), 4), truth)).toBeLessThan(1e-6);
    const before = distance(rowOf(moving(0.02), MIDDLE), truth);
    expect(distance(middleOf(moving(0.02), 4), truth)).toBeLessThan(0.6 * before);
  });

  it('mixes no frame whose sides are exchanged into one whose sides are not', () => {
    const landmarks = moving(0.02);
    const [left, right] = [index('l_ankle'), index('r_ankle')].map((i) => ((MIDDLE + 3) * LANDMARK_COUNT + i) * 3);
    const kept = landmarks.worldM.slice(left, left + 3);
    landmarks.worldM.copyWithin(left, right, right + 3);
    landmarks.worldM.set(kept, right);
    const knees = [index('l_knee'), index('r_knee')].map((i) => ((MIDDLE + 3) * LANDMARK_COUNT + i) * 3);
    for (const axis of [0, 1, 2]) {
      const before = landmarks.worldM[knees[0] + axis];
      landmarks.worldM[knees[0] + axis] = landmarks.worldM[knees[1] + axis];
      landmarks.worldM[knees[1] + axis] = before;
    }
    expect(middleOf(landmarks, 4)).toEqual(middleOf(moving(0.02), 2));
  });

  it('ends at frames without the person and where time jumps', () => {
    const missing = moving(0.02);
    missing.found[MIDDLE - 2] = 0;
    expect(middleOf(missing, 4)).toEqual(middleOf(moving(0.02), 1));
    const late = moving(0.02);
    for (let f = MIDDLE + 1; f < FRAMES; f++) late.timesSec[f] += 0.1;
    expect(middleOf(late, 4)).toEqual(rowOf(late, MIDDLE));
  });

  it('gives the row its own time, and the mean visibility of the window', () => {
    const landmarks = moving();
    landmarks.visibility.fill(1, MIDDLE * LANDMARK_COUNT, (MIDDLE + 1) * LANDMARK_COUNT);
    const out = averageRows(landmarks, Int32Array.of(0, MIDDLE), 2);
    expect([...out.timesSec]).toEqual([0, MIDDLE / 120]);
    expect(out.visibility[LANDMARK_COUNT]).toBeCloseTo(0.6);
    expect(out.visibility[0]).toBe(0.5);
  });
});
