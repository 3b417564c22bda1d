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
  for (let v = 0; v < vertices; v++) {
    jointPulls(pull, cones, positionsM, v * 3);
    strongest(skeleton, pull).forEach(([joint, weight], i) => {
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

/** The strongest joint and its neighbours in the tree, with normalised weights. */
function strongest(skeleton: Skeleton, pull: Float64Array): [joint: number, weight: number][] {
  const first = pull.reduce((best, value, j) => (value > pull[best] ? j : best), 0);
  const near = skeleton.joints.flatMap(({ parent }, j) =>
    j === first || parent === first || skeleton.joints[first].parent === j ? [[j, pull[j]] as [number, number]] : [],
  );
  const total = (list: readonly (readonly [number, number])[]): number => list.reduce((sum, [, w]) => sum + w, 0);
  const chosen = near.toSorted((a, b) => b[1] - a[1]).slice(0, INFLUENCES);
  const strong = chosen.filter(([, w]) => w >= MIN_WEIGHT * total(chosen));
  const sum = total(strong);
  return strong.map(([j, w]) => [j, w / sum]);
}
