import { G1_LINKS, type G1Model } from '../model.ts';
import type { BodyTrack } from './body-track.ts';

const GRAVITY_M_S2 = 9.81;
const OUTSIDE_M = 0.02;
/** Below this share of the weight there is no load to speak of: the robot flies. */
const LOADED = 0.2;
/** A sole point this near the floor can carry load. */
const SOLE_NEAR_M = 0.02;

export interface DynamicsReport {
  /** Frames with a load in which the centre of pressure lies more than 2 cm outside the support. */
  readonly outsideFrames: number[];
  readonly loadedFrames: number;
  readonly outsideP95M: number;
  /** 95th percentile of the friction coefficient that the motion needs. */
  readonly frictionP95: number;
}

/**
 * What the floor would have to do: Newton–Euler over point masses at the centres of mass of the links (the table has no rotational
 * inertias; those of the links about themselves are left out), accelerations by central differences. The wrench at the floor gives
 * the centre of pressure, which must lie in the hull of the standing soles, and the friction that is needed.
 */
export function reportDynamics(model: G1Model, track: BodyTrack, fps: number): DynamicsReport {
  const n = track.solesM.length / 24;
  const weight = model.massKg.reduce((a, b) => a + b, 0) * GRAVITY_M_S2;
  const outside: number[] = [];
  const friction: number[] = [];
  const outsideFrames: number[] = [];
  const wrench = new Float64Array(5);
  for (let f = 1; f < n - 1; f++) {
    const corners = supportCorners(track, f);
    if (corners.length === 0) continue;
    floorWrench(wrench, model, track.comsM, f, fps);
    const [fx, fy, fz, mx, my] = wrench;
    if (fz < LOADED * weight) continue;
    const distance = distanceOutside(convexHull(corners), -my / fz, mx / fz);
    outside.push(distance);
    friction.push(Math.hypot(fx, fy) / fz);
    if (distance > OUTSIDE_M) outsideFrames.push(f);
  }
  return { outsideFrames, loadedFrames: outside.length, outsideP95M: percentile95(outside), frictionP95: percentile95(friction) };
}

const percentile95 = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor((values.length - 1) * 0.95)] ?? 0;

/** Force and the horizontal moments about the world origin: [fx, fy, fz, mx, my]. */
export function floorWrench(out: Float64Array, model: G1Model, coms: Float64Array, f: number, fps: number): void {
  out.fill(0);
  const stride = G1_LINKS * 3;
  for (let l = 0; l < G1_LINKS; l++) {
    const i = f * stride + l * 3;
    const force = (k: number): number => model.massKg[l] * (coms[i + stride + k] - 2 * coms[i + k] + coms[i - stride + k]) * fps * fps;
    const fx = force(0);
    const fy = force(1);
    const fz = force(2) + model.massKg[l] * GRAVITY_M_S2;
    out[0] += fx;
    out[1] += fy;
    out[2] += fz;
    out[3] += coms[i + 1] * fz - coms[i + 2] * fy;
    out[4] += coms[i + 2] * fx - coms[i] * fz;
  }
}

type Point = readonly [number, number];

/** Sole points that are near the floor, whatever the contact labels say. */
function supportCorners(track: BodyTrack, f: number): Point[] {
  const out: Point[] = [];
  for (let k = 0; k < 8; k++) {
    const i = (f * 8 + k) * 3;
    if (track.solesM[i + 2] < SOLE_NEAR_M) out.push([track.solesM[i], track.solesM[i + 1]]);
  }
  return out;
}

const turn = (o: Point, a: Point, b: Point): number => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);

/** Convex hull, counter-clockwise (Andrew's monotone chain). */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (list: readonly Point[]): Point[] => {
    const out: Point[] = [];
    for (const p of list) {
      while (out.length >= 2 && turn(out[out.length - 2], out[out.length - 1], p) <= 0) out.pop();
      out.push(p);
    }
    return out.slice(0, -1);
  };
  return sorted.length < 2 ? sorted : [...half(sorted), ...half(sorted.reverse())];
}

/** Distance of (x, y) from a convex polygon, 0 inside. */
export function distanceOutside(hull: readonly Point[], x: number, y: number): number {
  let isInside = hull.length > 2;
  let least = Number.POSITIVE_INFINITY;
  hull.forEach((a, i) => {
    const b = hull[(i + 1) % hull.length];
    if (turn(a, b, [x, y]) < 0) isInside = false;
    const length2 = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2;
    const t = length2 > 0 ? Math.min(1, Math.max(0, ((x - a[0]) * (b[0] - a[0]) + (y - a[1]) * (b[1] - a[1])) / length2)) : 0;
    least = Math.min(least, Math.hypot(x - a[0] - t * (b[0] - a[0]), y - a[1] - t * (b[1] - a[1])));
  });
  return isInside ? 0 : least;
}
