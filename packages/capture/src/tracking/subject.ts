import { GaitwayError } from '@gaitway/motion/errors';
import { LANDMARK_COUNT } from '../landmarks.ts';
import type { Appearance, Sighting } from '../shots/appearances.ts';

/** The person at this place (pixels of the source) at this time (seconds of the trimmed clip). */
export interface SubjectPoint {
  readonly xPx: number;
  readonly yPx: number;
  readonly timeSec: number;
}

/** A person by the number in the list of people, counted from 0. */
export interface SubjectIndex {
  readonly index: number;
}

export type SubjectChoice = SubjectPoint | SubjectIndex;

/** Value below which `share` of the values lie. */
const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
};

/** Torso of an upright body, in body heights. */
const TORSO_SHARE = 0.29;

/** Height that the body would have standing, pixels; foreshortened torsos say less. */
const bodyHeightPx = (sightings: readonly Sighting[]): number =>
  Math.max(
    1,
    quantile(
      sightings.map(({ torsoPx }) => torsoPx),
      0.8,
    ) / TORSO_SHARE,
  );

/** A path counts up to this many body heights: whoever runs past behind somebody large is not the subject for it. */
const FARTHEST_PATH = 2;

/**
 * How far somebody travels across the picture, in body heights: twice the width that the middle half of the sightings covers. That is
 * the whole path of one who walks through, and nothing for one who stays for most of the time and leaves in a leap.
 */
export const travelOf = (sightings: readonly Sighting[]): number => {
  const hips = sightings.map(({ hipXPx }) => hipXPx);
  return Math.min(FARTHEST_PATH, (2 * (quantile(hips, 0.75) - quantile(hips, 0.25))) / bodyHeightPx(sightings));
};

/** A body whose limbs move less than this about the hips, in body heights, is a picture of one: who stands still sways more. */
const STILL = 0.02;
/** Fewer frames tell nothing about stillness. */
const STILL_FRAMES = 15;

/** A poster, a statue, a frozen screen: nothing of the body moves for the whole time. */
export const isPicture = ({ rows, sightings }: Pick<Appearance, 'rows' | 'sightings'>): boolean => {
  if (sightings.length < STILL_FRAMES) return false;
  const heightPx = bodyHeightPx(sightings);
  for (let landmark = 0; landmark < LANDMARK_COUNT; landmark++) {
    for (const axis of [0, 1]) {
      const at = ({ frame, hipXPx, hipYPx }: Sighting): number =>
        rows.imagePx[((frame - rows.firstFrame) * LANDMARK_COUNT + landmark) * 3 + axis] - (axis === 0 ? hipXPx : hipYPx);
      const offsets = sightings.map(at);
      if (quantile(offsets, 0.9) - quantile(offsets, 0.1) > STILL * heightPx) return false;
    }
  }
  return true;
};

/** A picture of a person is chosen only where there is nobody else. */
const PICTURE_SHARE = 0.1;

/**
 * How much the clip is about somebody: the area of the body in the picture and how well it is seen, summed over the frames; up to three
 * times as much for one who travels.
 */
export const weightOf = (appearance: Appearance): number => {
  const { sightings } = appearance;
  const filled = sightings.reduce((sum, { box, visibility }) => sum + box.widthPx * box.heightPx * visibility, 0);
  return filled * (1 + travelOf(sightings)) * (isPicture(appearance) ? PICTURE_SHARE : 1);
};

/** The person that a shot is about. Undefined if there is nobody. */
export const mainSubject = (people: readonly Appearance[]): Appearance | undefined => {
  const weights = people.map(weightOf);
  return people[weights.indexOf(Math.max(...weights))];
};

/** The frame whose time is closest to `timeSec`. */
const frameAt = (timesSec: Float64Array, timeSec: number): number =>
  timesSec.reduce((best, time, i) => (Math.abs(time - timeSec) < Math.abs(timesSec[best] - timeSec) ? i : best), 0);

/** Newcomers are noticed with some delay: whoever is in sight this close to the time counts as there. */
const TOLERANCE_SEC = 0.5;

/** The person whose hips are nearest to the point, among those who are in sight closest to its time, in the shot of that time. */
export const subjectAt = (
  people: readonly Appearance[],
  point: SubjectPoint,
  timesSec: Float64Array,
  shotOfFrame: (frame: number) => number,
): Appearance | undefined => {
  const frame = frameAt(timesSec, point.timeSec);
  const candidates = people
    .filter(({ shot }) => shot === shotOfFrame(frame))
    .map((person) => {
      const near = person.sightings.reduce((best, s) => (Math.abs(s.frame - frame) < Math.abs(best.frame - frame) ? s : best));
      const awaySec = Math.max(0, Math.abs(timesSec[near.frame] - timesSec[frame]) - TOLERANCE_SEC);
      return { person, awaySec, distancePx: Math.hypot(near.hipXPx - point.xPx, near.hipYPx - point.yPx) };
    });
  candidates.sort((a, b) => a.awaySec - b.awaySec || a.distancePx - b.distancePx);
  return candidates[0]?.person;
};

/** The person with a number. Throws `option_invalid` for a number that nobody has. */
export const subjectNumbered = (people: readonly Appearance[], { index }: SubjectIndex): Appearance => {
  const person = people[index];
  if (person) return person;
  const known =
    people.length === 1 ? 'one person was seen, number 0' : `${people.length} people were seen, numbers 0 to ${people.length - 1}`;
  throw new GaitwayError('option_invalid', {
    stage: 'processing',
    message: `There is no person number ${index} in this clip: ${known}.`,
    facts: { option: 'subject', peopleCount: people.length },
  });
};
