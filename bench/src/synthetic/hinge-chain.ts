import type { V3 } from './vectors.ts';
import { about, add, norm, turn } from './vectors.ts';

/** Nearly stretched, and as far as a knee or an elbow goes, radians. */
const STRAIGHT_RAD = 0.03;
const FOLDED_RAD = 2.6;
const HALVINGS = 40;

/**
 * Two bones with a hinge between them: the bend at which the end lies `distanceM` from the start (as near to it as the joint
 * allows), and the vector from start to end for that bend, in the frame of the first bone.
 */
export function hingeChain(upper: V3, lower: V3, axis: V3, distanceM: number): { readonly bendRad: number; readonly reach: V3 } {
  const reachAt = (bendRad: number): V3 => add(upper, turn(about(axis, bendRad), lower));
  let straighter = STRAIGHT_RAD;
  let fuller = FOLDED_RAD;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (straighter + fuller) / 2;
    if (norm(reachAt(middle)) > distanceM) straighter = middle;
    else fuller = middle;
  }
  const bendRad = (straighter + fuller) / 2;
  return { bendRad, reach: reachAt(bendRad) };
}
