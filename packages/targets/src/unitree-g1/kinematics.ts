import type { FloatArray } from '@gaitway/motion/quaternion';
import type { G1Model } from './model.ts';
import { G1_LINKS } from './model.ts';

/**
 * Robot frame: metres, Z up, x forward at zero yaw, y left. A configuration is the pelvis position, its rotation (quaternion
 * xyzw, pelvis → world) and 29 joint angles; its tangent has 35 numbers: pelvis translation (world), pelvis rotation vector
 * (world), joint angles.
 */
export const TANGENT = 35;
/** First joint angle in a tangent vector. */
export const JOINTS_AT = 6;

/** World pose of the links of one frame. */
export interface G1Pose {
  /** `30 × 3`, metres. */
  readonly positionsM: Float64Array;
  /** `30 × 9`, row-major: link → world. */
  readonly rotations: Float64Array;
  /** `29 × 3`: world direction of each joint axis. */
  readonly axes: Float64Array;
}

export const createG1Pose = (): G1Pose => ({
  positionsM: new Float64Array(G1_LINKS * 3),
  rotations: new Float64Array(G1_LINKS * 9),
  axes: new Float64Array((G1_LINKS - 1) * 3),
});

/** Forward kinematics of one frame; overwrites `out`, allocates nothing. */
export function g1Forward(
  out: G1Pose,
  model: G1Model,
  position: ArrayLike<number>,
  positionAt: number,
  quaternion: ArrayLike<number>,
  quaternionAt: number,
  angles: ArrayLike<number>,
  anglesAt: number,
): void {
  const p = out.positionsM;
  const R = out.rotations;
  for (let k = 0; k < 3; k++) p[k] = position[positionAt + k];
  setMatrix(R, quaternion, quaternionAt);
  for (let j = 0; j < model.parentLink.length; j++) {
    const up = model.parentLink[j];
    placeLink(p, R, model, j, up);
    turnLink(R, (j + 1) * 9, model.axis[j], angles[anglesAt + j]);
    const c = (j + 1) * 9 + model.axis[j];
    out.axes[j * 3] = R[c];
    out.axes[j * 3 + 1] = R[c + 3];
    out.axes[j * 3 + 2] = R[c + 6];
  }
}

/** Position and zero-angle orientation of link j + 1 under link `up`. */
function placeLink(p: Float64Array, R: Float64Array, model: G1Model, j: number, up: number): void {
  const a = up * 9;
  const o = model.originM;
  const S = model.originRotation;
  for (let r = 0; r < 3; r++) {
    const x = R[a + r * 3];
    const y = R[a + r * 3 + 1];
    const z = R[a + r * 3 + 2];
    p[(j + 1) * 3 + r] = p[up * 3 + r] + x * o[j * 3] + y * o[j * 3 + 1] + z * o[j * 3 + 2];
    for (let c = 0; c < 3; c++) R[(j + 1) * 9 + r * 3 + c] = x * S[j * 9 + c] + y * S[j * 9 + 3 + c] + z * S[j * 9 + 6 + c];
  }
}

/** R = R · rotation about its own axis: mixes the two other columns. */
function turnLink(R: Float64Array, at: number, axis: number, angleRad: number): void {
  const s = Math.sin(angleRad);
  const c = Math.cos(angleRad);
  const u = at + ((axis + 1) % 3);
  const v = at + ((axis + 2) % 3);
  for (let r = 0; r < 9; r += 3) {
    const a = R[u + r];
    const b = R[v + r];
    R[u + r] = c * a + s * b;
    R[v + r] = c * b - s * a;
  }
}

function setMatrix(R: Float64Array, q: ArrayLike<number>, i: number): void {
  const x = q[i];
  const y = q[i + 1];
  const z = q[i + 2];
  const w = q[i + 3];
  R[0] = 1 - 2 * (y * y + z * z);
  R[1] = 2 * (x * y - w * z);
  R[2] = 2 * (x * z + w * y);
  R[3] = 2 * (x * y + w * z);
  R[4] = 1 - 2 * (x * x + z * z);
  R[5] = 2 * (y * z - w * x);
  R[6] = 2 * (x * z - w * y);
  R[7] = 2 * (y * z + w * x);
  R[8] = 1 - 2 * (x * x + y * y);
}

/** out = world position of `point` (link frame, metres, 3 numbers at `pointAt`) of a link. */
export function linkPoint(out: FloatArray, o: number, pose: G1Pose, link: number, point: ArrayLike<number>, pointAt: number): void {
  const R = pose.rotations;
  const p = pose.positionsM;
  const x = point[pointAt];
  const y = point[pointAt + 1];
  const z = point[pointAt + 2];
  for (let r = 0; r < 3; r++) {
    const a = link * 9 + r * 3;
    out[o + r] = p[link * 3 + r] + R[a] * x + R[a + 1] * y + R[a + 2] * z;
  }
}

/**
 * Jacobian of a world point carried by a link: `3 × 35` row-major at `o`, metres per metre or radian. Writes only the columns
 * that can be non-zero (the pelvis and the chain of the link): start from zeros.
 */
export function pointJacobian(
  out: Float64Array,
  o: number,
  model: G1Model,
  pose: G1Pose,
  link: number,
  point: ArrayLike<number>,
  i: number,
): void {
  const p = pose.positionsM;
  for (let r = 0; r < 3; r++) out[o + r * TANGENT + r] = 1;
  setRotationColumns(out, o, point[i] - p[0], point[i + 1] - p[1], point[i + 2] - p[2]);
  for (const j of model.chains[link]) {
    const at = (j + 1) * 3;
    setCrossColumn(out, o + JOINTS_AT + j, pose.axes, j * 3, point[i] - p[at], point[i + 1] - p[at + 1], point[i + 2] - p[at + 2]);
  }
}

/** Jacobian of a world direction (3 numbers at `i`) fixed in a link: as `pointJacobian`, per radian. */
export function directionJacobian(
  out: Float64Array,
  o: number,
  model: G1Model,
  pose: G1Pose,
  link: number,
  d: ArrayLike<number>,
  i: number,
): void {
  setRotationColumns(out, o, d[i], d[i + 1], d[i + 2]);
  for (const j of model.chains[link]) setCrossColumn(out, o + JOINTS_AT + j, pose.axes, j * 3, d[i], d[i + 1], d[i + 2]);
}

/** Jacobian of the rotation of a link as a world rotation vector, `3 × 35`. */
export function rotationJacobian(out: Float64Array, o: number, model: G1Model, pose: G1Pose, link: number): void {
  for (let r = 0; r < 3; r++) out[o + r * TANGENT + 3 + r] = 1;
  for (const j of model.chains[link]) for (let r = 0; r < 3; r++) out[o + r * TANGENT + JOINTS_AT + j] = pose.axes[j * 3 + r];
}

/** Columns 3..5: unit rotation about x, y, z moves the arm (x, y, z) by e × arm. */
function setRotationColumns(out: Float64Array, o: number, x: number, y: number, z: number): void {
  out[o + 4] = z;
  out[o + 5] = -y;
  out[o + TANGENT + 3] = -z;
  out[o + TANGENT + 5] = x;
  out[o + 2 * TANGENT + 3] = y;
  out[o + 2 * TANGENT + 4] = -x;
}

/** One column: axis × arm. */
function setCrossColumn(out: Float64Array, at: number, a: Float64Array, i: number, x: number, y: number, z: number): void {
  out[at] = a[i + 1] * z - a[i + 2] * y;
  out[at + TANGENT] = a[i + 2] * x - a[i] * z;
  out[at + 2 * TANGENT] = a[i] * y - a[i + 1] * x;
}
