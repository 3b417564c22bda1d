import { cross, dot, normalizeVector } from '@gaitway/motion/vector';
import type { Axes } from './axes.ts';
import { DOWN, straighten } from './axes.ts';
import type { Lines } from './edge-lines.ts';
import type { LineFit } from './line-fit.ts';

/** Longest edges that are paired, and that vote. */
const PAIRED = 40;
const VOTING = 120;
/** An edge within this of a vanishing point speaks for it. */
const NEAR_RAD = (1.6 * Math.PI) / 180;
/** Vanishing points with fewer votes are chance; and how many are tried. */
const LEAST_VOTES = 2;
const MOST_POINTS = 9;
/** Directions and axes nearer than this are the same. */
const SAME_COSINE = Math.cos(0.05);

/**
 * Directions in which many edges vanish, unit vectors in camera axes, best first: every two long edges that meet propose one (Lu et
 * al., "2-line exhaustive searching for real-time vanishing point estimation in Manhattan world", 2017). Which edges meet in the
 * picture does not depend on the focal length.
 */
export function vanishingDirections(lines: Lines, focalPx: number): Float64Array[] {
  const paired = Math.min(PAIRED, lines.count);
  const normals = planeNormals(lines, paired, focalPx);
  const found: { readonly direction: Float64Array; readonly votes: number }[] = [];
  const meet = new Float64Array(3);
  for (let i = 0; i < paired; i++) {
    for (let j = i + 1; j < paired; j++) {
      cross(meet, 0, normals, i * 3, normals, j * 3);
      if (normalizeVector(meet, 0) < 1e-9) continue;
      const votes = votesFor(lines, meet, focalPx);
      if (votes >= LEAST_VOTES) found.push({ direction: meet.slice(), votes });
    }
  }
  found.sort((a, b) => b.votes - a.votes);
  const kept: Float64Array[] = [];
  for (const { direction } of found) {
    if (kept.length === MOST_POINTS) break;
    if (!kept.some((other) => Math.abs(dot(other, 0, direction, 0)) > SAME_COSINE)) kept.push(direction);
  }
  return kept;
}

/** Normals of the planes through the eye and an edge, unit length. */
function planeNormals({ middles, directions }: Lines, count: number, focalPx: number): Float64Array {
  const out = new Float64Array(count * 3);
  for (let i = 0; i < count; i++) {
    const [mx, my, dx, dy] = [middles[i * 2], middles[i * 2 + 1], directions[i * 2], directions[i * 2 + 1]];
    out.set([-focalPx * dy, focalPx * dx, mx * dy - my * dx], i * 3);
    normalizeVector(out, i * 3);
  }
  return out;
}

function votesFor({ count, middles, directions }: Lines, d: Float64Array, focalPx: number): number {
  const most = Math.min(VOTING, count);
  let votes = -2;
  for (let i = 0; i < most; i++) {
    const wx = focalPx * d[0] - middles[i * 2] * d[2];
    const wy = focalPx * d[1] - middles[i * 2 + 1] * d[2];
    const across = directions[i * 2] * wy - directions[i * 2 + 1] * wx;
    const share = 1 - (across * across) / ((wx * wx + wy * wy) * NEAR_RAD * NEAR_RAD);
    if (share > 0) votes += share * share;
  }
  return votes;
}

/** Steps and reach in which the turn about a vanishing direction is tried, radians. */
const STEP_RAD = (3.6 * Math.PI) / 180;
const LEAN_STEPS = 11;
const HEADING_STEPS = 25;
/** How much of a direction lies along the vertical of the picture where it may be the vertical, or may be level. */
const VERTICAL_FROM = 0.6;
const LEVEL_UP_TO = 0.8;

/** Axes that fit the edges well at a focal length, best first, no two alike; and those of a usual camera. */
export function roughAxes(fit: LineFit, directions: readonly Float64Array[], focalPx: number, count: number): Axes[] {
  const found = [usualAxes(), ...directions.flatMap(axesAround)].map((axes) => ({ axes, score: fit.score(axes, focalPx) }));
  found.sort((a, b) => b.score - a.score);
  const kept: Axes[] = [];
  for (const { axes } of found) {
    if (kept.length === count) break;
    if (!kept.some((other) => isSame(other, axes))) kept.push(axes);
  }
  return kept;
}

/** A direction may be the vertical of the room, at any heading, or one of its horizontals, at any roll. */
function axesAround(direction: Float64Array): Axes[] {
  const out: Axes[] = [];
  const [x, y, z] = direction;
  if (Math.abs(y) > VERTICAL_FROM) {
    const sign = Math.sign(y);
    for (let i = 0; i < HEADING_STEPS; i++) out.push(spun([1, 0, 0], [sign * x, sign * y, sign * z], i * STEP_RAD));
  }
  if (Math.abs(y) < LEVEL_UP_TO) {
    // Down leans from the vertical of the picture about the direction.
    const down = Float64Array.of(-y * x, 1 - y * y, -y * z);
    normalizeVector(down, 0);
    const side = new Float64Array(3);
    cross(side, 0, direction, 0, down, 0);
    for (let i = -LEAN_STEPS; i <= LEAN_STEPS; i++) {
      const [c, s] = [Math.cos(i * STEP_RAD), Math.sin(i * STEP_RAD)];
      const lean = [0, 1, 2].map((k) => c * down[k] + s * side[k]);
      out.push(straighten(Float64Array.from([x, y, z, ...lean, 0, 0, 0])));
    }
  }
  return out;
}

function spun(level: readonly number[], down: readonly number[], angleRad: number): Axes {
  const axes = straighten(Float64Array.from([...level, ...down, 0, 0, 0]));
  const [c, s] = [Math.cos(angleRad), Math.sin(angleRad)];
  for (let k = 0; k < 3; k++) axes[k] = c * axes[k] + s * axes[6 + k];
  return straighten(axes);
}

const usualAxes = (): Axes => straighten(Float64Array.of(1, 0, 0, 0, 1, 0.087, 0, 0, 0));

/** Alike up to which horizontal comes first. */
function isSame(a: Axes, b: Axes): boolean {
  if (dot(a, DOWN, b, DOWN) < SAME_COSINE) return false;
  return Math.max(Math.abs(dot(a, 0, b, 0)), Math.abs(dot(a, 0, b, 6))) > SAME_COSINE;
}
