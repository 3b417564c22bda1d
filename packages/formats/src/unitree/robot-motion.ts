/** Joints of the G1: angles of a frame in every file. */
export const ROBOT_DOF = 29;
/** Columns of Unitree's CSV: x y z qx qy qz qw and 29 joint angles. */
export const CSV_COLUMNS = 36;

/** Motion of the robot as files hold it: Z up, metres, radians, quaternions xyzw, joints in motor order. */
export interface RobotMotion {
  readonly fps: number;
  readonly frameCount: number;
  /** `frameCount × 3`: pelvis. */
  readonly rootM: Float64Array;
  /** `frameCount × 4`. */
  readonly rootQuaternion: Float64Array;
  /** `frameCount × 29`. */
  readonly angles: Float64Array;
}

/** Six decimals, as text and back: what every file of a delivery holds, so that all of them are equal. */
export const toSixDecimals = (value: number): number => Number(value.toFixed(6)) + 0;

/** The motion as it will read back from its files. */
export function roundedMotion(motion: RobotMotion): RobotMotion {
  return {
    ...motion,
    rootM: motion.rootM.map(toSixDecimals),
    rootQuaternion: motion.rootQuaternion.map(toSixDecimals),
    angles: motion.angles.map(toSixDecimals),
  };
}
