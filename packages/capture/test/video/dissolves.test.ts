import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CutDetector } from '../../src/video/cuts.ts';
import { decodeFrames } from '../../src/video/decode.ts';
import { DissolveDetector, dissolveWarnings } from '../../src/video/dissolves.ts';
import { probeVideo } from '../../src/video/probe.ts';
import { picture } from '../tracking/pictures.ts';
import { makeClip } from './toolchains.ts';

type Luma = (x: number, y: number) => number;

const SIZE = { widthPx: 96, heightPx: 72 };
const FPS = 25;
/** Reproducible texture; another seed is another place. */
const scene =
  (seed: number): Luma =>
  (x, y) => {
    const cell = Math.floor(x / 6) * 31 + Math.floor(y / 6) * 17 + seed * 101;
    return 40 + ((cell * cell * 7919) % 160);
  };
const blend =
  (from: Luma, to: Luma, share: number): Luma =>
  (x, y) =>
    from(x, y) + Math.min(1, Math.max(0, share)) * (to(x, y) - from(x, y));

/** Transitions in a clip of 25 frames a second whose frame n shows `show(n)`, as seconds with one decimal. */
const foundIn = (frames: number, show: (n: number) => Luma): number[][] => {
  const dissolves = new DissolveDetector();
  for (let n = 0; n < frames; n++) dissolves.next(picture({ ...SIZE, luma: show(n) }), n / FPS);
  return dissolves.found.map(({ fromSec, toSec }) => [fromSec, toSec]);
};

describe('DissolveDetector', () => {
  const a = scene(1);
  const b = scene(2);

  it.each([0.5, 1, 2])('finds where one place turns into another over %f s', (seconds) => {
    const found = foundIn(125, (n) => blend(a, b, (n / FPS - 1) / seconds));
    expect(found).toHaveLength(1);
    expect(Math.abs(found[0][0] - 1)).toBeLessThan(0.3);
    expect(Math.abs(found[0][1] - 1 - seconds)).toBeLessThan(0.3);
  });

  it('finds a fade to black and one from black', () => {
    const black: Luma = () => 0;
    expect(foundIn(75, (n) => blend(a, black, n / FPS - 1))).toHaveLength(1);
    expect(foundIn(75, (n) => blend(black, a, n / FPS - 1))).toHaveLength(1);
  });

  it('finds none in one shot: still, panned, with a lamp that brightens or somebody who walks through', () => {
    expect(foundIn(75, () => a)).toEqual([]);
    expect(foundIn(75, (n) => (x, y) => a(x + 2 * n, y))).toEqual([]);
    expect(foundIn(75, (n) => (x, y) => a(x, y) + n / 2)).toEqual([]);
    expect(foundIn(75, (n) => (x, y) => (Math.abs(x - n) < 15 && y > 20 ? 30 : a(x, y)))).toEqual([]);
  });

  it('leaves hard cuts and flashes to others', () => {
    expect(foundIn(75, (n) => (n < 37 ? a : b))).toEqual([]);
    expect(foundIn(75, (n) => (n === 37 ? () => 255 : a))).toEqual([]);
  });

  it('finds the transition between two real clips, where there is no hard cut', async () => {
    const sample = (name: string): string => join(import.meta.dirname, '../../../../samples', name);
    const part = 'scale=320:180,setsar=1,fps=30,format=yuv420p';
    // The old ffmpeg knows no crossfade: the second clip fades in over the first.
    const graph = `[0:v]${part},trim=0:3[a];[1:v]${part},trim=0:2,format=yuva420p,fade=in:st=0:d=1:alpha=1,setpts=PTS+1/TB[b];[a][b]overlay=eof_action=pass`;
    const inputs = ['-i', sample('walk_front.mp4'), '-i', sample('bend_scoop.mp4')];
    const path = await makeClip('dissolved.mp4', [...inputs, '-filter_complex', graph, '-an', '-preset', 'ultrafast']);
    const [cuts, dissolves] = [new CutDetector(), new DissolveDetector()];
    for await (const frame of decodeFrames(path, await probeVideo(path))) {
      cuts.next(frame, frame.timeSec);
      dissolves.next(frame, frame.timeSec);
    }
    expect(cuts.finish()).toEqual([]);
    expect(dissolves.found).toHaveLength(1);
    expect(Math.abs(dissolves.found[0].fromSec - 1)).toBeLessThan(0.3);
    expect(Math.abs(dissolves.found[0].toSec - 2)).toBeLessThan(0.3);
  });
});

describe('dissolveWarnings', () => {
  it('names the times, the first six of many, and is silent without a transition', () => {
    expect(dissolveWarnings([])).toEqual([]);
    expect(dissolveWarnings([{ fromSec: 1, toSec: 2.5 }])[0]).toContain('fades into another at 1.0–2.5 s:');
    expect(dissolveWarnings(Array.from({ length: 8 }, (_, i) => ({ fromSec: i, toSec: i + 0.5 })))[0]).toContain('and 2 more');
  });
});
