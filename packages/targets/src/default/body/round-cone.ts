import type { Vec3 } from '@gaitway/motion/vector';

/** A rounded solid between two balls, tapering from one radius to the other; it belongs to one joint. */
export interface RoundCone {
  readonly joint: number;
  readonly a: Vec3;
  readonly b: Vec3;
  readonly radiusA: number;
  readonly radiusB: number;
}

/**
 * Signed distance (metres, negative inside) from a point to a round cone, after Inigo Quilez, "Distance functions"
 * (sdRoundCone), in the cheaper form that interpolates the radius along the axis: exact for equal radii, and within a few
 * percent for the slight tapers of limbs.
 */
export function coneDistance(cone: RoundCone, x: number, y: number, z: number): number {
  const { a, b } = cone;
  const bx = b[0] - a[0];
  const by = b[1] - a[1];
  const bz = b[2] - a[2];
  const px = x - a[0];
  const py = y - a[1];
  const pz = z - a[2];
  const squared = bx * bx + by * by + bz * bz;
  const t = squared > 0 ? Math.max(0, Math.min(1, (px * bx + py * by + pz * bz) / squared)) : 0;
  const dx = px - t * bx;
  const dy = py - t * by;
  const dz = pz - t * bz;
  return Math.sqrt(dx * dx + dy * dy + dz * dz) - (cone.radiusA + t * (cone.radiusB - cone.radiusA));
}

/** A signed distance field with its zero level at the surface: returns the distance at a point and writes its gradient there. */
export type Field = (gradient: Float64Array, x: number, y: number, z: number) => number;

/** A cone for many measurements: `a`, the axis to `b`, 1 / its squared length, the radius at `a` and how it grows, 9 numbers. */
const CONE_VALUES = 9;

const packed = (cones: readonly RoundCone[]): Float64Array =>
  Float64Array.from(
    cones.flatMap(({ a, b, radiusA, radiusB }) => {
      const axis = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
      const squared = axis[0] ** 2 + axis[1] ** 2 + axis[2] ** 2;
      return [...a, ...axis, squared > 0 ? 1 / squared : 0, radiusA, radiusB - radiusA];
    }),
  );

/** In units of the blend: what lies so much farther away than the nearest solid moves the surface by less than a nanometre. */
const LOST = 20;

/**
 * Smooth union of solids: −k·ln Σ exp(−dᵢ/k), independent of their order. `blendM` (k) is how far apart surfaces begin to
 * melt together. Nothing is solid below `floorY`, which cuts the soles flat.
 */
export function smoothUnion(cones: readonly RoundCone[], blendM: number, floorY: number): Field {
  const values = packed(cones);
  return (gradient, x, y, z) => {
    let sum = 0;
    let nearest = Number.POSITIVE_INFINITY;
    let gx = 0;
    let gy = 0;
    let gz = 0;
    for (let c = 0; c < values.length; c += CONE_VALUES) {
      const px = x - values[c];
      const py = y - values[c + 1];
      const pz = z - values[c + 2];
      const along = (px * values[c + 3] + py * values[c + 4] + pz * values[c + 5]) * values[c + 6];
      const t = Math.max(0, Math.min(1, along));
      const dx = px - t * values[c + 3];
      const dy = py - t * values[c + 4];
      const dz = pz - t * values[c + 5];
      const length = Math.sqrt(dx * dx + dy * dy + dz * dz);
      const d = length - values[c + 7] - t * values[c + 8];
      if (d > nearest + LOST * blendM) continue;
      nearest = Math.min(nearest, d);
      const weight = Math.exp(-d / blendM);
      sum += weight;
      // Away from the axis, and between the ends against the growth of the radius along it.
      const out = length > 0 ? weight / length : 0;
      const growth = t === along ? weight * values[c + 8] * values[c + 6] : 0;
      gx += out * dx - growth * values[c + 3];
      gy += out * dy - growth * values[c + 4];
      gz += out * dz - growth * values[c + 5];
    }
    const solid = sum > 0 ? -blendM * Math.log(sum) : 1;
    const isFloor = floorY - y > solid;
    const share = sum > 0 && !isFloor ? 1 / sum : 0;
    gradient[0] = gx * share;
    gradient[1] = isFloor ? -1 : gy * share;
    gradient[2] = gz * share;
    return Math.max(solid, floorY - y);
  };
}
