import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureLandmarks } from '../../src/capture-landmarks.ts';
import { LANDMARK_COUNT } from '../../src/landmarks.ts';
import { openLandmarker, type PoseLandmarker } from '../../src/models/landmarker.ts';
import { readLandmarkModel } from '../../src/models/model-files.ts';
import { followSubjects, meetingsOf } from '../../src/shots/follow-subjects.ts';
import type { BackwardScene } from '../../src/tracking/backward.ts';
import type { RecordedRows } from '../../src/tracking/recorded-rows.ts';

const path = join(import.meta.dirname, '../../../../samples/punch_34.mp4');
const cacheDir = join(tmpdir(), 'gaitway-test-models');

describe('meetingsOf', () => {
  const rows = (firstFrame: number, seen: readonly number[]): RecordedRows => ({
    firstFrame,
    rowCount: seen.length,
    seen: Uint8Array.from(seen),
    imagePx: new Float32Array(0),
    worldM: new Float32Array(0),
    visibility: new Float32Array(0),
    score: new Float32Array(0),
  });

  it('names every frame with which somebody is there again, and how far back that may have been so', () => {
    expect(meetingsOf(rows(5, [1, 1, 0, 0, 1, 0, 1, 1]), 2)).toEqual([
      { frame: 5, fromFrame: 2 },
      { frame: 9, fromFrame: 7 },
      { frame: 11, fromFrame: 10 },
    ]);
    expect(meetingsOf(rows(0, [1, 1, 1]), 0)).toEqual([]);
  });

  it('leaves out those before which somebody was not there', () => {
    const met = meetingsOf(rows(5, [1, 1, 0, 0, 1, 0, 1, 1]), 2, new Set([5, 11]));
    expect(met).toEqual([{ frame: 9, fromFrame: 7 }]);
  });
});

describe('followSubjects', () => {
  let scene: BackwardScene;
  let landmarker: PoseLandmarker;
  let all: RecordedRows;

  beforeAll(async () => {
    const { landmarks, video } = await captureLandmarks(path, { quality: 'fast', cacheDir, trimEndSec: 0.9 });
    landmarker = await openLandmarker(await readLandmarkModel('fast'), { cacheDir });
    scene = { path, video, landmarker, mirror: false, trimStartSec: 0, timesSec: landmarks.timesSec, maxLongSidePx: 1280 };
    all = { ...landmarks, firstFrame: 0, rowCount: landmarks.frameCount, seen: landmarks.found };
  });
  afterAll(() => landmarker.release());

  it('finds on the way back who was noticed late, at first and after a loss', async () => {
    const missing = [0, 1, 2, 10, 11, 12, 13, 14];
    const imagePx = all.imagePx.slice();
    for (const row of missing) imagePx.fill(0, row * LANDMARK_COUNT * 3, (row + 1) * LANDMARK_COUNT * 3);
    const late = { ...all, imagePx, seen: all.seen.map((seen, row) => (missing.includes(row) ? 0 : seen)) };
    const nobody = { ...all, rowCount: 0 };
    const tracks = [{ plain: { rows: late }, mirrored: { rows: nobody } }];
    const watched = { tracks, timesSec: scene.timesSec, cutsSec: [], dissolves: [] };
    const { landmarks, people } = await followSubjects(watched, scene, undefined);
    expect(landmarks.found.every((found) => found === 1)).toBe(true);
    expect(people[0]).toMatchObject({ frameCount: landmarks.frameCount, firstSec: 0 });
    for (const row of missing) {
      let sumPx = 0;
      for (let i = row * LANDMARK_COUNT * 3; i < (row + 1) * LANDMARK_COUNT * 3; i += 3) {
        sumPx += Math.hypot(landmarks.imagePx[i] - all.imagePx[i], landmarks.imagePx[i + 1] - all.imagePx[i + 1]);
      }
      // The person is about 500 pixels tall; the region comes from the other side.
      expect(sumPx / LANDMARK_COUNT).toBeLessThan(15);
    }
  });
});
