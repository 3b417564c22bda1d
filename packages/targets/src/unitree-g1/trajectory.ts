import { G1_DOF } from './model.ts';

/** Motion of the robot: Z up, metres, radians, quaternions xyzw. Arrays are written by the solvers and read by everyone else. */
export interface G1Motion {
  readonly fps: number;
  readonly frameCount: number;
  /** `frameCount × 3`. */
  readonly rootM: Float64Array;
  /** `frameCount × 4`, unit, sign-continuous. */
  readonly rootQuaternion: Float64Array;
  /** `frameCount × 29`. */
  readonly angles: Float64Array;
}

export const createG1Motion = (fps: number, frameCount: number): G1Motion => ({
  fps,
  frameCount,
  rootM: new Float64Array(frameCount * 3),
  rootQuaternion: new Float64Array(frameCount * 4),
  angles: new Float64Array(frameCount * G1_DOF),
});

export const copyG1Motion = (m: G1Motion): G1Motion => ({
  ...m,
  rootM: m.rootM.slice(),
  rootQuaternion: m.rootQuaternion.slice(),
  angles: m.angles.slice(),
});
