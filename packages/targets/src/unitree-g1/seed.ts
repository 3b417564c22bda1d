import { g1Joint } from './model.ts';

/**
 * Closed-form joint angles from directions: where the numerical solve starts. Three-axis hips and shoulders are solved for the
 * bone direction first (two branches), then for the plane of the next bone; what is small in the real geometry (the thigh is
 * cranked 17 cm about its yaw axis) is left to the solve.
 */

/** Tilt between hip roll frame and thigh, radians (rpy of `hip_roll`). */
const HIP_TILT = 0.1749;
/** Tilt of the shoulder pitch axis, radians (rpy of `shoulder_pitch`). */
const SHOULDER_TILT = 0.27931;
/** Elbow → wrist lies this far below the x axis of the forearm link, radians. */
const FOREARM_DROP = Math.atan2(0.01, 0.184);

const HIP = [g1Joint('left_hip_pitch'), g1Joint('right_hip_pitch')] as const;
const SHOULDER = [g1Joint('left_shoulder_pitch'), g1Joint('right_shoulder_pitch')] as const;
const ANKLE = 4;

const clampSine = (v: number): number => Math.max(-1, Math.min(1, v));

/** a · v for a row-major 3 × 3 matrix, transposed. */
function inverseTimes(out: Float64Array, R: ArrayLike<number>, at: number, v: ArrayLike<number>, i: number): void {
  const x = v[i];
  const y = v[i + 1];
  const z = v[i + 2];
  for (let c = 0; c < 3; c++) out[c] = R[at + c] * x + R[at + 3 + c] * y + R[at + 6 + c] * z;
}

function turnY(v: Float64Array, angle: number): void {
  const s = Math.sin(angle);
  const c = Math.cos(angle);
  const x = v[0];
  v[0] = c * x + s * v[2];
  v[2] = c * v[2] - s * x;
}

function turnX(v: Float64Array, angle: number): void {
  const s = Math.sin(angle);
  const c = Math.cos(angle);
  const y = v[1];
  v[1] = c * y - s * v[2];
  v[2] = c * v[2] + s * y;
}

const t = new Float64Array(3);
const w = new Float64Array(3);
const u = new Float64Array(3);

/**
 * Leg angles of one side into `q`. `pelvis`: row-major rotation; directions of thigh and shank and the forward axis of the foot in
 * the world. Near a straight knee the plane of the leg is that of the foot.
 */
export function seedLeg(
  q: Float64Array,
  side: 0 | 1,
  pelvis: Float64Array,
  thigh: ArrayLike<number>,
  ti: number,
  shank: ArrayLike<number>,
  si: number,
  toes: ArrayLike<number>,
): void {
  const at = HIP[side];
  inverseTimes(t, pelvis, 0, thigh, ti);
  const roll = Math.asin(clampSine(t[1] / Math.cos(HIP_TILT)));
  const up = -Math.cos(roll) * Math.cos(HIP_TILT);
  const pitch = Math.atan2(t[0], t[2]) - Math.atan2(-Math.sin(HIP_TILT), up);
  q[at] = wrap(pitch + HIP_TILT);
  q[at + 1] = roll;
  toRollFrame(w, pelvis, shank, si, pitch, roll);
  toRollFrame(u, pelvis, toes, 0, pitch, roll);
  const bend = Math.acos(clampSine(-w[2])) - HIP_TILT;
  const fromShank = Math.atan2(-w[1], -w[0]);
  const fromFoot = Math.atan2(u[1], u[0]);
  const trust = smoothStep((bend - 0.2) / 0.5);
  q[at + 2] = wrap(fromFoot + trust * wrap(fromShank - fromFoot));
  q[at + 3] = Math.max(0, bend);
  q[at + ANKLE] = 0;
  q[at + ANKLE + 1] = 0;
}

function toRollFrame(out: Float64Array, pelvis: Float64Array, v: ArrayLike<number>, i: number, pitch: number, roll: number): void {
  inverseTimes(out, pelvis, 0, v, i);
  turnY(out, -pitch);
  turnX(out, -roll);
}

/**
 * Arm angles of one side into `q`. `torso`: row-major rotation. Of the two branches of the shoulder the one nearer to the angles
 * that stand in `q` is taken, so that a sequence of frames does not flip.
 */
export function seedArm(
  q: Float64Array,
  side: 0 | 1,
  torso: Float64Array,
  upper: ArrayLike<number>,
  ui: number,
  forearm: ArrayLike<number>,
  fi: number,
): void {
  const at = SHOULDER[side];
  const tilt = side === 0 ? SHOULDER_TILT : -SHOULDER_TILT;
  inverseTimes(t, torso, 0, upper, ui);
  turnX(t, -tilt);
  const lift = Math.asin(clampSine(t[1]));
  const reach = Math.hypot(t[0], t[2]);
  const pitch = reach > 0.05 ? Math.atan2(-t[0], -t[2]) : q[at];
  const near = Math.abs(wrap(pitch - q[at])) + Math.abs(lift + tilt - q[at + 1]);
  const far = Math.abs(wrap(pitch + Math.PI - q[at])) + Math.abs(wrap(Math.PI - lift + tilt) - q[at + 1]);
  const isFar = far + 1 < near;
  q[at] = isFar ? wrap(pitch + Math.PI) : pitch;
  const swing = isFar ? Math.PI - lift : lift;
  q[at + 1] = wrap(swing + tilt);
  inverseTimes(w, torso, 0, forearm, fi);
  turnX(w, -tilt);
  turnY(w, -q[at]);
  turnX(w, -swing);
  const flat = Math.hypot(w[0], w[1]);
  if (flat > 0.15) q[at + 2] = Math.atan2(w[1], w[0]);
  q[at + 3] = Math.atan2(-w[2], flat) - FOREARM_DROP;
}

export const wrap = (angle: number): number => angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));

const smoothStep = (x: number): number => {
  const c = Math.max(0, Math.min(1, x));
  return c * c * (3 - 2 * c);
};

/** Ankle pitch and roll into `q` from the rotations of shank and foot (row-major): R = Ry(pitch) · Rx(roll), the rest is dropped. */
export function seedAnkle(
  q: Float64Array,
  side: 0 | 1,
  R: ArrayLike<number>,
  shankAt: number,
  foot: ArrayLike<number>,
  footAt: number,
): void {
  const m = (r: number, c: number): number =>
    R[shankAt + r] * foot[footAt + c] + R[shankAt + 3 + r] * foot[footAt + 3 + c] + R[shankAt + 6 + r] * foot[footAt + 6 + c];
  q[HIP[side] + ANKLE] = Math.atan2(-m(2, 0), m(0, 0));
  q[HIP[side] + ANKLE + 1] = Math.atan2(-m(1, 2), m(1, 1));
}

/** Waist yaw, roll and pitch into `q` from pelvis and torso rotations (row-major): R = Rz(yaw) · Rx(roll) · Ry(pitch). */
export function seedWaist(q: Float64Array, pelvis: Float64Array, torso: Float64Array): void {
  const m = new Float64Array(9);
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 3; c++) m[r * 3 + c] = pelvis[r] * torso[c] + pelvis[3 + r] * torso[3 + c] + pelvis[6 + r] * torso[6 + c];
  }
  q[12] = Math.atan2(-m[1], m[4]);
  q[13] = Math.asin(clampSine(m[7]));
  q[14] = Math.atan2(-m[6], m[8]);
}
