import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeCamera } from '../../src/camera-motion/judge-camera.ts';
import { type Capture, captureLandmarks } from '../../src/capture-landmarks.ts';
import { LANDMARKS, type LandmarkName } from '../../src/landmarks.ts';
import type { Progress } from '../../src/progress.ts';
import { locateFfmpeg } from '../../src/video/ffmpeg.ts';

const samples = join(dirname(fileURLToPath(import.meta.url)), '../../../../samples');
const clip = join(samples, 'punch_34.mp4');
const cacheDir = join(tmpdir(), 'gaitway-test-models');
const options = { quality: 'fast', cacheDir } as const;

interface Truth {
  readonly joints: readonly string[];
  readonly camera: { readonly K: readonly number[]; readonly R: readonly number[]; readonly t: readonly number[] };
  readonly frames: readonly { readonly joints: readonly (readonly number[])[] }[];
}

/** Projects a joint of the truth into the picture. */
const project = ({ camera: { K, R, t }, frames, joints }: Truth, frame: number, joint: string): [number, number] => {
  const p = frames[frame].joints[joints.indexOf(joint)];
  const [x, y, z] = [0, 1, 2].map((r) => R[r * 3] * p[0] + R[r * 3 + 1] * p[1] + R[r * 3 + 2] * p[2] + t[r]);
  return [(K[0] * x) / z + K[2], (K[4] * y) / z + K[5]];
};

describe('captureLandmarks on a rendered clip', () => {
  const progress: Progress[] = [];
  let capture: Capture;
  let truth: Truth;

  beforeAll(async () => {
    truth = JSON.parse(await readFile(join(samples, 'punch_34.truth.json'), 'utf8')) as Truth;
    capture = await captureLandmarks(clip, {
      ...options,
      trimStartSec: 1,
      trimEndSec: 2,
      mirror: true,
      onProgress: (p) => progress.push(p),
    });
  });

  it('sees that the camera stands still', () => {
    const { camera } = capture.landmarks;
    expect(camera?.agreement).toHaveLength(30);
    expect(camera && judgeCamera(camera)).toMatchObject({ motion: undefined, followed: 1, breaks: 0 });
    expect(capture.mirrored?.camera).toBe(camera);
  });

  it('finds the person in every frame, once', () => {
    const { landmarks, people, shots } = capture;
    expect(landmarks.frameCount).toBe(30);
    expect(landmarks.found.every((found) => found === 1)).toBe(true);
    expect(landmarks.timesSec[29]).toBeCloseTo(29 / 30, 3);
    expect([landmarks.widthPx, landmarks.heightPx, landmarks.nominalFps]).toEqual([1280, 720, 30]);
    expect(people).toHaveLength(1);
    expect(people[0]).toMatchObject({
      index: 0,
      isSubject: true,
      shot: 0,
      firstSec: landmarks.timesSec[0],
      lastSec: landmarks.timesSec[29],
      frameCount: 30,
    });
    expect(shots).toEqual([{ fromFrame: 0, toFrame: 30, fromSec: landmarks.timesSec[0], toSec: expect.closeTo(1, 2), subject: 0 }]);
  });

  it.each<LandmarkName>(['l_shoulder', 'r_shoulder', 'l_elbow', 'r_elbow', 'l_knee', 'r_knee'])('sees the %s where it is', (name) => {
    for (const landmarks of [capture.landmarks, capture.mirrored as Capture['landmarks']]) {
      let sumPx = 0;
      for (let f = 0; f < 30; f++) {
        const [u, v] = project(truth, f + 30, name);
        const at = (f * 33 + LANDMARKS.indexOf(name)) * 3;
        sumPx += Math.hypot(landmarks.imagePx[at] - u, landmarks.imagePx[at + 1] - v);
      }
      // The person is about 500 pixels tall.
      expect(sumPx / 30).toBeLessThan(16);
    }
  });

  it('gives metres with the axes of the camera: the head above the hips, the feet below', () => {
    const { worldM } = capture.landmarks;
    const y = (name: LandmarkName): number => worldM[LANDMARKS.indexOf(name) * 3 + 1];
    expect(y('nose')).toBeLessThan(-0.4);
    expect(y('l_ankle')).toBeGreaterThan(0.5);
    expect(Math.abs(y('l_hip') + y('r_hip'))).toBeLessThan(0.05);
  });

  it('names its models and reports progress that ends complete', () => {
    expect(capture.models.map(({ name }) => name)).toEqual(['pose_detection.tflite', 'pose_landmark_lite.tflite']);
    for (const { sha256 } of capture.models) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(progress.at(-1)).toEqual({ stage: 'capture', done: 30, total: 30 });
    const done = progress.filter(({ stage }) => stage === 'capture').map((p) => p.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
  });
});

describe('captureLandmarks refuses', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gaitway-capture-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it.each([
    ['reversed', 3, 2],
    ['outside', 100, 101],
    ['an end far behind', 0, 7],
    ['negative', -1, 2],
    ['NaN', Number.NaN, 2],
  ])('a trim that is %s', async (_, trimStartSec, trimEndSec) => {
    const refused = captureLandmarks(clip, { ...options, trimStartSec, trimEndSec });
    await expect(refused).rejects.toMatchObject({ code: 'api_trim_range_invalid' });
  });

  it('but clamps an end that is rounded up', async () => {
    const { landmarks, video } = await captureLandmarks(clip, { ...options, trimStartSec: 6.2, trimEndSec: 6.7 });
    expect(video.durationSec).toBeCloseTo(6.5, 3);
    expect(landmarks.frameCount).toBe(9);
  });

  it('a clip without a person', async () => {
    const path = join(directory, 'bars.mp4');
    const { ffmpeg } = await locateFfmpeg();
    await promisify(execFile)(ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', 'smptebars=size=320x180:rate=10', '-t', '0.5', path]);
    await expect(captureLandmarks(path, options)).rejects.toMatchObject({ code: 'no_person_detected' });
  });

  it('to go on after an abort', async () => {
    const controller = new AbortController();
    const onProgress = ({ stage, done }: Progress): void => {
      if (stage === 'capture' && done === 3) controller.abort();
    };
    const capture = captureLandmarks(clip, { ...options, signal: controller.signal, onProgress });
    await expect(capture).rejects.toMatchObject({ code: 'canceled' });
    await expect(captureLandmarks(clip, { ...options, signal: controller.signal })).rejects.toMatchObject({ code: 'canceled' });
  });
});
