import { LANDMARK_COUNT, LANDMARKS, type Landmarks } from '../landmarks.ts';
import { BODY_POINTS, type BodyPointName } from './body-points.ts';

const pointOf = (name: BodyPointName): number => BODY_POINTS.indexOf(name);
const landmarkOf = (name: (typeof LANDMARKS)[number]): number => LANDMARKS.indexOf(name);

/** Elbow and wrist as points and as landmarks, and what hangs on the wrist. */
const FOREARMS = (['l', 'r'] as const).map((side) => ({
  elbow: pointOf(`${side}_elbow`),
  wrist: pointOf(`${side}_wrist`),
  carried: [pointOf(`${side}_wrist`), pointOf(`${side}_index`), pointOf(`${side}_pinky`)],
  seenElbow: landmarkOf(`${side}_elbow`),
  seenWrist: landmarkOf(`${side}_wrist`),
}));

/**
 * Standard deviation of how far the pose model puts a wrist before or behind its elbow, metres: 98 mm of mean error on the rendered
 * people of the training set, Laplace.
 */
const SEEN_SIGMA_M = 0.14;

/**
 * Moves wrists and knuckles in depth towards where the pose model sees them beside the elbow, as far as it sees the arm and the network
 * is unsure. The network has learned from renderings that this depth says nothing new; in films of people in poses that the pose model
 * knows, its errors there are nearly independent of the network's.
 *
 * @param values output of the network: `points × 3` in body heights first, in the axes of the view of that frame, which are those of `worldM`
 * @param sigmaOf standard deviation of a point's depth, body heights
 */
export function blendForearms(
  values: Float32Array,
  { worldM, visibility }: Landmarks,
  frame: number,
  modelHeightM: number,
  sigmaOf: (point: number) => number,
): void {
  const first = frame * LANDMARK_COUNT;
  for (const { elbow, wrist, carried, seenElbow, seenWrist } of FOREARMS) {
    const own = values[wrist * 3 + 2] - values[elbow * 3 + 2];
    const seen = (worldM[(first + seenWrist) * 3 + 2] - worldM[(first + seenElbow) * 3 + 2]) / modelHeightM;
    const variance = sigmaOf(wrist) ** 2;
    const trust = variance / (variance + (SEEN_SIGMA_M / modelHeightM) ** 2);
    const shift = trust * Math.min(visibility[first + seenElbow], visibility[first + seenWrist]) * (seen - own);
    for (const point of carried) values[point * 3 + 2] += shift;
  }
}
