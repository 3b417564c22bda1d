import { type Camera, toView } from './camera.ts';
import type { Colour } from './palette.ts';

/** A limb: the hull of two balls. Positions in the world, metres. */
export interface Cone {
  readonly a: readonly [number, number, number];
  readonly b: readonly [number, number, number];
  readonly radiusA: number;
  readonly radiusB: number;
  readonly colourA: Colour;
  readonly colourB: Colour;
}

/** A limb on the screen: x right, y down, z towards the eye, all in pixels at its own scale; `zOffset` turns z into depth. */
interface ScreenCone {
  readonly ax: number;
  readonly ay: number;
  readonly az: number;
  readonly bx: number;
  readonly by: number;
  readonly bz: number;
  readonly ra: number;
  readonly rb: number;
  /** Metres a pixel at the depth of the limb: makes depths of different limbs comparable. */
  readonly metresPerPx: number;
  readonly source: Cone;
}

const NEAREST_M = 0.05;
/** Key light from the upper left in front, in screen axes (x right, y down, z towards the eye); unit length. */
const LIGHT = unit(-0.45, -0.7, 0.62);
const HALF_WAY = unit(LIGHT[0], LIGHT[1], LIGHT[2] + 1);

function unit(x: number, y: number, z: number): [number, number, number] {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}

/** Draws shaded limbs with a depth buffer into RGBA pixels; edges are antialiased. */
export class Rasteriser {
  readonly #width: number;
  readonly #height: number;
  readonly #depth: Float32Array;

  constructor(widthPx: number, heightPx: number) {
    this.#width = widthPx;
    this.#height = heightPx;
    this.#depth = new Float32Array(widthPx * heightPx);
  }

  /** Far limbs are drawn first, so that the soft edge of a near one blends with what is behind it. */
  draw(pixels: Uint8ClampedArray, camera: Camera, cones: readonly Cone[]): void {
    this.#depth.fill(Number.NEGATIVE_INFINITY);
    const visible = cones.map((cone) => toScreen(camera, cone)).filter((cone) => cone !== null);
    visible.sort((p, q) => (p.az + p.bz) * p.metresPerPx - (q.az + q.bz) * q.metresPerPx);
    for (const cone of visible) this.#drawCone(pixels, cone);
  }

