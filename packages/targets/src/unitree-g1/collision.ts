import { BODY_CAPSULES, COLLISION_PAIRS, capsuleEnds, G1_CAPSULES } from './capsules.ts';
import { addGap, type Equations } from './equations.ts';
import type { G1Pose } from './kinematics.ts';

/** Closest points of two capsules: gap (negative: overlap), points on the axes, unit normal from b to a. */
export interface Closest {
  gapM: number;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly normal: Float64Array;
}

export const createClosest = (): Closest => ({ gapM: 0, a: new Float64Array(3), b: new Float64Array(3), normal: new Float64Array(3) });

const clamp01 = (v: number): number => Math.min(1, Math.max(0, v));

/**
 * Closest points of segments p→p' and q→q' (6 numbers each at i and j), after Ericson, "Real-Time Collision Detection", 5.1.9.
 */
export function closestOnSegments(out: Closest, ends: Float64Array, i: number, j: number, radiiM: number): void {
  const ux = ends[i + 3] - ends[i];
  const uy = ends[i + 4] - ends[i + 1];
  const uz = ends[i + 5] - ends[i + 2];
  const vx = ends[j + 3] - ends[j];
  const vy = ends[j + 4] - ends[j + 1];
  const vz = ends[j + 5] - ends[j + 2];
  const rx = ends[i] - ends[j];
  const ry = ends[i + 1] - ends[j + 1];
  const rz = ends[i + 2] - ends[j + 2];
  const uu = ux * ux + uy * uy + uz * uz;
  const vv = vx * vx + vy * vy + vz * vz;
  const uv = ux * vx + uy * vy + uz * vz;
  const ur = ux * rx + uy * ry + uz * rz;
  const vr = vx * rx + vy * ry + vz * rz;
  const det = uu * vv - uv * uv;
  let s = det > 1e-12 ? clamp01((uv * vr - ur * vv) / det) : 0;
  let t = vv > 1e-12 ? (uv * s + vr) / vv : 0;
  if (t < 0 || t > 1 || vv <= 1e-12) {
    t = clamp01(t);
    s = uu > 1e-12 ? clamp01((uv * t - ur) / uu) : 0;
  }
  for (let k = 0; k < 3; k++) {
    out.a[k] = ends[i + k] + s * (ends[i + 3 + k] - ends[i + k]);
    out.b[k] = ends[j + k] + t * (ends[j + 3 + k] - ends[j + k]);
    out.normal[k] = out.a[k] - out.b[k];
  }
  const d = Math.sqrt(out.normal[0] ** 2 + out.normal[1] ** 2 + out.normal[2] ** 2);
  out.gapM = d - radiiM;
  const n = out.normal;
  if (d > 1e-9) for (let k = 0; k < 3; k++) n[k] /= d;
  else n.set([0, 0, 1]);
}

const ends = new Float64Array(G1_CAPSULES.length * 6);
const closest = createClosest();
const PAIR_RADII = Float64Array.from(COLLISION_PAIRS, ([a, b]) => G1_CAPSULES[a].radiusM + G1_CAPSULES[b].radiusM);
/** Half the length of both capsules of a pair plus their radii: beyond this distance of the middles they cannot be near. */
const PAIR_REACH = Float64Array.from(COLLISION_PAIRS, ([a, b]) =>
  [a, b].reduce(
    (sum, c) => sum + Math.hypot(...G1_CAPSULES[c].fromM.map((v, k) => v - G1_CAPSULES[c].toM[k])) / 2 + G1_CAPSULES[c].radiusM,
    0,
  ),
);

function mayTouch(pair: number, marginM: number): boolean {
  const i = COLLISION_PAIRS[pair][0] * 6;
  const j = COLLISION_PAIRS[pair][1] * 6;
  const x = ends[i] + ends[i + 3] - ends[j] - ends[j + 3];
  const y = ends[i + 1] + ends[i + 4] - ends[j + 1] - ends[j + 4];
  const z = ends[i + 2] + ends[i + 5] - ends[j + 2] - ends[j + 5];
  const reach = 2 * (PAIR_REACH[pair] + marginM);
  return x * x + y * y + z * z < reach * reach;
}

/** Pushes apart the pairs that are nearer than `marginM`. Hinge: nothing happens beyond it. */
export function addSelfCollision(e: Equations, marginM: number, weight: number): void {
  capsuleEnds(ends, e.pose);
  for (let p = 0; p < COLLISION_PAIRS.length; p++) {
    if (!mayTouch(p, marginM)) continue;
    const [a, b] = COLLISION_PAIRS[p];
    closestOnSegments(closest, ends, a * 6, b * 6, PAIR_RADII[p]);
    if (closest.gapM >= marginM) continue;
    addGap(e, G1_CAPSULES[a].link, closest.a, 0, G1_CAPSULES[b].link, closest.b, 0, closest.normal, marginM - closest.gapM, weight);
  }
}

const UP = Float64Array.of(0, 0, 1);

/** Lifts the ends of body capsules that are under the floor (feet excepted: their soles are judged exactly elsewhere). */
export function addBodyFloor(e: Equations, weight: number): void {
  capsuleEnds(ends, e.pose);
  for (const c of BODY_CAPSULES) {
    for (let k = 0; k < 2; k++) {
      const depth = G1_CAPSULES[c].radiusM - ends[c * 6 + k * 3 + 2];
      if (depth > 0) addGap(e, G1_CAPSULES[c].link, ends, c * 6 + k * 3, -1, ends, 0, UP, depth, weight);
    }
  }
}

/** Overlap of every pair of one pose, metres (0 where they are apart), into `out`. */
export function selfPenetrations(out: Float64Array, pose: G1Pose): void {
  capsuleEnds(ends, pose);
  for (let p = 0; p < COLLISION_PAIRS.length; p++) {
    out[p] = 0;
    if (!mayTouch(p, 0)) continue;
    closestOnSegments(closest, ends, COLLISION_PAIRS[p][0] * 6, COLLISION_PAIRS[p][1] * 6, PAIR_RADII[p]);
    out[p] = Math.max(0, -closest.gapM);
  }
}
