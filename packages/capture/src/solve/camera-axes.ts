import { LANDMARK_COUNT } from '../landmarks.ts';
import type { Camera } from './camera.ts';
import type { Observations } from './observations.ts';

/** Landmarks of shoulders, arms, hips and legs; the face adds nothing to where a body is. */
const FIRST_BODY_LANDMARK = 11;

/**
 * Observations whose `bodyM` has the axes of the camera. The pose model sees a crop and not where it lies in the picture: its axes
 * are those of a camera that looks straight at the person.
 */
export function inCameraAxes(seen: Observations, camera: Camera): Observations {
  const bodyM = seen.bodyM.slice();
  const turn = new Float64Array(9);
  const row = LANDMARK_COUNT * 3;
  for (let f = 0; f < seen.frameCount; f++) {
    const ray = (k: 0 | 1): number => middle(seen, f, k);
    turnToRay(turn, (ray(0) - camera.centreXPx) / camera.focalPx, (camera.centreYPx - ray(1)) / camera.focalPx);
    for (let o = f * row; o < (f + 1) * row; o += 3) apply(turn, bodyM, o);
  }
  return { ...seen, bodyM };
}

/** Mean x (`axis` 0) or y of the body's landmarks, pixels. */
function middle({ imagePx }: Observations, f: number, axis: 0 | 1): number {
  let sum = 0;
  for (let i = FIRST_BODY_LANDMARK; i < LANDMARK_COUNT; i++) sum += imagePx[(f * LANDMARK_COUNT + i) * 2 + axis];
  return sum / (LANDMARK_COUNT - FIRST_BODY_LANDMARK);
}

/** The smallest turn of the viewing direction −z to the ray (x, y, −1), y up, row-major. */
function turnToRay(out: Float64Array, rayX: number, rayY: number): void {
  const length = Math.hypot(rayX, rayY, 1);
  const [x, y, z] = [rayX / length, rayY / length, 1 / length];
  const k = 1 / (1 + z);
  out.set([1 - k * x * x, -k * x * y, -x, -k * x * y, 1 - k * y * y, -y, x, y, z]);
}

function apply(m: Float64Array, values: Float64Array, o: number): void {
  const [x, y, z] = [values[o], values[o + 1], values[o + 2]];
  values[o] = m[0] * x + m[1] * y + m[2] * z;
  values[o + 1] = m[3] * x + m[4] * y + m[5] * z;
  values[o + 2] = m[6] * x + m[7] * y + m[8] * z;
}
