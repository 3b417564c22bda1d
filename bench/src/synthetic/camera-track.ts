import type { CameraTrack } from '@gaitway/capture/camera-motion/camera-motion';
import { angleBetweenRad, expMap, fromBasis, logMap } from '@gaitway/motion/rotation';
import type { SyntheticCamera } from './camera.ts';
import { cameraAt } from './camera.ts';
import type { Random } from './random.ts';
import type { Quat } from './vectors.ts';
import { compose, inverse } from './vectors.ts';

/** What following the background says about a camera whose lens is not known: angles are read with this focal length. */
const ASSUMED_FOCAL_PER_DIAGONAL = 0.7;
/** Standard deviation of the angle of a frame, radians. */
const TURN_SIGMA_RAD = 0.0005;
/** A pan tells about the lens each time it has gone this far (that is when a new key picture is taken), and errs by so much (logarithm). */
const TELLS_EVERY_RAD = 0.1;
const LENS_SIGMA = 0.03;

/** What the background would say of a camera that turns. */
export function cameraTrackOf(camera: SyntheticCamera, frameCount: number, random: Random): CameraTrack {
  const focalPx = ASSUMED_FOCAL_PER_DIAGONAL * Math.hypot(camera.widthPx, camera.heightPx);
  const first = turnOf(camera, 0);
  const turns = new Float64Array(frameCount * 4);
  const v = new Float64Array(3);
  for (let f = 0; f < frameCount; f++) {
    logMap(v, 0, compose(first, inverse(turnOf(camera, f))), 0);
    for (let k = 0; k < 3; k++) v[k] = (v[k] * camera.focalPx) / focalPx + (f > 0 ? TURN_SIGMA_RAD * random.normal() : 0);
    expMap(turns, f * 4, v, 0);
  }
  return {
    focalPx,
    turns,
    scales: new Float64Array(frameCount).fill(1),
    agreement: new Float32Array(frameCount).fill(0.9),
    parallax: new Float32Array(frameCount).fill(0.03),
    breaks: new Uint8Array(frameCount),
    lensLogs: lensLogsOf(turns, Math.log(camera.focalPx / focalPx), random),
  };
}

/** What the frames of a pan say about a lens that is `log` longer than the assumed one. */
function lensLogsOf(turns: Float64Array, log: number, random: Random): Float32Array {
  const out = new Float32Array(turns.length / 4).fill(Number.NaN);
  let key = 0;
  for (let f = 1; f < out.length; f++) {
    if (angleBetweenRad(turns, key * 4, turns, f * 4) < TELLS_EVERY_RAD) continue;
    out[f] = log + LENS_SIGMA * random.normal();
    key = f;
  }
  return out;
}

/** World directions → camera directions of a frame. */
function turnOf(camera: SyntheticCamera, f: number): Quat {
  const { R } = cameraAt(camera, f);
  const column = (k: number): number[] => [R[k], R[3 + k], R[6 + k]];
  const q = new Float64Array(4);
  fromBasis(q, 0, column(0), 0, column(1), 0, column(2), 0);
  return [q[0], q[1], q[2], q[3]];
}
