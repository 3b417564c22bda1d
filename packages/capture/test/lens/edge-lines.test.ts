import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Luma } from '../../src/camera-motion/luma-pyramid.ts';
import { seenLens } from '../../src/camera-motion/seen-lens.ts';
import { createTurn } from '../../src/camera-motion/turn.ts';
import { EdgeWatcher } from '../../src/lens/background-edges.ts';
import type { Lines } from '../../src/lens/edge-lines.ts';
import { edgeLines } from '../../src/lens/edge-lines.ts';
import { PlateMaker } from '../../src/lens/plate.ts';
import { thinLines } from '../../src/lens/thin-lines.ts';
import type { Box } from '../../src/preflight/box.ts';
import { cameraFor } from '../../src/solve/camera.ts';
import { decodeFrames } from '../../src/video/decode.ts';
import { probeVideo } from '../../src/video/probe.ts';
import { randomOf } from './rooms.ts';

const WIDTH = 320;
const HEIGHT = 240;

/** A picture whose luma is that of a function of the place (pixels from the middle), averaged over each pixel, with grain. */
function painted(luma: (x: number, y: number) => number, grain = 0, seed = 1): Luma {
  const random = randomOf(seed);
  const y = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    let sum = 0;
    for (let s = 0; s < 16; s++)
      sum += luma((i % WIDTH) + (s & 3) / 4 + 0.125 - WIDTH / 2, Math.floor(i / WIDTH) + (s >> 2) / 4 + 0.125 - HEIGHT / 2);
    return Math.max(0, Math.min(255, Math.round(sum / 16 + grain * (random() + random() - 1))));
  });
  return { widthPx: WIDTH, heightPx: HEIGHT, y };
}

function plateOf(pictures: readonly Luma[], people: readonly Box[] = []): ReturnType<PlateMaker['finish']> {
  const maker = new PlateMaker(WIDTH, HEIGHT);
  for (const picture of pictures) maker.add(picture, people);
  return maker.finish();
}

/** Angle of a line against another, radians, 0 to π/2. */
const angleTo = (lines: Lines, i: number, angleRad: number): number =>
  Math.abs(Math.asin(lines.directions[i * 2] * Math.sin(angleRad) - lines.directions[i * 2 + 1] * Math.cos(angleRad)));

describe('straight edges', () => {
  it.each([2, 17, 31, 44, 58, 74, 89, 93, 120, 137, 178])('at %f° are found to hundredths of a degree', (deg) => {
    const angle = (deg * Math.PI) / 180;
    const [nx, ny] = [-Math.sin(angle), Math.cos(angle)];
    const lines = edgeLines(plateOf([painted((x, y) => (x * nx + y * ny > 7.3 ? 150 : 90), 3)]));
    expect(lines.count).toBe(1);
    expect(angleTo(lines, 0, angle)).toBeLessThan(Math.max(3 * lines.sigmas[0], 0.0003));
    expect(lines.sigmas[0]).toBeLessThan(0.002);
    expect(Math.abs(lines.middles[0] * nx + lines.middles[1] * ny - 7.3)).toBeLessThan(0.05);
    expect(lines.lengths[0]).toBeGreaterThan(150);
  });

  it('go on behind somebody who stands before them', () => {
    const person = { leftPx: 130, topPx: 60, widthPx: 50, heightPx: 120 };
    const lines = edgeLines(plateOf([painted((x, y) => (y > 10 + 0.05 * x ? 150 : 90))], [person]));
    expect(lines.count).toBe(1);
    expect(angleTo(lines, 0, Math.atan(0.05))).toBeLessThan(0.001);
    expect(lines.lengths[0]).toBeGreaterThan(300);
  });

  it('are seen where somebody stood before, and the place where nobody stood any more is none', () => {
    const maker = new PlateMaker(WIDTH, HEIGHT);
    const scene = (brighter: number): Luma => painted((x) => (x > 20.4 ? 150 : 90) + brighter);
    maker.add(scene(0), [{ leftPx: 150, topPx: 40, widthPx: 60, heightPx: 160 }]);
    maker.add(scene(9), [{ leftPx: 20, topPx: 40, widthPx: 60, heightPx: 160 }]);
    const lines = edgeLines(maker.finish());
    expect(lines.count).toBe(1);
    expect(Math.abs(lines.middles[0] - 20.4)).toBeLessThan(0.15);
  });

  it('are neither curves nor grain nor black bars around the picture', () => {
    expect(edgeLines(plateOf([painted((x, y) => (Math.hypot(x, y) < 60 ? 150 : 90))])).count).toBe(0);
    expect(edgeLines(plateOf([painted(() => 120, 30)])).count).toBe(0);
    expect(edgeLines(plateOf([painted((x, y) => (Math.abs(y) > 100 || Math.abs(x) > 140 ? 16 : 130))])).count).toBe(0);
  });

  it('are the same on a black and on a white ground, and turned by a right angle', () => {
    const wedge = (x: number, y: number): number => (x > 0.2 * y && y > 0.1 * x - 30 ? 200 : 60);
    const own = edgeLines(plateOf([painted(wedge)]));
    expect(own.count).toBe(2);
    const other = edgeLines(plateOf([painted((x, y) => 260 - wedge(x, y))]));
    expect([...other.sigmas].map((s) => s.toFixed(4))).toEqual([...own.sigmas].map((s) => s.toFixed(4)));
  });

  it('of one thing do not outvote the rest', () => {
    const blind = painted((x, y) => (Math.abs(y) < 60 && Math.abs(x) < 60 && Math.floor((y + 60) / 6) % 2 === 0 ? 200 : 60));
    const lines = edgeLines(plateOf([blind]));
    expect(lines.count).toBeGreaterThan(15);
    expect(thinLines(lines, Math.hypot(WIDTH, HEIGHT)).count).toBeLessThan(lines.count / 1.5);
  });
});

