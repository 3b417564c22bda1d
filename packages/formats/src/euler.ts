import { toMatrix } from '@gaitway/motion/rotation';

const DEG = 180 / Math.PI;

/** Below this, the cosine of the middle angle leaves the first angle undetermined (gimbal lock). */
const GIMBAL = 1e-9;

const matrix = new Float64Array(9);

/**
 * Euler angles of a track of unit quaternions, order XYZ (X is applied first: R = Rz·Ry·Rx), degrees.
 *
 * A rotation has two triples, and each angle may carry whole turns: the triple nearest to the previous frame's is taken, so
 * that linear interpolation between keys never spins. In gimbal lock the first angle of the frame before is kept.
 *
 * @param rotations quaternions xyzw; frame f at `at + f·stride`
 * @returns x, y, z: one array of `count` angles each
 */
export function eulerXyzTrack(
  rotations: ArrayLike<number>,
  at: number,
  count: number,
  stride: number,
): [Float64Array, Float64Array, Float64Array] {
  const out: [Float64Array, Float64Array, Float64Array] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const last = new Float64Array(3);
  for (let f = 0; f < count; f++) {
    nearestEuler(last, rotations, at + f * stride);
    for (let k = 0; k < 3; k++) out[k][f] = last[k];
  }
  return out;
}

/** Replaces the angles in `last` (degrees) by those of the quaternion at `i` that are nearest to them. */
function nearestEuler(last: Float64Array, q: ArrayLike<number>, i: number): void {
  toMatrix(matrix, 0, q, i);
  const cosY = Math.hypot(matrix[7], matrix[8]);
  const x = cosY > GIMBAL ? Math.atan2(matrix[7], matrix[8]) : last[0] / DEG;
  const y = Math.atan2(-matrix[6], cosY);
  const s = Math.sin(x);
  const c = Math.cos(x);
  const z = Math.atan2(s * matrix[2] - c * matrix[1], c * matrix[4] - s * matrix[5]);
  const [ax, ay, az] = [unroll(x * DEG, last[0]), unroll(y * DEG, last[1]), unroll(z * DEG, last[2])];
  const [bx, by, bz] = [unroll(x * DEG + 180, last[0]), unroll(180 - y * DEG, last[1]), unroll(z * DEG + 180, last[2])];
  const first = Math.abs(ax - last[0]) + Math.abs(ay - last[1]) + Math.abs(az - last[2]);
  const second = Math.abs(bx - last[0]) + Math.abs(by - last[1]) + Math.abs(bz - last[2]);
  const useFirst = first <= second;
  last[0] = useFirst ? ax : bx;
  last[1] = useFirst ? ay : by;
  last[2] = useFirst ? az : bz;
}

/** The angle (degrees) plus the whole turns that bring it nearest to `near`. */
const unroll = (angle: number, near: number): number => angle + 360 * Math.round((near - angle) / 360);
