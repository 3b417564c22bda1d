import { DOFS } from './body-model.ts';
import type { BodyPose } from './body-state.ts';
import type { Ground } from './contact-terms.ts';
import type { TermScratch } from './landmark-terms.ts';
import { pointJacobian, pointOf } from './landmark-terms.ts';
import type { NormalEquations } from './normal-equations.ts';
import { ROW_STEP } from './normal-equations.ts';

/** Standard deviation of how deep flesh is in the floor, metres: it gives way a little. */
const SUNK_SIGMA_M = 0.01;

/**
 * Cost of what of a frame's body is under the floor; with `n` also adds its equations at `base`, for which the pose must be prepared
 * (`prepareAxes`). What is above the floor costs nothing and, but for one product, no time.
 */
export function floorTerms(ground: Ground, pose: BodyPose, s: TermScratch, n: NormalEquations | undefined, base: number): number {
  const { up, floorM, surface } = ground;
  if (surface === undefined) return 0;
  const { joints, centresM, radiiM, reachesM } = surface;
  const p = pose.positions;
  let cost = 0;
  for (let i = 0; i < joints.length; i++) {
    const j = joints[i] * 3;
    if (p[j] * up[0] + p[j + 1] * up[1] + p[j + 2] * up[2] - floorM > reachesM[i]) continue;
    pointOf(s.point, pose, joints[i], centresM, i * 3);
    const h = s.point[0] * up[0] + s.point[1] * up[1] + s.point[2] * up[2] - floorM - radiiM[i];
    if (h >= 0) continue;
    const r = h / SUNK_SIGMA_M;
    cost += 0.5 * r * r;
    if (n !== undefined) addHeight(n, base, up, pointJacobian(s, pose, joints[i]), s, r);
  }
  return cost;
}

/** Equations of the height of `s.point`, whose residual is `r`, by the first `count` columns of its derivatives. */
function addHeight(n: NormalEquations, base: number, up: Float64Array, count: number, s: TermScratch, r: number): void {
  const { jacobian: J, columns } = s;
  const { rows } = n.matrix;
  const along = (d: number): number => (up[0] * J[d] + up[1] * J[DOFS + d] + up[2] * J[2 * DOFS + d]) / SUNK_SIGMA_M;
  for (let c = 0; c < count; c++) {
    const d = columns[c];
    const slope = along(d);
    n.gradient[base + d] += slope * r;
    const row = (base + d) * ROW_STEP + base;
    for (let e = 0; e < count; e++) if (columns[e] <= d) rows[row + columns[e]] += slope * along(columns[e]);
  }
}
