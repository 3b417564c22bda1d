import { multiply, multiplyInverse, rotate } from './quaternion.ts';
import { fromTo } from './rotation.ts';
import { addScaled, dot, length, normalizeVector, subtract } from './vector.ts';

/** Local rotations of a chain root → middle → end before and after; see `solveTwoBone`. */
export interface TwoBoneScratch {
  readonly v: Float64Array;
  readonly q: Float64Array;
}

export const createTwoBoneScratch = (): TwoBoneScratch => ({ v: new Float64Array(24), q: new Float64Array(16) });

/** A chain is never made straighter than this (or than it was): at full stretch the bend direction is lost and the knee pops. */
const MAX_STRETCH = 0.9995;

const A = 0;
const B = 3;
const C = 6;
const TARGET = 9;
const POLE = 12;
const KNEE = 15;
const OLD = 18;
const NEW = 21;

/**
 * Moves the end of a two-bone chain (hip–knee–ankle) to a target by turning its root and middle joints, keeping the bone
 * lengths and the plane the chain bends in. Analytic: the middle joint lies on the circle of intersection of two spheres, at
 * the angle about root→target at which it was before.
 *
 * `worldRotations` (root and middle, world, 4 numbers each at `rootAt`, `middleAt`) are changed in place; the end joint's world
 * rotation is the caller's business. `positions` holds root, middle and end (3 numbers each). Beyond reach the chain points at
 * the target.
 *
 * @returns how far the target was out of reach, metres; 0 when it is reached
 */
export function solveTwoBone(
  worldRotations: Float64Array,
  rootAt: number,
  middleAt: number,
  positions: Float64Array,
  root: number,
  middle: number,
  end: number,
  target: Float64Array,
  targetAt: number,
  scratch: TwoBoneScratch,
): number {
  const { v } = scratch;
  subtract(v, A, positions, middle, positions, root);
  subtract(v, B, positions, end, positions, middle);
  subtract(v, C, positions, end, positions, root);
  subtract(v, TARGET, target, targetAt, positions, root);
  const upper = length(v, A);
  const lower = length(v, B);
  const wanted = normalizeVector(v, TARGET);
  const reach = Math.max(Math.abs(upper - lower) * 1.0005, Math.min(wanted, Math.max((upper + lower) * MAX_STRETCH, length(v, C))));
  bendDirection(v);
  const along = (upper * upper - lower * lower + reach * reach) / (2 * reach);
  const across = Math.sqrt(Math.max(0, upper * upper - along * along));
  v[KNEE] = v[TARGET] * along + v[POLE] * across;
  v[KNEE + 1] = v[TARGET + 1] * along + v[POLE + 1] * across;
  v[KNEE + 2] = v[TARGET + 2] * along + v[POLE + 2] * across;
  // Turn the root as a body with the plane of the chain, so that the twist follows, then the middle by what is left.
  turn(worldRotations, rootAt, v, A, KNEE, scratch);
  rotateBy(v, B, scratch);
  for (let k = 0; k < 3; k++) v[NEW + k] = v[TARGET + k] * reach - v[KNEE + k];
  multiply(worldRotations, middleAt, scratch.q, 0, worldRotations, middleAt);
  turn(worldRotations, middleAt, v, B, NEW, scratch);
  return Math.max(0, wanted - reach);
}

/** Direction of the bend, perpendicular to root→target: where the knee was, or where the old knee plane points. */
function bendDirection(v: Float64Array): void {
  const chain = length(v, C);
  if (chain > 0) for (let k = 0; k < 3; k++) v[OLD + k] = v[C + k] / chain;
  const along = dot(v, A, v, OLD);
  addScaled(v, POLE, v, A, v, OLD, -along);
  addScaled(v, POLE, v, POLE, v, TARGET, -dot(v, POLE, v, TARGET));
  if (normalizeVector(v, POLE) > 1e-9) return;
  // A straight chain says nothing: bend towards whatever axis is most across it.
  const smallest = [0, 1, 2].reduce((best, k) => (Math.abs(v[TARGET + k]) < Math.abs(v[TARGET + best]) ? k : best), 0);
  for (let k = 0; k < 3; k++) v[POLE + k] = (k === smallest ? 1 : 0) - v[TARGET + smallest] * v[TARGET + k];
  normalizeVector(v, POLE);
}

/** World rotation at `at` becomes (from → to) · it; the turn stays in `scratch.q[0..3]`. */
function turn(worldRotations: Float64Array, at: number, v: Float64Array, from: number, to: number, scratch: TwoBoneScratch): void {
  fromTo(scratch.q, 0, v, from, v, to);
  multiply(worldRotations, at, scratch.q, 0, worldRotations, at);
}

function rotateBy(v: Float64Array, at: number, scratch: TwoBoneScratch): void {
  rotate(v, at, scratch.q, 0, v, at);
}

/** local = parent⁻¹ · world, written into `locals` at `o`. */
export function toLocal(locals: Float32Array, o: number, parentWorld: Float64Array, i: number, world: Float64Array, j: number): void {
  multiplyInverse(locals, o, parentWorld, i, world, j);
}
