/**
 * How BlazePose (`balanced`) errs, measured on the sample clips by `calibrate.ts`, which writes the numbers below; do not edit them
 * by hand. Lengths in millimetres of a body of 1.75 m.
 */

/**
 * An error that lasts: its standard deviation within a clip; how fast it is forgotten, per second while the landmark rests and per
 * metre that it moves (a network errs by what it sees: the error of what does not move hardly changes); and the standard deviation
 * of a clip's mean.
 */
export interface Wander {
  readonly sigma: number;
  readonly perSec: number;
  readonly perM: number;
  readonly biasSigma: number;
}

/** A shorthand for the rows below. */
const wander = (sigma: number, perSec: number, perM: number, biasSigma: number): Wander => ({ sigma, perSec, perM, biasSigma });

export interface LandmarkNoise {
  /** The middle or left landmark; the right one errs alike. */
  readonly landmark: number;
  /** Each of x and y, at the distance of the body. */
  readonly image: Wander;
  /** Each of x and y, and depth, of the world vector. */
  readonly worldXy: Wander;
  readonly worldZ: Wander;
}

/* measured */
/** Turn of the whole body that the world landmarks show against the true one, about the camera's x, y (up) and z, radians. */
export const TURN_RAD: readonly [Wander, Wander, Wander] = [
  wander(0.067, 0.14, 1.95, 0.053),
  wander(0.133, 0.82, 0.81, 0.196),
  wander(0.035, 0.68, 1.29, 0.034),
];

export const LANDMARK_NOISE: readonly LandmarkNoise[] = [
  { landmark: 0, image: wander(11, 2.14, 1.41, 6), worldXy: wander(15, 0.73, 1.58, 12), worldZ: wander(29, 0.39, 0.63, 23) },
  { landmark: 2, image: wander(10, 1.51, 1.53, 6), worldXy: wander(14, 0.6, 1.69, 9), worldZ: wander(29, 0.43, 0.52, 21) },
  { landmark: 7, image: wander(10, 0.8, 1.05, 6), worldXy: wander(15, 0.34, 1.12, 14), worldZ: wander(29, 0.39, 0.43, 7) },
  { landmark: 9, image: wander(10, 1.38, 1.79, 6), worldXy: wander(14, 0.85, 1.02, 10), worldZ: wander(27, 0.41, 0.46, 13) },
  { landmark: 11, image: wander(14, 0.65, 0.66, 9), worldXy: wander(17, 0.43, 1.29, 19), worldZ: wander(33, 0.58, 0.07, 27) },
  { landmark: 13, image: wander(23, 0.36, 0.55, 11), worldXy: wander(29, 0.39, 0.6, 18), worldZ: wander(44, 0.15, 0.82, 35) },
  { landmark: 15, image: wander(19, 0.41, 0.84, 9), worldXy: wander(27, 0.64, 0.67, 22), worldZ: wander(70, 0.15, 0.87, 39) },
  { landmark: 17, image: wander(34, 0.17, 0.44, 51), worldXy: wander(32, 0.58, 0.62, 44), worldZ: wander(75, 0.13, 1.0, 60) },
  { landmark: 19, image: wander(35, 0.19, 0.45, 66), worldXy: wander(35, 0.59, 0.67, 57), worldZ: wander(78, 0.11, 0.95, 49) },
  { landmark: 23, image: wander(16, 0.55, 1.1, 13), worldXy: wander(20, 0.51, 0.63, 26), worldZ: wander(53, 0.28, 0.54, 51) },
  { landmark: 25, image: wander(20, 0.51, 0.42, 11), worldXy: wander(25, 0.97, 0.74, 22), worldZ: wander(62, 0.4, 1.13, 44) },
  { landmark: 27, image: wander(23, 1.05, 0.58, 17), worldXy: wander(30, 0.97, 0.71, 17), worldZ: wander(72, 0.82, 0.63, 36) },
  { landmark: 29, image: wander(28, 1.13, 0.76, 23), worldXy: wander(33, 0.85, 0.68, 14), worldZ: wander(75, 0.8, 0.6, 35) },
  { landmark: 31, image: wander(30, 0.57, 0.8, 17), worldXy: wander(37, 0.81, 0.51, 20), worldZ: wander(74, 0.96, 0.81, 52) },
];
