import { jointPositions } from '@gaitway/motion/kinematics';
import { describe, expect, it } from 'vitest';
import { LANDMARK_COUNT, type Landmarks } from '../../src/landmarks.ts';
import { FOCAL_COUNT } from '../../src/lens/lens-profile.ts';
import { solveAtRate, solveParts, solveStep } from '../../src/shots/solve-rate.ts';
import { firstSolve } from '../../src/solve/first-solve.ts';
import { firstFrames, readTruth, syntheticLandmarks } from '../solve/synthetic.ts';

const walk = syntheticLandmarks(firstFrames(readTruth('walk_front'), 40), { seed: 3, imagePx: 1, worldM: 0.005 });

/** The walk as a camera of `times` the rate would have seen it: rows in between are blended. */
function faster(times: number, missing: readonly number[] = []): Landmarks {
  const frameCount = (walk.frameCount - 1) * times + 1;
  const blend = (from: Float32Array, width: number): Float32Array =>
    Float32Array.from({ length: frameCount * width }, (_, i) => {
      const frame = Math.floor(i / width);
      const [row, share] = [Math.floor(frame / times), (frame % times) / times];
      const next = Math.min(walk.frameCount - 1, row + 1);
      return from[row * width + (i % width)] * (1 - share) + from[next * width + (i % width)] * share;
    });
  return {
    ...walk,
    nominalFps: walk.nominalFps * times,
    frameCount,
    timesSec: Float64Array.from({ length: frameCount }, (_, f) => f / (walk.nominalFps * times)),
    found: Uint8Array.from({ length: frameCount }, (_, f) => (missing.includes(f) ? 0 : 1)),
    imagePx: blend(walk.imagePx, LANDMARK_COUNT * 3),
    worldM: blend(walk.worldM, LANDMARK_COUNT * 3),
    visibility: blend(walk.visibility, LANDMARK_COUNT),
    score: new Float32Array(frameCount).fill(1),
  };
}

/** Every nth row of the walk; `missing`: rows of the walk in which nobody was found. */
function slower(apart: number, missing: readonly number[]): Landmarks {
  const rows = Array.from({ length: Math.floor((walk.frameCount - 1) / apart) + 1 }, (_, k) => k * apart);
  const pick = (from: Float32Array, width: number): Float32Array =>
    Float32Array.from({ length: rows.length * width }, (_, i) => from[rows[Math.floor(i / width)] * width + (i % width)]);
  return {
    ...walk,
    nominalFps: walk.nominalFps / apart,
    frameCount: rows.length,
    timesSec: Float64Array.from(rows, (row) => row / walk.nominalFps),
    found: Uint8Array.from(rows, (row) => (missing.includes(row) ? 0 : 1)),
    imagePx: pick(walk.imagePx, LANDMARK_COUNT * 3),
    worldM: pick(walk.worldM, LANDMARK_COUNT * 3),
    visibility: pick(walk.visibility, LANDMARK_COUNT),
    score: new Float32Array(rows.length).fill(1),
  };
}

describe('solveStep', () => {
  it.each([
    [10, 1],
    [30, 1],
    [47, 1],
    [47.952, 2],
    [50, 2],
    [59.94, 2],
    [72, 2],
    [75, 3],
    [90, 3],
    [100, 3],
    [119.88, 4],
    [240, 8],
  ])('of %d frames a second solves every frame of %i', (fps, step) => {
    expect(solveStep(fps)).toBe(step);
  });
});

describe('solveParts', () => {
  it.each([
    [1, 3],
    [8, 3],
    [10, 3],
    [12.5, 2],
    [15, 2],
    [20, 2],
    [24, 1],
    [60, 1],
  ])('of %d frames a second makes %i of each', (fps, parts) => {
    expect(solveParts(fps)).toBe(parts);
  });
});

