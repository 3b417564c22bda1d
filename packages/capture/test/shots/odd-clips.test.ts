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

describe('a clip with a mirror and a television', () => {
  it('is about the person in front of them, in every frame', async () => {
    const person = '[0:v]fps=10,trim=1:2.2,setpts=PTS-STARTPTS,split[room][walker]';
    const mirror = '[walker]crop=360:600:460:60,hflip,scale=240:-2,eq=brightness=-0.05,pad=iw+8:ih+8:4:4:gray[mirror]';
    const television = '[1:v]fps=10,trim=0:1.2,setpts=PTS-STARTPTS,scale=170:-2,pad=iw+8:ih+8:4:4:black[television]';
    const graph = `${person};${mirror};${television};[room][mirror]overlay=x=860:y=120[both];[both][television]overlay=x=130:y=120`;
    const inputs = ['walk_front.mp4', 'dance_portrait.mp4'].flatMap((name) => ['-i', sample(name)]);
    const path = await makeClip('mirror.mp4', [...inputs, '-filter_complex', graph, '-an', '-preset', 'ultrafast', '-crf', '18']);
    const { landmarks, people } = await captureLandmarks(path, options);
    expect(landmarks.found.every((found) => found === 1)).toBe(true);
    expect(people.filter(({ isSubject }) => isSubject)).toHaveLength(1);
    for (let at = 0; at < landmarks.imagePx.length; at += 3) {
      // Between the television and the mirror.
      expect(landmarks.imagePx[at]).toBeGreaterThan(400);
      expect(landmarks.imagePx[at]).toBeLessThan(800);
    }
  });
});

describe('a clip in which the same two people stand in other places after a cut', () => {
  const part = (i: number, out: string, width: number, x: number): string =>
    `[${i}:v]fps=8,trim=0.5:1.6,setpts=PTS-STARTPTS,setsar=1,crop=${width}:720:${x}:0${out}`;

  it('is about one of them: where the other is alone it has no subject', async () => {
    const shots = [part(0, '[a0]', 500, 330), part(1, '[b0]', 460, 420), part(1, '[alone]', 960, 160)];
    const exchanged = [part(1, '[b1]', 460, 420), part(0, '[a1]', 500, 330)];
    const graph = [...shots, ...exchanged, '[a0][b0]hstack[s0]', '[b1][a1]hstack[s2]', '[s0][alone][s2]concat=n=3'].join(';');
    const inputs = ['walk_front.mp4', 'punch_34.mp4'].flatMap((name) => ['-i', sample(name)]);
    const path = await makeClip('exchanged.mp4', [...inputs, '-filter_complex', graph, '-an', '-preset', 'ultrafast', '-crf', '18']);
    const subjectsAt = async (choice: { readonly index: number } | undefined) => {
      const { shots: found, people } = await captureLandmarks(path, { ...options, ...(choice && { subject: choice }) });
      const middle = (index: number): number => people[index].meanBox.x + people[index].meanBox.width / 2;
      return { places: found.map(({ subject }) => (subject === null ? null : middle(subject) < 480 ? 'left' : 'right')), people };
    };
    const byDefault = await subjectsAt(undefined);
    // The larger of the two is on the right, alone, on the left.
    expect(byDefault.places).toEqual(['right', 'right', 'left']);
    const walker = byDefault.people.findIndex(({ shot, meanBox }) => shot === 0 && meanBox.x + meanBox.width / 2 < 480);
    expect((await subjectsAt({ index: walker })).places).toEqual(['left', null, 'right']);
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