describe('the background of a shot', () => {
  const scene = painted((x, y) => (x > 0.1 * y ? 200 : 60));

  it('is laid over while the camera stands still, and a picture of another view is not', () => {
    const watcher = new EdgeWatcher();
    const moved = createTurn();
    moved.rotation[2] = 0.02;
    for (let f = 0; f < 30; f++)
      watcher.next(f === 6 ? painted((_, y) => (y > 3 ? 200 : 60)) : scene, [], f === 6 ? moved : createTurn(), 1);
    watcher.cut();
    for (let f = 0; f < 10; f++) watcher.next(scene, [], moved, 1);
    const seen = watcher.finish();
    expect(seen.map(({ frame }) => frame)).toEqual([0, 30]);
    expect(seen[0].profile.scores).toEqual(seen[1].profile.scores);
  });

  it('of a clip with many cuts is not looked at every time', () => {
    const watcher = new EdgeWatcher();
    for (let f = 0; f < 20; f++) {
      watcher.next(scene, [], createTurn(), 1);
      watcher.cut();
    }
    expect(watcher.finish().length).toBeLessThan(10);
  });
});

describe('a picture that is made to be hard', () => {
  const sizes: readonly (readonly [widthPx: number, heightPx: number])[] = [
    [1, 1],
    [640, 1],
    [3, 640],
    [640, 480],
  ];
  const lumas: Readonly<Record<string, (x: number, y: number) => number>> = {
    'nothing but grey': () => 120,
    'nothing but dashes': (x, y) => (x % 4 < 2 && y % 48 < 44 ? 40 : 200),
    'black and white by chance': (x, y) => (Math.imul(x * 640 + y + 1, 2654435761) & 4096 ? 0 : 255),
  };

  it.each(Object.entries(lumas))('of %s gives numbers, whatever its size', (_, luma) => {
    for (const [widthPx, heightPx] of sizes) {
      const watcher = new EdgeWatcher();
      const y = Uint8Array.from({ length: widthPx * heightPx }, (_, i) => luma(i % widthPx, Math.floor(i / widthPx)));
      watcher.next({ widthPx, heightPx, y }, [], createTurn(), 1);
      const [{ profile }] = watcher.finish();
      for (const value of [...profile.scores, ...profile.downs, ...profile.sigmas]) expect(value).toSatisfy(Number.isFinite);
    }
  });
});

describe('a real encoding', () => {
  it('tells its lens by the boards of the floor and the edges of a door', async () => {
    const path = fileURLToPath(new URL('../../../../samples/bend_scoop.mp4', import.meta.url));
    const video = await probeVideo(path);
    const watcher = new EdgeWatcher();
    let frames = 0;
    for await (const frame of decodeFrames(path, video, { trimEndSec: 0.5 })) {
      watcher.next(frame, [], createTurn(), 1);
      frames++;
    }
    expect(frames).toBeGreaterThan(12);
    const { mean, sd, source } = seenLens({ edges: watcher.finish() }, { motion: undefined, zoom: 1 });
    expect(source).toBe('lines');
    const trueFocalPx = 937.8321;
    expect(Math.abs(mean - Math.log(trueFocalPx / cameraFor(video, undefined).focalPx))).toBeLessThan(2 * sd);
    expect(sd).toBeLessThan(0.06);
  });
});