describe('solveAtRate', () => {
  it.each([
    [1, 30],
    [2, 30],
    [3, 30],
    [4, 30],
    [8, 30],
  ])('solves %i × 30 frames a second at %i and delivers them all', (times, solvedFps) => {
    const landmarks = faster(times);
    const rates: number[] = [];
    const { clip } = solveAtRate(landmarks, (rows) => {
      rates.push(rows.nominalFps);
      return firstSolve(rows, { subjectHeightM: 1.7 });
    });
    expect(rates).toEqual([solvedFps]);
    expect(clip).toMatchObject({ fps: 30 * times, frameCount: landmarks.frameCount });
    const slow = firstSolve(walk, { subjectHeightM: 1.7 }).clip;
    const [fast, reference] = [jointPositions(clip), jointPositions(slow)];
    const width = slow.skeleton.joints.length * 3;
    let sumM = 0;
    for (let f = 0; f < slow.frameCount; f++) {
      for (let i = 0; i < width; i += 3) {
        sumM += Math.hypot(...[0, 1, 2].map((k) => fast[f * times * width + i + k] - reference[f * width + i + k]));
      }
    }
    expect((sumM / (slow.frameCount * (width / 3))) * 1000).toBeLessThan(12);
  });

  it('takes the neighbour of a frame without the person, and counts gaps on the frames of the source', () => {
    // Frame 12 of 240 a second is one that would be solved; its neighbours show the person. From 40 to 79 nobody is there.
    const missing = [12, ...Array.from({ length: 40 }, (_, i) => 40 + i)];
    const { report, clip } = solveAtRate(faster(8, missing), (rows) => firstSolve(rows));
    expect(report.gaps).toHaveLength(1);
    expect(Math.abs(report.gaps[0].from - 40)).toBeLessThan(8);
    expect(Math.abs(report.gaps[0].to - 80)).toBeLessThan(8);
    expect(clip.confidence[60 * clip.skeleton.joints.length]).toBe(0);
  });

  it.each([2, 3])('solves every %ith frame of 30 a second as if it had seen those between', (apart) => {
    const missing = Array.from({ length: 6 }, (_, i) => 12 + i);
    const rates: number[] = [];
    const { clip, report } = solveAtRate(slower(apart, missing), (rows) => {
      rates.push(rows.nominalFps);
      return firstSolve(rows, { subjectHeightM: 1.7 });
    });
    expect(rates).toEqual([30]);
    expect(clip).toMatchObject({ fps: 30 / apart, frameCount: Math.floor(39 / apart) + 1 });
    // Frames 12 to 17 of the source at 30 a second.
    expect(report.gaps).toEqual([{ from: 12 / apart, to: 18 / apart }]);
    expect(clip.confidence[(12 / apart) * clip.skeleton.joints.length]).toBe(0);
    const reference = firstSolve(walk, { subjectHeightM: 1.7 }).clip;
    const [a, b] = [jointPositions(clip), jointPositions(reference)];
    const width = clip.skeleton.joints.length * 3;
    let sumM = 0;
    for (let i = 0; i < width; i += 3) {
      sumM += Math.hypot(
        ...[0, 1, 2].map((k) => a[3 * width + i + k] - a[3 * width + k] - b[3 * apart * width + i + k] + b[3 * apart * width + k]),
      );
    }
    expect((sumM / (width / 3)) * 1000).toBeLessThan(25);
  });

  it('keeps the lens of the file, and the edges of a background at the frame that shows it', () => {
    const landmarks = faster(8);
    const { frameCount } = landmarks;
    const profile = { scores: new Float64Array(FOCAL_COUNT), downs: new Float64Array(0), sigmas: new Float64Array(0) };
    const camera = {
      focalPx: 1000,
      turns: new Float64Array(frameCount * 4).map((_, i) => (i % 4 === 3 ? 1 : 0)),
      scales: new Float64Array(frameCount).fill(1),
      agreement: new Float32Array(frameCount).fill(1),
      parallax: new Float32Array(frameCount),
      breaks: new Uint8Array(frameCount),
      taggedLog: 0.2,
      edges: [0, 16, 17, frameCount - 1].map((frame) => ({ frame, profile })),
    };
    solveAtRate({ ...landmarks, camera }, (rows) => {
      expect(rows.camera?.taggedLog).toBe(0.2);
      expect(rows.camera?.edges?.map(({ frame }) => frame)).toEqual([0, 2, 3, rows.frameCount - 1]);
      return firstSolve({ ...rows, camera: undefined });
    });
    expect.assertions(2);
  });

  it('takes the same rows of what was seen in the mirror', () => {
    const landmarks = faster(4);
    solveAtRate(
      landmarks,
      (rows, mirrored) => {
        expect(mirrored).toEqual(rows);
        return firstSolve(rows);
      },
      landmarks,
    );
    expect.assertions(1);
  });

  it('leaves a clip of a few frames as it is', () => {
    const few = { ...faster(8), frameCount: 3, timesSec: faster(8).timesSec.slice(0, 3) };
    expect(solveAtRate(few, (rows) => firstSolve(rows)).clip.frameCount).toBe(3);
  });
});
