import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { splitShots } from '@gaitway/motion/shots';
import { describe, expect, it } from 'vitest';
import { captureLandmarks } from '../../src/capture-landmarks.ts';
import { landmarksOf } from '../../src/shots/shot-spans.ts';
import { solveShots } from '../../src/shots/solve-shots.ts';
import { firstSolve } from '../../src/solve/first-solve.ts';
import { locateFfmpeg } from '../../src/video/ffmpeg.ts';
import { makeClip } from '../video/toolchains.ts';

const options = { quality: 'fast', cacheDir: join(tmpdir(), 'gaitway-test-models') } as const;
const sample = (name: string): string => join(import.meta.dirname, '../../../../samples', name);

describe('a clip that is cut every second', () => {
  it('is solved shot by shot: nobody is followed across a cut, and the motion of each shot is its own', async () => {
    const parts = ['walk_front.mp4', 'punch_34.mp4', 'bend_scoop.mp4'];
    const part = (i: number): string => `[${i}:v]fps=20,trim=0:1,setpts=PTS-STARTPTS,setsar=1[v${i}]`;
    const graph = `${parts.map((_, i) => part(i)).join(';')};[v0][v1][v2]concat=n=3`;
    const inputs = parts.flatMap((name) => ['-i', sample(name)]);
    const path = await makeClip('cut-every-second.mp4', [...inputs, '-filter_complex', graph, '-an', '-preset', 'ultrafast', '-crf', '18']);
    const { landmarks, shots, people, cutsSec } = await captureLandmarks(path, options);
    expect(cutsSec.map((timeSec) => timeSec.toFixed(2))).toEqual(['1.00', '2.00']);
    expect(shots.map(({ fromFrame, toFrame, subject }) => [fromFrame, toFrame, subject])).toEqual([
      [0, 20, 0],
      [20, 40, 1],
      [40, 60, 2],
    ]);
    expect(people.map(({ shot, isSubject }) => [shot, isSubject])).toEqual([
      [0, true],
      [1, true],
      [2, true],
    ]);
    for (const { shot, firstSec, lastSec } of people) {
      expect(firstSec).toBeGreaterThanOrEqual(shot - 1e-6);
      expect(lastSec).toBeLessThan(shot + 1);
    }
    const { clip } = solveShots(landmarks, shots, (rows) => firstSolve(rows));
    expect(clip).toMatchObject({ frameCount: 60, shotStarts: [20, 40] });
    const longest = splitShots(clip).findIndex((shot) => shot.skeleton === clip.skeleton);
    const alone = firstSolve(landmarksOf(landmarks, shots[longest])).clip;
    expect(alone.frameCount).toBe(20);
    expect([...clip.rotations, ...clip.rootTranslationM].every(Number.isFinite)).toBe(true);
  });
});

describe('a clip of an hour', () => {
  const hour = () => makeClip('hour.mp4', ['-f', 'lavfi', '-i', 'color=s=16x16:r=1:d=3600', '-pix_fmt', 'yuv420p', '-preset', 'ultrafast']);

  it('is refused by a limit before anything is decoded, and a part of it that is short enough is not', async () => {
    // Decoding with this would end in decoder_missing.
    const ffmpeg = { ...(await locateFfmpeg()), ffmpeg: '/nowhere/ffmpeg' };
    const path = await hour();
    await expect(captureLandmarks(path, { ...options, ffmpeg, maxDurationSec: 600 })).rejects.toMatchObject({
      code: 'api_duration_limit_exceeded',
      facts: { maxDurationSec: 600, durationSec: 3600 },
    });
    const part = { trimStartSec: 100, trimEndSec: 103 };
    await expect(captureLandmarks(path, { ...options, ...part, ffmpeg, maxDurationSec: 600 })).rejects.toMatchObject({
      code: 'decoder_missing',
    });
    await expect(captureLandmarks(path, { ...options, ...part, maxDurationSec: 600 })).rejects.toMatchObject({
      code: 'no_person_detected',
    });
  });
});

describe('a clip of 8 × 8 pixels', () => {
  it('is looked at without harm, and shows nobody', async () => {
    const path = await makeClip('speck.mkv', ['-f', 'lavfi', '-i', 'testsrc2=s=8x8:d=0.4:r=10', '-pix_fmt', 'yuv420p', '-c:v', 'ffv1']);
    await expect(captureLandmarks(path, options)).rejects.toMatchObject({ code: 'no_person_detected' });
  });
});
