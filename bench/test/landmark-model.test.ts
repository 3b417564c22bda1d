import type { Clip } from '@gaitway/motion/clip';
import { HUMAN_JOINTS, HUMAN_SKELETON } from '@gaitway/motion/human';
import { jointPositions } from '@gaitway/motion/kinematics';
import { describe, expect, it } from 'vitest';
import { type Camera, randomCamera, toCamera } from '../landmark-model/src/camera.ts';
import { noise } from '../landmark-model/src/paint.ts';
import { Random } from '../landmark-model/src/random.ts';
import { Canvas, MeshPainter, type Window } from '../landmark-model/src/raster.ts';
import { ROW_FIELDS, Row } from '../landmark-model/src/row.ts';
import { balancing, excerpt, randomSwings, withSwings } from '../landmark-model/src/variation.ts';
import { parseObj } from '../landmark-model/src/wavefront.ts';

const CAMERA: Camera = {
  widthPx: 200,
  heightPx: 100,
  focalPx: 100,
  R: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
  tM: new Float64Array(3),
};
const WINDOW: Window = { originXPx: 100, originYPx: 0, scale: 2, widthPx: 100, heightPx: 200 };
const LIGHT = { direction: [0, 0, -1], ambient: 1, direct: 0 } as const;
/** A square around the axis point (0.3, 0) at a distance, two triangles. */
const square = (z: number, half: number): Float64Array =>
  Float64Array.of(0.3 - half, -half, z, 0.3 + half, -half, z, 0.3 + half, half, z, 0.3 - half, half, z);
const FACES = Uint32Array.of(0, 1, 2, 0, 2, 3);
const paint = (canvas: Canvas, at: Float64Array, colour: number): void =>
  new MeshPainter(FACES, new Float32Array(12).fill(colour), new Float32Array(12)).paint(canvas, CAMERA, WINDOW, at, LIGHT);

describe('the renderer of the training pictures', () => {
  it('draws a surface where the camera sees it, the nearer one in front', () => {
    const canvas = new Canvas(200);
    canvas.resize(WINDOW.widthPx, WINDOW.heightPx);
    paint(canvas, square(1, 0.1), 200);
    paint(canvas, square(2, 0.6), 50);
    // Picture x = 100 + 100 · 0.3 = 130 is window x = 60; the near square is ±10 picture pixels, ±20 of the window.
    const value = (x: number, y: number): number => canvas.rgb[(y * WINDOW.widthPx + x) * 3];
    expect(value(60, 100)).toBeCloseTo(200, 3);
    expect([value(41, 100), value(78, 100), value(60, 81), value(60, 118)].map(Math.round)).toEqual([200, 200, 200, 200]);
    expect([value(39, 100), value(81, 100), value(60, 78)].map(Math.round)).toEqual([50, 50, 50]);
    expect(value(95, 195)).toBe(0);
    expect(() => canvas.resize(1000, 1000)).toThrow(RangeError);
  });

  it('makes cameras that keep lengths and look at the person', () => {
    for (let seed = 0; seed < 50; seed++) {
      const camera = randomCamera(new Random(seed), [0, 1, 0], 1.7);
      const points = Float64Array.of(0, 1, 0, 0, 2, 0);
      toCamera(points, camera, points);
      expect(Math.hypot(points[3] - points[0], points[4] - points[1], points[5] - points[2])).toBeCloseTo(1, 9);
      const [x, y] = [0, 1].map((k) => (points[k] / points[2]) * camera.focalPx);
      expect(points[2]).toBeGreaterThan(1.5);
      expect(Math.abs(x)).toBeLessThan(camera.widthPx / 2);
      expect(Math.abs(y)).toBeLessThan(camera.heightPx / 2);
      expect(points[4]).toBeLessThan(points[1]);
    }
  });
});

