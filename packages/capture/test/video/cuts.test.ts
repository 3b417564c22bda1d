import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CutDetector, cutWarnings } from '../../src/video/cuts.ts';
import { decodeFrames } from '../../src/video/decode.ts';
import { probeVideo } from '../../src/video/probe.ts';
import { picture } from '../tracking/pictures.ts';
import { makeClip } from './toolchains.ts';

type Luma = (x: number, y: number) => number;

const SIZE = { widthPx: 96, heightPx: 72 };
/** Reproducible texture; another seed is another place. */
const scene =
  (seed: number): Luma =>
  (x, y) => {
    const cell = Math.floor(x / 6) * 31 + Math.floor(y / 6) * 17 + seed * 101;
    return 40 + ((cell * cell * 7919) % 160);
  };

/** Cuts, as indices of frames, in a clip whose frame n shows `show(n)`. */
const cutsIn = (frames: number, show: (n: number) => Luma, fullRange = true): number[] => {
  const cuts = new CutDetector();
  for (let n = 0; n < frames; n++) cuts.next(picture({ ...SIZE, fullRange, luma: show(n) }), n);
  return [...cuts.finish()];
};

describe('CutDetector', () => {
  const a = scene(1);
  const b = scene(2);

  it('finds where one place becomes another, also in the last frame, also twice in a row of three shots', () => {
    expect(cutsIn(20, (n) => (n < 9 ? a : b))).toEqual([9]);
    expect(cutsIn(20, (n) => (n < 19 ? a : b))).toEqual([19]);
    expect(cutsIn(30, (n) => (n < 8 ? a : n < 17 ? b : scene(3)))).toEqual([8, 17]);
    expect(cutsIn(20, (n) => (n < 9 ? a : b), false)).toEqual([9]);
  });

  it('finds none in one shot that stands still or in one of a single picture', () => {
    expect(cutsIn(20, () => a)).toEqual([]);
    expect(cutsIn(1, () => a)).toEqual([]);
  });

  it('is not fooled by a flash, by a lamp that is switched on, by a fade or by a fast pan', () => {
    expect(cutsIn(20, (n) => (n === 9 ? () => 255 : a))).toEqual([]);
    expect(cutsIn(20, (n) => (x, y) => a(x, y) + (n < 9 ? 0 : 50))).toEqual([]);
    expect(cutsIn(40, (n) => (x, y) => (a(x, y) * (40 - n)) / 40)).toEqual([]);
    expect(cutsIn(30, (n) => (x, y) => a(x + 5 * n, y))).toEqual([]);
  });

  it('is not fooled by somebody who jumps into the picture', () => {
    const isInside: (x: number, y: number) => boolean = (x, y) => x > 30 && x < 60 && y > 20;
    expect(cutsIn(20, (n) => (x, y) => (n >= 9 && isInside(x, y) ? 30 : a(x, y)))).toEqual([]);
  });

  it('finds the joints of three real clips, and none in the clips themselves', async () => {
    const sample = (name: string): string => join(import.meta.dirname, '../../../../samples', name);
    const parts = ['walk_front.mp4', 'punch_34.mp4', 'bend_scoop.mp4'];
    const joined = 'scale=320:180,setsar=1,trim=0:1,setpts=PTS-STARTPTS';
    const graph = `[0:v]${joined}[a];[1:v]${joined}[b];[2:v]${joined}[c];[a][b][c]concat=n=3`;
    const path = await makeClip('joined.mp4', [...parts.flatMap((name) => ['-i', sample(name)]), '-filter_complex', graph, '-an']);
    const cuts = new CutDetector();
    for await (const frame of decodeFrames(path, await probeVideo(path))) cuts.next(frame, frame.timeSec);
    expect(cuts.finish().map((timeSec) => timeSec.toFixed(2))).toEqual(['1.00', '2.00']);
  });
});

describe('cutWarnings', () => {
  it('names the times, the first ten of many, and is silent without a cut', () => {
    expect(cutWarnings([])).toEqual([]);
    expect(cutWarnings([1, 2.5])[0]).toContain('cut at 1.00 s, 2.50 s:');
    expect(cutWarnings(Array.from({ length: 12 }, (_, i) => i))[0]).toContain('9.00 s and 2 more');
  });
});
