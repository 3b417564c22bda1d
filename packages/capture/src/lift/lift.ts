import type { Landmarks } from '../landmarks.ts';
import { BODY_POINTS, type BodyPoints, REFERENCE_HEIGHT_M } from './body-points.ts';
import { blendForearms } from './forearm-depth.ts';
import { BLOCK_ROWS, LiftInference } from './inference.ts';
import { LiftInputs } from './lift-inputs.ts';
import type { LiftNetwork } from './network-file.ts';
import type { PersonView } from './person-view.ts';

const POINTS = BODY_POINTS.length;
/** Where the parts of the network's output start. */
const PLANE = POINTS * 3;
const LATERAL = POINTS * 5;
const DEPTH = POINTS * 6;
const FLAT = POINTS * 7;
/** Height of the one body that the pose model has in mind, metres. */
const MODEL_HEIGHT_M = 1.72;
/** Log widths outside are extrapolation. */
const LEAST_LOG = -7;
const MOST_LOG = 1;

/** Standard deviation of a Laplace distribution of that log width. */
const deviation = (log: number): number => Math.SQRT2 * Math.exp(Math.max(LEAST_LOG, Math.min(MOST_LOG, log)));

/**
 * Joint centres and points of the body from the pose model's landmarks: a small network, trained on rendered people, that has
 * learned where the model's landmarks lie on a body and how it errs with the pose, from a frame and its neighbours in time.
 *
 * `focalPx` is the best guess of the focal length; it decides how far what is off the axis is turned (see `PersonView`).
 */
export function liftLandmarks(landmarks: Landmarks, network: LiftNetwork, focalPx: number): BodyPoints {
  const { frameCount } = landmarks;
  const out: BodyPoints = {
    frameCount,
    points: BODY_POINTS,
    found: new Uint8Array(frameCount),
    imagePx: new Float64Array(frameCount * POINTS * 2),
    imageSigma: new Float64Array(frameCount * POINTS),
    heightPx: new Float64Array(frameCount),
    worldM: new Float64Array(frameCount * POINTS * 3),
    worldSigmaM: new Float64Array(frameCount * POINTS * 3),
  };
  const inputs = new LiftInputs(landmarks, network, focalPx);
  const inference = new LiftInference(network);
  const input = new Float32Array(network.inputs);
  const values = new Float32Array(network.outputs);
  const depthSigma = (point: number): number => deviation(values[DEPTH + point]);
  for (let first = 0; first < inputs.rows.length; first += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, inputs.rows.length - first);
    for (let row = 0; row < count; row++) {
      inputs.fill(input, first + row);
      inference.put(row, input);
    }
    inference.run(count);
    for (let row = 0; row < count; row++) {
      const frame = inputs.rows[first + row];
      inference.output(values, row);
      blendForearms(values, landmarks, frame, MODEL_HEIGHT_M, depthSigma);
      writeFrame(out, frame, values, inputs.viewOf(first + row));
    }
  }
  return out;
}

function writeFrame(out: BodyPoints, frame: number, values: Float32Array, view: PersonView): void {
  out.found[frame] = 1;
  out.heightPx[frame] = view.pixelsPerBodyMetre * MODEL_HEIGHT_M;
  for (let point = 0; point < POINTS; point++) {
    const at = frame * POINTS + point;
    view.toPixel(out.imagePx, at * 2, values[PLANE + point * 2], values[PLANE + point * 2 + 1]);
    out.imageSigma[at] = deviation(values[FLAT + point]) / MODEL_HEIGHT_M;
    const m = view.turn;
    const x = values[point * 3] * REFERENCE_HEIGHT_M;
    const y = values[point * 3 + 1] * REFERENCE_HEIGHT_M;
    const z = values[point * 3 + 2] * REFERENCE_HEIGHT_M;
    const lateral = (deviation(values[LATERAL + point]) * REFERENCE_HEIGHT_M) ** 2;
    const depth = (deviation(values[DEPTH + point]) * REFERENCE_HEIGHT_M) ** 2;
    for (let k = 0; k < 3; k++) {
      out.worldM[at * 3 + k] = m[k * 3] * x + m[k * 3 + 1] * y + m[k * 3 + 2] * z;
      out.worldSigmaM[at * 3 + k] = Math.sqrt(lateral + (depth - lateral) * m[k * 3 + 2] ** 2);
    }
  }
}
