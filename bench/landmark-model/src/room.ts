import type { Camera } from './camera.ts';
import type { Colour } from './paint.ts';
import type { Random } from './random.ts';
import type { Canvas, Window } from './raster.ts';

interface Surface {
  readonly base: Colour;
  readonly other: Colour;
  /** Size of the pattern's cells, metres, along the two directions of the surface. */
  readonly cellU: number;
  readonly cellV: number;
}

/** A rectangle on the back wall: a door, a picture, a shelf. */
interface Panel {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly colour: Colour;
}

/** A floor at y = 0 and walls around the world's origin, coloured by rays: no textures are needed. */
export interface Room {
  readonly backM: number;
  readonly sideM: number;
  readonly ceilingM: number;
  readonly floor: Surface;
  readonly wall: Surface;
  readonly panels: readonly Panel[];
  readonly isOutdoors: boolean;
}

function randomSurface(random: Random, contrast: number): Surface {
  const base = random.between(50, 230);
  const tint = (): number => Math.max(0, Math.min(255, base + random.normal() * 25));
  const first: Colour = [tint(), tint(), tint()];
  const shift = random.normal() * contrast;
  const other: Colour = [first[0] + shift, first[1] + shift, first[2] + shift];
  return { base: first, other, cellU: random.between(0.15, 2), cellV: random.between(0.15, 2) };
}

export function randomRoom(random: Random): Room {
  const panels = Array.from({ length: Math.floor(random.between(0, 9)) }, () => ({
    x: random.normal() * 3,
    y: random.between(0, 3),
    halfWidth: random.between(0.1, 0.9),
    halfHeight: random.between(0.1, 1.2),
    colour: [random.between(0, 255), random.between(0, 255), random.between(0, 255)] as const,
  }));
  return {
    backM: random.between(1.5, 7),
    sideM: random.between(2.5, 10),
    ceilingM: random.between(2.5, 6),
    floor: randomSurface(random, 25),
    wall: randomSurface(random, 12),
    panels,
    isOutdoors: random.chance(0.25),
  };
}

/** Repeatable speckle, −1…1. */
const speckle = (i: number, j: number): number => {
  let h = Math.imul(i, 374761393) ^ Math.imul(j, 668265263);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return (h ^ (h >>> 16)) / 2147483648;
};

function pattern(out: Float64Array, surface: Surface, u: number, v: number): void {
  const i = Math.floor(u / surface.cellU);
  const j = Math.floor(v / surface.cellV + (i & 1) * 0.5);
  const shift = speckle(i, j);
  for (let k = 0; k < 3; k++) out[k] = surface.base[k] + (surface.other[k] - surface.base[k]) * shift;
}

/** Fills the canvas with the room as `camera` sees it; `feetM` (x, z) gets a soft shadow. */
export function paintRoom(canvas: Canvas, room: Room, camera: Camera, window: Window, feetM: readonly [number, number]): void {
  const { R, tM } = camera;
  // Camera centre in the world: −Rᵀ t.
  const eye = [0, 1, 2].map((c) => -(R[c] * tM[0] + R[3 + c] * tM[1] + R[6 + c] * tM[2]));
  const colour = new Float64Array(3);
  for (let y = 0; y < canvas.heightPx; y++) {
    for (let x = 0; x < canvas.widthPx; x++) {
      const u = (window.originXPx + (x + 0.5) / window.scale - camera.widthPx / 2) / camera.focalPx;
      const v = (window.originYPx + (y + 0.5) / window.scale - camera.heightPx / 2) / camera.focalPx;
      const dx = R[0] * u + R[3] * v + R[6];
      const dy = R[1] * u + R[4] * v + R[7];
      const dz = R[2] * u + R[5] * v + R[8];
      shadeRay(colour, room, eye, dx, dy, dz, feetM);
      const at = (y * canvas.widthPx + x) * 3;
      canvas.rgb[at] = colour[0];
      canvas.rgb[at + 1] = colour[1];
      canvas.rgb[at + 2] = colour[2];
    }
  }
}

function shadeRay(
  out: Float64Array,
  room: Room,
  eye: readonly number[],
  dx: number,
  dy: number,
  dz: number,
  feetM: readonly [number, number],
): void {
  const toFloor = dy < -1e-6 ? -eye[1] / dy : Number.POSITIVE_INFINITY;
  const toBack = dz < -1e-6 ? (-room.backM - eye[2]) / dz : Number.POSITIVE_INFINITY;
  const toSide = Math.abs(dx) > 1e-6 ? (Math.sign(dx) * room.sideM - eye[0]) / dx : Number.POSITIVE_INFINITY;
  const toWall = Math.min(toBack, toSide);
  if (toFloor < toWall || (room.isOutdoors && dy < 0)) {
    const x = eye[0] + dx * toFloor;
    const z = eye[2] + dz * toFloor;
    pattern(out, room.floor, x, z);
    const near = ((x - feetM[0]) ** 2 + (z - feetM[1]) ** 2) / 0.12;
    const shadow = 1 - 0.45 * Math.exp(-near);
    for (let k = 0; k < 3; k++) out[k] *= shadow;
    return;
  }
  if (room.isOutdoors) {
    const up = Math.min(1, Math.max(0, dy * 2));
    out[0] = 190 - 80 * up;
    out[1] = 205 - 50 * up;
    out[2] = 225;
    return;
  }
  const y = eye[1] + dy * toWall;
  const along = toBack <= toSide ? eye[0] + dx * toWall : eye[2] + dz * toWall;
  pattern(out, room.wall, along, y);
  if (y > room.ceilingM) for (let k = 0; k < 3; k++) out[k] = 215;
  if (toSide < toBack) for (let k = 0; k < 3; k++) out[k] *= 0.85;
  else {
    for (const panel of room.panels) {
      if (Math.abs(along - panel.x) < panel.halfWidth && Math.abs(y - panel.y) < panel.halfHeight) out.set(panel.colour);
    }
  }
}
