import { LANDMARK_COUNT, LANDMARKS, type LandmarkName, type Landmarks } from '../landmarks.ts';

const POINT_VALUES = LANDMARK_COUNT * 3;
/** Landmarks of the trunk, the arms and the legs: left, then right. */
const PARTS = [/(shoulder|hip)$/, /(elbow|wrist)$/, /(knee|ankle)$/].map((part) =>
  LANDMARKS.flatMap((name, left) =>
    name.startsWith('l_') && part.test(name) ? [[left, LANDMARKS.indexOf(`r_${name.slice(2)}` as LandmarkName)] as const] : [],
  ),
);
/** Frames this much farther apart than they should be are not averaged as if they were even. */
const UNEVEN = 1.5;

/**
 * Weights of the frames −reach..reach in the value at 0 of the parabola through them (Savitzky and Golay, 1964): noise that is not the
 * same in all of them goes, speed and acceleration stay.
 *
 * `centreWeights(2)` → −3/35, 12/35, 17/35, 12/35, −3/35.
 */
export const centreWeights = (reach: number): Float64Array => {
  const offsets = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  const sum = (power: number): number => offsets.reduce((total, x) => total + x ** power, 0);
  const [s0, s2, s4] = [sum(0), sum(2), sum(4)];
  return reach === 0 ? Float64Array.of(1) : offsets.map((x) => (s4 - s2 * x * x) / (s0 * s4 - s2 * s2));
};

/**
 * Landmarks of the given rows alone, each averaged with up to `reach` neighbours on either side: frames that lie closer than a body
 * moves show the same pose with noise of their own. A window ends where the person is missing or sides are exchanged, and is as wide on
 * one side as on the other. Times, scores and whether the person was found are those of the row itself.
 */
export function averageRows(landmarks: Landmarks, rows: Int32Array, reach: number): Landmarks {
  const count = rows.length;
  const weights = Array.from({ length: reach + 1 }, (_, r) => centreWeights(r));
  const out = {
    ...landmarks,
    frameCount: count,
    timesSec: Float64Array.from(rows, (row) => landmarks.timesSec[row]),
    found: Uint8Array.from(rows, (row) => landmarks.found[row]),
    imagePx: new Float32Array(count * POINT_VALUES),
    worldM: new Float32Array(count * POINT_VALUES),
    visibility: new Float32Array(count * LANDMARK_COUNT),
    score: Float32Array.from(rows, (row) => landmarks.score[row]),
  };
  rows.forEach((row, k) => {
    const wide = reachAt(landmarks, row, reach);
    blend(out.imagePx, k, landmarks.imagePx, row, POINT_VALUES, weights[wide]);
    blend(out.worldM, k, landmarks.worldM, row, POINT_VALUES, weights[wide]);
    blend(out.visibility, k, landmarks.visibility, row, LANDMARK_COUNT, new Float64Array(2 * wide + 1).fill(1 / (2 * wide + 1)));
  });
  return out;
}

/** How many neighbours on either side show the same body in motion. */
function reachAt(landmarks: Landmarks, row: number, most: number): number {
  let reach = 0;
  while (reach < most && follows(landmarks, row - reach - 1) && follows(landmarks, row + reach)) reach++;
  return reach;
}

/** Whether the row after `row` shows the same body a moment later. */
function follows({ found, frameCount, timesSec, nominalFps, worldM }: Landmarks, row: number): boolean {
  if (row < 0 || row + 1 >= frameCount || found[row] !== 1 || found[row + 1] !== 1) return false;
  if ((timesSec[row + 1] - timesSec[row]) * nominalFps > UNEVEN) return false;
  return PARTS.every((pairs) => {
    let [same, crossed] = [0, 0];
    for (const [left, right] of pairs) {
      same += movement(worldM, row, left, left) + movement(worldM, row, right, right);
      crossed += movement(worldM, row, left, right) + movement(worldM, row, right, left);
    }
    return same <= crossed;
  });
}

/** From a landmark of a row to one of the next. */
function movement(points: Float32Array, row: number, from: number, to: number): number {
  const a = (row * LANDMARK_COUNT + from) * 3;
  const b = ((row + 1) * LANDMARK_COUNT + to) * 3;
  return Math.hypot(points[b] - points[a], points[b + 1] - points[a + 1], points[b + 2] - points[a + 2]);
}

function blend(out: Float32Array, at: number, from: Float32Array, row: number, width: number, weights: Float64Array): void {
  const reach = weights.length >> 1;
  for (let i = 0; i < width; i++) {
    let sum = 0;
    for (let k = -reach; k <= reach; k++) sum += weights[k + reach] * from[(row + k) * width + i];
    out[at * width + i] = sum;
  }
}