  /**
   * A limb is the union of balls with centre c(t) = a + t·(b − a) and radius r(t) = ra + t·(rb − ra). Seen along −z, the ball at t
   * reaches z(t) + √q(t) with q(t) = r² − |p − c|² = q0 + q1·t + q2·t², concave in t. Where its slope vanishes,
   * s = q'(t) = −2·dz·√q and s² = q1² − 4·q0·q2 + 4·q2·q, so that s = −dz·√((q1² − 4·q0·q2) / (dz² − q2)).
   */
  #drawCone(pixels: Uint8ClampedArray, cone: ScreenCone): void {
    const left = Math.max(0, Math.floor(Math.min(cone.ax - cone.ra, cone.bx - cone.rb) - 1));
    const right = Math.min(this.#width - 1, Math.ceil(Math.max(cone.ax + cone.ra, cone.bx + cone.rb) + 1));
    const top = Math.max(0, Math.floor(Math.min(cone.ay - cone.ra, cone.by - cone.rb) - 1));
    const bottom = Math.min(this.#height - 1, Math.ceil(Math.max(cone.ay + cone.ra, cone.by + cone.rb) + 1));
    const dx = cone.bx - cone.ax;
    const dy = cone.by - cone.ay;
    const dz = cone.bz - cone.az;
    const dr = cone.rb - cone.ra;
    const lengthSq = dx * dx + dy * dy;
    const q2 = dr * dr - lengthSq;
    const isHull = q2 < -1e-6;
    const widest = cone.ra >= cone.rb ? 0 : 1;
    const slope = isHull ? dr / Math.sqrt(-q2) : 0;
    const { colourA, colourB } = cone.source;
    for (let y = top; y <= bottom; y++) {
      const py = y + 0.5 - cone.ay;
      for (let x = left; x <= right; x++) {
        const px = x + 0.5 - cone.ax;
        const dot = px * dx + py * dy;
        // The nearest ball in the plane of the picture tells how deep inside the outline the pixel is.
        let edgeT = widest;
        if (isHull) edgeT = clamp01((dot + Math.abs(px * dy - py * dx) * slope) / lengthSq);
        const ex = px - edgeT * dx;
        const ey = py - edgeT * dy;
        const edgeRadius = cone.ra + edgeT * dr;
        const inside = edgeRadius - Math.sqrt(ex * ex + ey * ey);
        if (inside <= -0.5) continue;
        let t = edgeT;
        if (isHull && inside > 0) {
          const q1 = 2 * (dot + cone.ra * dr);
          const q0 = cone.ra * cone.ra - px * px - py * py;
          const discriminant = q1 * q1 - 4 * q0 * q2;
          if (discriminant > 0) t = clamp01((-dz * Math.sqrt(discriminant / (dz * dz - q2)) - q1) / (2 * q2));
        }
        let nx = px - t * dx;
        let ny = py - t * dy;
        const radius = cone.ra + t * dr;
        const q = radius * radius - nx * nx - ny * ny;
        const bulge = q > 0 ? Math.sqrt(q) : 0;
        const depth = (cone.az + t * dz + bulge) * cone.metresPerPx;
        const at = y * this.#width + x;
        if (depth <= this.#depth[at]) continue;
        const norm = 1 / Math.sqrt(nx * nx + ny * ny + bulge * bulge || 1);
        nx *= norm;
        ny *= norm;
        const nz = bulge * norm;
        const coverage = inside >= 0.5 ? 1 : inside + 0.5;
        if (coverage > 0.5) this.#depth[at] = depth;
        shade(pixels, at * 4, nx, ny, nz, coverage, colourA, colourB, t);
      }
    }
  }
}

/** Lambert with a soft wrap, sky light from above, a small highlight and a darker rim; blended by `coverage`. */
function shade(
  pixels: Uint8ClampedArray,
  at: number,
  nx: number,
  ny: number,
  nz: number,
  coverage: number,
  colourA: Colour,
  colourB: Colour,
  t: number,
): void {
  const diffuse = Math.max(0, (nx * LIGHT[0] + ny * LIGHT[1] + nz * LIGHT[2] + 0.45) / 1.45);
  const sky = 0.5 - 0.5 * ny;
  const rim = 1 - nz;
  const strength = 0.3 + 0.56 * diffuse + 0.2 * sky - 0.14 * rim * rim;
  const halfWay = Math.max(0, nx * HALF_WAY[0] + ny * HALF_WAY[1] + nz * HALF_WAY[2]);
  const highlight = 46 * halfWay ** 24;
  for (let k = 0; k < 3; k++) {
    const colour = (colourA[k] + (colourB[k] - colourA[k]) * t) * strength + highlight;
    pixels[at + k] += (colour - pixels[at + k]) * coverage;
  }
  pixels[at + 3] = 255;
}

const clamp01 = (value: number): number => Math.min(1, Math.max(0, value));

/** A limb on the screen, or null if a part of it is behind the eye. */
function toScreen(camera: Camera, cone: Cone): ScreenCone | null {
  const [x1, y1, z1] = toView(camera, ...cone.a);
  const [x2, y2, z2] = toView(camera, ...cone.b);
  if (z1 > -NEAREST_M || z2 > -NEAREST_M) return null;
  const f = camera.focalPx;
  const metresPerPx = -(z1 + z2) / 2 / f;
  return {
    ax: camera.centreXPx - (f * x1) / z1,
    ay: camera.centreYPx + (f * y1) / z1,
    az: z1 / metresPerPx,
    bx: camera.centreXPx - (f * x2) / z2,
    by: camera.centreYPx + (f * y2) / z2,
    bz: z2 / metresPerPx,
    ra: (-f * cone.radiusA) / z1,
    rb: (-f * cone.radiusB) / z2,
    metresPerPx,
    source: cone,
  };
}
