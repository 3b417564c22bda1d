import { rotationError } from './equations.ts';
import { createG1Pose, type G1Pose, g1Forward, linkPoint } from './kinematics.ts';
import { G1_DOF, G1_LINKS, type G1Model } from './model.ts';
import type { G1Motion } from './trajectory.ts';

export const GRAVITY_M_S2 = 9.81;
/** Numbers of a wrench: force x y z, newton, and moment about the world origin x y z, newton metres. */
export const WRENCH = 6;

/** Momentum of the whole robot half-way between two frames: linear x y z, and angular about the world origin x y z. */
type Momentum = Float64Array;

/** Masses in one frame. */
interface MassFrame {
  readonly pose: G1Pose;
  /** `30 × 3`: centres of mass, metres. */
  readonly comsM: Float64Array;
}

const createMassFrame = (): MassFrame => ({ pose: createG1Pose(), comsM: new Float64Array(G1_LINKS * 3) });

/**
 * What the world must do to the robot for it to move as it does, `frameCount × 6`, by Newton and Euler on the masses and inertias
 * of the links: the change of linear and angular momentum, less what gravity does. Momentum is taken half-way between frames, so
 * that accelerations are compact second differences. The first and the last frame, which have none, are NaN.
 */
export function floorWrenches(model: G1Model, motion: G1Motion, from = 0, to = motion.frameCount): Float64Array {
  const out = new Float64Array((to - from) * WRENCH).fill(Number.NaN);
  const frames = [createMassFrame(), createMassFrame(), createMassFrame()] as const;
  let before: Momentum = new Float64Array(WRENCH);
  let after: Momentum = new Float64Array(WRENCH);
  const first = Math.max(0, from - 1);
  const last = Math.min(motion.frameCount - 1, to);
  for (let f = first; f <= last; f++) {
    placeMasses(frames[f % 3], model, motion, f);
    if (f === first) continue;
    [before, after] = [after, before];
    setMomentum(after, model, frames[(f - 1) % 3], frames[f % 3], motion.fps);
    if (f - first >= 2) setWrench(out, (f - 1 - from) * WRENCH, model, frames[(f - 1) % 3].comsM, before, after, motion.fps);
  }
  return out;
}

function placeMasses(frame: MassFrame, model: G1Model, motion: G1Motion, f: number): void {
  g1Forward(frame.pose, model, motion.rootM, f * 3, motion.rootQuaternion, f * 4, motion.angles, f * G1_DOF);
  for (let l = 0; l < G1_LINKS; l++) linkPoint(frame.comsM, l * 3, frame.pose, l, model.comM, l * 3);
}

const turn = new Float64Array(3);
const spin = new Float64Array(3);

function setMomentum(out: Momentum, model: G1Model, a: MassFrame, b: MassFrame, fps: number): void {
  out.fill(0);
  for (let l = 0; l < G1_LINKS; l++) {
    const i = l * 3;
    const mass = model.massKg[l] * fps;
    const px = mass * (b.comsM[i] - a.comsM[i]);
    const py = mass * (b.comsM[i + 1] - a.comsM[i + 1]);
    const pz = mass * (b.comsM[i + 2] - a.comsM[i + 2]);
    const x = (a.comsM[i] + b.comsM[i]) / 2;
    const y = (a.comsM[i + 1] + b.comsM[i + 1]) / 2;
    const z = (a.comsM[i + 2] + b.comsM[i + 2]) / 2;
    rotationError(turn, b.pose.rotations, l * 9, a.pose.rotations, l * 9);
    spin.fill(0);
    addSpin(spin, model.inertia, a.pose.rotations, l * 9, turn, fps / 2);
    addSpin(spin, model.inertia, b.pose.rotations, l * 9, turn, fps / 2);
    out[0] += px;
    out[1] += py;
    out[2] += pz;
    out[3] += y * pz - z * py + spin[0];
    out[4] += z * px - x * pz + spin[1];
    out[5] += x * py - y * px + spin[2];
  }
}

/** out += scale · R I Rᵀ v, matrices row-major at `at`. */
function addSpin(out: Float64Array, I: Float64Array, R: Float64Array, at: number, v: Float64Array, scale: number): void {
  const lx = scale * (R[at] * v[0] + R[at + 3] * v[1] + R[at + 6] * v[2]);
  const ly = scale * (R[at + 1] * v[0] + R[at + 4] * v[1] + R[at + 7] * v[2]);
  const lz = scale * (R[at + 2] * v[0] + R[at + 5] * v[1] + R[at + 8] * v[2]);
  const hx = I[at] * lx + I[at + 1] * ly + I[at + 2] * lz;
  const hy = I[at + 3] * lx + I[at + 4] * ly + I[at + 5] * lz;
  const hz = I[at + 6] * lx + I[at + 7] * ly + I[at + 8] * lz;
  for (let r = 0; r < 3; r++) out[r] += R[at + r * 3] * hx + R[at + r * 3 + 1] * hy + R[at + r * 3 + 2] * hz;
}

function setWrench(out: Float64Array, o: number, model: G1Model, coms: Float64Array, before: Momentum, after: Momentum, fps: number): void {
  for (let k = 0; k < WRENCH; k++) out[o + k] = (after[k] - before[k]) * fps;
  for (let l = 0; l < G1_LINKS; l++) {
    const weight = model.massKg[l] * GRAVITY_M_S2;
    out[o + 2] += weight;
    out[o + 3] += coms[l * 3 + 1] * weight;
    out[o + 4] -= coms[l * 3] * weight;
  }
}
