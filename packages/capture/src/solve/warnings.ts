import { LANDMARK_COUNT } from '../landmarks.ts';
import type { FocalSource } from './camera.ts';
import type { MovingFloor } from './moving-floor.ts';
import type { Observations } from './observations.ts';
import type { SolveOptions } from './solve-options.ts';
import type { Posture } from './uprightness.ts';

const FEW_FRAMES_SEC = 1;
const HIDDEN = 0.4;

/** Sentences for the user about what is uncertain in this clip. */
export function warningsFor(seen: Observations, options: SolveOptions, lens: FocalSource): string[] {
  const out: string[] = [];
  const lostFrames = seen.gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0);
  if (lostFrames > 0) out.push(`Nobody was found in ${lostFrames} of ${seen.frameCount} frames; the motion there is bridged.`);
  if (seen.frameCount / seen.fps < FEW_FRAMES_SEC) out.push('The clip is shorter than a second: scale and floor are uncertain.');
  if (options.mocapType === 'full_body') {
    const feet = meanVisibility(seen, [27, 28, 29, 30, 31, 32]);
    if (feet < HIDDEN) out.push('The feet are hardly ever visible: legs, floor and distance are guesses; upper_body may suit this clip.');
  }
  if (meanVisibility(seen, [11, 12, 13, 14, 15, 16]) < HIDDEN) out.push('The arms are hardly ever visible: their pose is a guess.');
  if (options.subjectHeightM === undefined)
    out.push('No height was given: an adult of 1.70 m is assumed, and all distances scale with it.');
  if (lens === 'prior' && options.mocapType === 'full_body')
    out.push('The field of view of the camera is not known: distances towards the camera are uncertain by about a tenth.');
  return out;
}

const POSTURES: Readonly<Record<Posture, string | undefined>> = {
  upright: undefined,
  bent: 'The person never stands up straight: which way is up comes from the trunk and is less sure.',
  from_above:
    'The body is seen along its length: the camera is taken to look down from above; if the person lies, the motion stands upright.',
  lying: 'The person is never upright: which way is up is taken from the body lying flat and from the camera held level.',
  never_upright: 'The person is never upright: the camera is taken to be level, and the floor is what the body rests on.',
};

const NEVER_UPRIGHT: ReadonlySet<Posture> = new Set<Posture>(['lying', 'never_upright']);
const UP_BY_EDGES = 'The person is never upright: which way is up is taken from straight edges behind the person.';

/** What the posture leaves uncertain; `isDownSeen`: the edges of the room alone are sure of the vertical. */
export function postureWarnings(posture: Posture, isDownSeen = false): string[] {
  const sentence = isDownSeen && NEVER_UPRIGHT.has(posture) ? UP_BY_EDGES : POSTURES[posture];
  return sentence === undefined ? [] : [sentence];
}

export const movingFloorWarning = ({ speedMS }: MovingFloor): string =>
  `The feet slide over the floor at ${speedMS.toFixed(1)} m/s while the body stays where it is (a treadmill): no foot is held.`;

function meanVisibility(seen: Observations, landmarks: readonly number[]): number {
  let sum = 0;
  let count = 0;
  for (let f = 0; f < seen.frameCount; f++) {
    for (const landmark of landmarks) sum += seen.visibility[f * LANDMARK_COUNT + landmark];
    count += landmarks.length;
  }
  return count > 0 ? sum / count : 0;
}
