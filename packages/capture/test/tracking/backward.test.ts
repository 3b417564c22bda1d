import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Capture, captureLandmarks } from '../../src/capture-landmarks.ts';
import { LANDMARK_COUNT } from '../../src/landmarks.ts';
import { openLandmarker, type PoseLandmarker } from '../../src/models/landmarker.ts';
import { readLandmarkModel } from '../../src/models/model-files.ts';
import { type BackwardRows, type BackwardScene, followBackwards } from '../../src/tracking/backward.ts';
import { type RecordedRows, rowsWithin } from '../../src/tracking/recorded-rows.ts';

const path = join(import.meta.dirname, '../../../../samples/punch_34.mp4');
const cacheDir = join(tmpdir(), 'gaitway-test-models');
const TRIM_START_SEC = 1;

describe('followBackwards', () => {
  let capture: Capture;
  let landmarker: PoseLandmarker;
  let scene: BackwardScene;
  let all: RecordedRows;

  beforeAll(async () => {
    capture = await captureLandmarks(path, { quality: 'fast', cacheDir, trimStartSec: TRIM_START_SEC, trimEndSec: 1.8 });
    landmarker = await openLandmarker(await readLandmarkModel('fast'), { cacheDir });
    const { landmarks, video } = capture;
    scene = { path, video, landmarker, mirror: true, trimStartSec: TRIM_START_SEC, timesSec: landmarks.timesSec, maxLongSidePx: 1280 };
    all = { ...landmarks, firstFrame: 0, rowCount: landmarks.frameCount, seen: landmarks.found };
  });
  afterAll(() => landmarker.release());

  const from = (frame: number): RecordedRows => rowsWithin(all, frame, all.rowCount) as RecordedRows;

  it('sees on the way back what was seen on the way forwards, to the first frame it is allowed', async () => {
    const back = await followBackwards(scene, from(16), 4, () => false);
    expect(back?.rows).toMatchObject({ firstFrame: 4, rowCount: 12 });
    expect(back?.mirroredRows).toMatchObject({ firstFrame: 4, rowCount: 12 });
    const { imagePx } = (back as BackwardRows).rows;
    let sumPx = 0;
    for (let row = 0; row < 12; row++) {
      for (let i = 0; i < LANDMARK_COUNT; i++) {
        const there = ((row + 4) * LANDMARK_COUNT + i) * 3;
        const here = (row * LANDMARK_COUNT + i) * 3;
        sumPx += Math.hypot(imagePx[here] - all.imagePx[there], imagePx[here + 1] - all.imagePx[there + 1]);
      }
    }
    // The person is about 500 pixels tall; the region comes from the other side now.
    expect(sumPx / (12 * LANDMARK_COUNT)).toBeLessThan(8);
  });

  it('ends where somebody else is, and where there is nothing before', async () => {
    const back = await followBackwards(scene, from(16), 0, (frame) => frame === 12);
    expect(back?.rows).toMatchObject({ firstFrame: 13, rowCount: 3 });
    expect(await followBackwards(scene, from(16), 16, () => false)).toBeUndefined();
  });

  it('ends where the person is lost: in a picture of something else the score or the shoulders are gone', async () => {
    const looks: number[] = [];
    const blind = {
      look: async (...args: Parameters<PoseLandmarker['look']>) => {
        looks.push(looks.length);
        const seen = await landmarker.look(...args);
        return looks.length > 4 ? { ...seen, pose: { ...seen.pose, visibility: new Float32Array(LANDMARK_COUNT) } } : seen;
      },
    };
    const back = await followBackwards({ ...scene, mirror: false, landmarker: blind }, from(16), 0, () => false);
    expect(back).toMatchObject({ rows: { firstFrame: 13, rowCount: 3 }, mirroredRows: undefined });
    expect(looks).toHaveLength(5);
  });

  it('stops when it is told to', async () => {
    const canceled = followBackwards({ ...scene, signal: AbortSignal.abort() }, from(16), 0, () => false);
    await expect(canceled).rejects.toMatchObject({ code: 'canceled' });
  });
});
