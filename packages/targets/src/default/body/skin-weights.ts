import { INFLUENCES } from '@gaitway/formats/scene';
import type { Skeleton } from '@gaitway/motion/skeleton';
import type { RoundCone } from './round-cone.ts';
import { coneDistance } from './round-cone.ts';

/** Distance over which the influence of a solid falls to 1/e, relative to its own thickness: thin fingers bend sharply. */
const FALLOFF = 0.3;

/** Influences below this share are dropped. */
const MIN_WEIGHT = 0.01;

/**
 * Weights of vertices: each joint pulls by how near its solids are, among the nearest joint, its parent and its children
 * (so that one leg never pulls the other), at most four, summing to 1.
 *
 * @param positionsM `vertices × 3`
 */
export function skinWeights(
  skeleton: Skeleton,
  cones: readonly RoundCone[],
  positionsM: Float64Array,
): { joints: Uint16Array; weights: Float32Array } {
  const vertices = positionsM.length / 3;
  const joints = new Uint16Array(vertices * INFLUENCES);
  const weights = new Float32Array(vertices * INFLUENCES);
  const pull = new Float64Array(skeleton.joints.length);
  const near = neighbours(skeleton);
  for (let v = 0; v < vertices; v++) {
    jointPulls(pull, cones, positionsM, v * 3);
    strongest(near, pull).forEach(([joint, weight], i) => {
      joints[v * INFLUENCES + i] = joint;
      weights[v * INFLUENCES + i] = weight;
    });
  }
  return { joints, weights };
}

function jointPulls(pull: Float64Array, cones: readonly RoundCone[], p: Float64Array, at: number): void {
  pull.fill(0);
  for (const cone of cones) {
    const d = coneDistance(cone, p[at], p[at + 1], p[at + 2]);
    const reach = FALLOFF * Math.max(cone.radiusA, cone.radiusB);
    pull[cone.joint] = Math.max(pull[cone.joint], Math.exp(-d / reach));
  }
}

/** For each joint itself, its parent and its children, in the order of the skeleton. */
function neighbours(skeleton: Skeleton): readonly (readonly number[])[] {
  return skeleton.joints.map((own, j) =>
    skeleton.joints.flatMap(({ parent }, other) => (other === j || parent === j || own.parent === other ? [other] : [])),
  );
}

/** The strongest joint and its neighbours in the tree, with normalised weights. */
function strongest(near: readonly (readonly number[])[], pull: Float64Array): [joint: number, weight: number][] {
  let first = 0;
  for (let j = 1; j < pull.length; j++) if (pull[j] > pull[first]) first = j;
  const chosen = near[first].toSorted((a, b) => pull[b] - pull[a]).slice(0, INFLUENCES);
  const total = (joints: readonly number[]): number => joints.reduce((sum, j) => sum + pull[j], 0);
  const least = MIN_WEIGHT * total(chosen);
  const strong = chosen.filter((j) => pull[j] >= least);
  const sum = total(strong);
  return strong.map((j) => [j, pull[j] / sum]);
}
