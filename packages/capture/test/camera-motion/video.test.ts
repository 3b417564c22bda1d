import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CameraVerdict } from '../../src/camera-motion/camera-motion.ts';
import { CameraTracker } from '../../src/camera-motion/camera-tracker.ts';
import { judgeCamera } from '../../src/camera-motion/judge-camera.ts';
import { cameraFor } from '../../src/solve/camera.ts';
import { decodeFrames } from '../../src/video/decode.ts';
import { probeVideo } from '../../src/video/probe.ts';
import { makeClip } from '../video/toolchains.ts';

const sample = fileURLToPath(new URL('../../../../samples/punch_34.mp4', import.meta.url));
/** How far the cut-out moves to either side, pixels, and its size. */
const SWING_PX = 110;
const SIZE = { widthPx: 960, heightPx: 540 };

/** What the background of a clip says, with nobody telling where the person is. */
async function watched(path: string): Promise<CameraVerdict> {
  const video = await probeVideo(path);
  const tracker = new CameraTracker();
  for await (const frame of decodeFrames(path, video)) tracker.next(frame, []);
  return judgeCamera(tracker.finish(video));
}

/** A cut-out of the sample that moves over it, x in pixels as an expression of the time. */
const panned = (name: string, x: string): Promise<string> =>
  makeClip(name, [
    ...['-t', '1.6', '-i', sample, '-an', '-vf', `crop=${SIZE.widthPx}:${SIZE.heightPx}:${x}:90`],
    ...['-c:v', 'mpeg4', '-q:v', '3'],
  ]);

describe('the background of real encodings', () => {
  it('stands still in a cut-out that stays, person and carpet notwithstanding', async () => {
    expect(await watched(await panned('still.mp4', '160'))).toMatchObject({ motion: undefined, breaks: 0 });
  });

  it('turns in a cut-out that swings from side to side, by the angle of its way', async () => {
    const { motion, breaks, followed } = await watched(await panned('pan.mp4', `160-${SWING_PX}*cos(PI*t/1.6)`));
    expect(breaks).toBe(0);
    expect(followed).toBeGreaterThan(0.95);
    const half = Math.atan(SWING_PX / cameraFor(SIZE, undefined).focalPx);
    expect((motion?.panRad ?? 0) / half).toBeGreaterThan(0.85);
    expect((motion?.panRad ?? 0) / half).toBeLessThan(1.15);
  });
});
