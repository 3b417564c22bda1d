import { GRAVITY_MS2 } from '../fit/motion-terms.ts';

const POINTS = 4;

/** Shorter stretches without a planted foot are steps, and feet that were not found planted; longer ones are no jumps, seconds. */
const SHORTEST_SEC = 0.15;
const LONGEST_SEC = 1.2;
/** Half-way through a flight the lower sole is at least this far above where it left and where it lands, metres. */
const CLEARS_M = 0.03;
/** What is taken for a flight already falls as one, nearly: the mean acceleration of the pelvis, off by at most this, m/s². */
const FALLS_WITHIN_MS2 = 4;

/**
 * Frames in which nothing holds the body: between a take-off and a landing that were both seen, with the soles clear of the floor and
 * the pelvis on a path that is nearly ballistic. Who hangs, climbs or lies down has no foot on the floor either, but does not fall.
 *
 * @param soles `frameCount × 4 × 3`, metres, y up
 * @param contacts `frameCount × 4`
 * @param root `frameCount × 3`, of the pelvis
 * @returns `frameCount`: 1 in flight, with both neighbours
 */
export function flightFrames(soles: Float64Array, contacts: Uint8Array, root: ArrayLike<number>, fps: number): Uint8Array {
  const frameCount = contacts.length / POINTS;
  const out = new Uint8Array(frameCount);
  for (let from = 1; from < frameCount; from++) {
    if (isHeld(contacts, from) || !isHeld(contacts, from - 1)) continue;
    let to = from;
    while (to < frameCount && !isHeld(contacts, to)) to++;
    if (to < frameCount && isFlight(soles, root, from, to, fps)) out.fill(1, from + 1, to - 1);
  }
  return out;
}

function isHeld(contacts: Uint8Array, frame: number): boolean {
  for (let i = frame * POINTS; i < (frame + 1) * POINTS; i++) if (contacts[i] === 1) return true;
  return false;
}

/** Whether the frames `[from, to)`, without a foot on the floor, are a flight. */
function isFlight(soles: Float64Array, root: ArrayLike<number>, from: number, to: number, fps: number): boolean {
  const seconds = (to - from) / fps;
  if (seconds < SHORTEST_SEC || seconds > LONGEST_SEC) return false;
  const floorM = (lowestM(soles, from - 1) + lowestM(soles, to)) / 2;
  if (lowestM(soles, (from + to) >> 1) - floorM < CLEARS_M) return false;
  return Math.abs(meanAccelerationMS2(root, from, to, fps) + GRAVITY_MS2) < FALLS_WITHIN_MS2;
}

function lowestM(soles: Float64Array, frame: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (let p = frame * POINTS; p < (frame + 1) * POINTS; p++) lowest = Math.min(lowest, soles[p * 3 + 1]);
  return lowest;
}

/** Vertical acceleration of the parabola through the heights of frames `[from, to)`, least squares. */
function meanAccelerationMS2(root: ArrayLike<number>, from: number, to: number, fps: number): number {
  const middle = (from + to - 1) / 2;
  const sums = { t2: 0, t4: 0, y: 0, t2y: 0 };
  for (let f = from; f < to; f++) {
    const t2 = ((f - middle) / fps) ** 2;
    sums.t2 += t2;
    sums.t4 += t2 * t2;
    sums.y += root[f * 3 + 1];
    sums.t2y += t2 * root[f * 3 + 1];
  }
  const count = to - from;
  return (2 * (count * sums.t2y - sums.t2 * sums.y)) / (count * sums.t4 - sums.t2 * sums.t2);
}