describe('the motions of the training pictures', () => {
  const joints = HUMAN_JOINTS.length;
  const standing: Clip = {
    skeleton: HUMAN_SKELETON,
    fps: 30,
    frameCount: 31,
    rootTranslationM: Float32Array.from({ length: 93 }, (_, i) => Math.floor(i / 3) / 30),
    rotations: Float32Array.from({ length: 31 * joints * 4 }, (_, i) => (i % 4 === 3 ? 1 : 0)),
    contacts: new Uint8Array(31 * 4),
    confidence: new Float32Array(31 * joints).fill(1),
  };
  const clip = withSwings(standing, randomSwings(new Random(4)));

  it('are cut at another rate without changing their speed', () => {
    const cut = excerpt(clip, 0.2, 15, 5);
    expect(cut.rootTranslationM[3 * 4]).toBeCloseTo(0.2 + 4 / 15, 5);
    const same = excerpt(clip, 0, 30, 31);
    same.rotations.forEach((v, i) => {
      expect(Math.abs(v)).toBeCloseTo(Math.abs(clip.rotations[i]), 4);
    });
  });

  it('stand on one leg all the time where they balance', () => {
    const ankles = ['foot_l', 'foot_r'].map((name) => (HUMAN_JOINTS as readonly string[]).indexOf(name));
    const standsOn = Array.from({ length: 30 }, (_, seed) => {
      const positions = jointPositions(withSwings(standing, balancing(new Random(seed))));
      const heightM = (frame: number, side: number): number => positions[(frame * joints + ankles[side]) * 3 + 1];
      const lower = heightM(0, 0) < heightM(0, 1) ? 0 : 1;
      for (let f = 0; f < standing.frameCount; f++) expect(heightM(f, lower)).toBeLessThan(heightM(f, 1 - lower));
      return lower;
    });
    expect(new Set(standsOn).size).toBe(2);
  });

  it('stay unit rotations when they are bent', () => {
    for (let i = 0; i < clip.rotations.length; i += 4) expect(Math.hypot(...clip.rotations.subarray(i, i + 4))).toBeCloseTo(1, 5);
  });
});

describe('the data of the training', () => {
  it('has rows as long as their fields say, in their order', () => {
    const row = new Row();
    row.score = 0.75;
    row.looks[1].visibility[32] = 0.5;
    row.write({ sequence: 1, character: 2, motion: 3, timeSec: 4, camera: CAMERA, heightM: 1.6, truthM: new Float64Array(87).fill(9) });
    const values = new Float32Array(row.bytes.buffer);
    const start = (name: string): number => {
      const at = ROW_FIELDS.findIndex(([field]) => field === name);
      return ROW_FIELDS.slice(0, at).reduce((sum, [, length]) => sum + length, 0);
    };
    expect(values.length).toBe(start('truthM') + 87);
    expect([values[start('score')], values[start('focalPx')], values[start('truthM')]]).toEqual([0.75, 100, 9]);
    expect(values[start('truthM') - 1]).toBe(0.5);
    expect(values[start('heightM')]).toBeCloseTo(1.6, 6);
  });

  it('is the same for the same seed', () => {
    const draw = (seed: number): number[] => {
      const random = new Random(seed);
      return [random.next(), random.normal(), random.between(3, 4)];
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(noise(0.2, 3.7, -1.1, 5)).toBe(noise(0.2, 3.7, -1.1, 5));
    expect(Math.abs(noise(1 - 1e-9, 2, 3, 5) - noise(1 + 1e-9, 2, 3, 5))).toBeLessThan(1e-6);
  });

  it('reads polygons as fans, by group', () => {
    const mesh = parseObj('v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\ng body\nf 1/5 2/6 3/7 4/8\ng eye\nf 1 2 3\ng body\nf 2 3 4\n');
    expect([...mesh.positions]).toHaveLength(12);
    expect([...(mesh.groups.get('body') ?? [])]).toEqual([0, 1, 2, 0, 2, 3, 1, 2, 3]);
    expect([...(mesh.groups.get('eye') ?? [])]).toEqual([0, 1, 2]);
  });
});
