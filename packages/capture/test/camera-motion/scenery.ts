import { expMap, toMatrix } from '@gaitway/motion/rotation';
import type { Luma } from '../../src/camera-motion/luma-pyramid.ts';

/** A camera in a painted room: rotation vector (its axes → the room's, radians) and, away from the middle, where it is, metres. */
export interface Pose {
  readonly turn: readonly [number, number, number];
  readonly at?: readonly [number, number, number];
  readonly zoom?: number;
}

/** Pseudo-random luma of a lattice point. */
const lattice = (i: number, j: number, seed: number): number => {
  let h = Math.imul(i, 374761393) + Math.imul(j, 668265263) + Math.imul(seed, 1274126177);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
};

const SIZE = 512;

/** A texture that repeats: noise of two scales, 0..255, bilinear between its points. */
const TEXTURE = Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
  const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
  return 20 + 130 * lattice(x >> 2, y >> 2, 1) + 80 * lattice(x >> 1, y >> 1, 2);
});

/** Luma painted at a place of a wall, metres. */
function paint(u: number, v: number, wall: number): number {
  const x = u * 36 + wall * 77 + 4096;
  const y = v * 36 + wall * 31 + 4096;
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - i, y - j];
  const at = (c: number, r: number): number => TEXTURE[((j + r) & (SIZE - 1)) * SIZE + ((i + c) & (SIZE - 1))];
  return (at(0, 0) * (1 - fx) + at(1, 0) * fx) * (1 - fy) + (at(0, 1) * (1 - fx) + at(1, 1) * fx) * fy;
}

/** Half extent of the room: the camera stands in its middle, metres. */
const [ROOM_X, ROOM_Y, ROOM_Z] = [4, 2, 6];

/** What is painted where a ray from a place inside the room meets its walls. */
function wallLuma([x, y, z]: readonly [number, number, number], dx: number, dy: number, dz: number): number {
  const tx = (Math.sign(dx) * ROOM_X - x) / dx;
  const ty = (Math.sign(dy) * ROOM_Y - y) / dy;
  const tz = (Math.sign(dz) * ROOM_Z - z) / dz;
  if (tx < ty && tx < tz) return paint(y + tx * dy, z + tx * dz, dx > 0 ? 1 : 2);
  if (ty < tz) return paint(x + ty * dx, z + ty * dz, dy > 0 ? 3 : 4);
  return paint(x + tz * dx, y + tz * dy, dz > 0 ? 5 : 6);
}

/** A picture of the room. */
export function roomPicture(pose: Pose, widthPx: number, heightPx: number, focalPx: number): Luma {
  const q = new Float64Array(4);
  const m = new Float64Array(9);
  expMap(q, 0, pose.turn, 0);
  toMatrix(m, 0, q, 0);
  const y = new Uint8Array(widthPx * heightPx);
  const focal = focalPx * (pose.zoom ?? 1);
  const at = pose.at ?? [0, 0, 0];
  for (let row = 0; row < heightPx; row++) {
    const v = (row + 0.5 - heightPx / 2) / focal;
    for (let column = 0; column < widthPx; column++) {
      const u = (column + 0.5 - widthPx / 2) / focal;
      y[row * widthPx + column] = Math.round(
        wallLuma(at, m[0] * u + m[1] * v + m[2], m[3] * u + m[4] * v + m[5], m[6] * u + m[7] * v + m[8]),
      );
    }
  }
  return { widthPx, heightPx, y };
}

/** Grain of up to three steps, another one in every frame; in place. */
export function withGrain(picture: Luma, frame: number): Luma {
  let state = frame * 7919 + 1;
  for (let i = 0; i < picture.y.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    picture.y[i] += ((state >>> 24) % 7) - 3;
  }
  return picture;
}

/** Something textured that moves by itself, in a box; in place. */
export function withPerson(picture: Luma, box: { leftPx: number; topPx: number; widthPx: number; heightPx: number }, frame: number): void {
  for (let y = 0; y < box.heightPx; y++) {
    for (let x = 0; x < box.widthPx; x++) {
      const [column, row] = [Math.round(box.leftPx + x), Math.round(box.topPx + y)];
      if (column < 0 || column >= picture.widthPx || row < 0 || row >= picture.heightPx) continue;
      picture.y[row * picture.widthPx + column] = 60 + 120 * lattice((x + frame) >> 3, (y + 2 * frame) >> 3, 99);
    }
  }
}
