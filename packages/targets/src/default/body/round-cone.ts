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

/** A signed distance field with its zero level at the surface. */
export type Field = (x: number, y: number, z: number) => number;

/**
 * Smooth union of solids: −k·ln Σ exp(−dᵢ/k), independent of their order. `blendM` (k) is how far apart surfaces begin to
 * melt together. Nothing is solid below `floorY`, which cuts the soles flat.
 */
export function smoothUnion(cones: readonly RoundCone[], blendM: number, floorY: number): Field {
  return (x, y, z) => {
    let sum = 0;
    for (const cone of cones) sum += Math.exp(-coneDistance(cone, x, y, z) / blendM);
    const solid = sum > 0 ? -blendM * Math.log(sum) : 1;
    return Math.max(solid, floorY - y);
  };
}
