import type { Box } from '../preflight/box.ts';
import type { Appearance, Sighting } from './appearances.ts';

/** A rectangle of the upright source picture, whole pixels from its top left corner. */
export interface PixelBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Someone in a shot of the clip. */
export interface PersonSummary {
  /** The number to choose this person by. */
  readonly index: number;
  readonly isSubject: boolean;
  /** Counted from 0; each shot lists its own people. */
  readonly shot: number;
  /** Times are seconds from the start of the (trimmed) clip. */
  readonly firstSec: number;
  readonly lastSec: number;
  readonly frameCount: number;
  readonly firstBox: PixelBox;
  readonly lastBox: PixelBox;
  readonly meanBox: PixelBox;
  /** Twice a second while the person is seen (in long clips less often): time, then left, top, width and height of the box. */
  readonly path: readonly (readonly [number, number, number, number, number])[];
}

const PATH_STEP_SEC = 0.5;
/** Points of all paths of a clip together. */
const MOST_PATH_POINTS = 4000;

/** Time between two points of a path so that a clip with these people is described in bounded space. */
export const pathStepSec = (people: readonly Appearance[], timesSec: Float64Array): number => {
  const secondsOf = ({ sightings }: Appearance): number => timesSec[sightings[sightings.length - 1].frame] - timesSec[sightings[0].frame];
  const seenSec = people.reduce((sum, person) => sum + secondsOf(person), 0);
  return Math.max(PATH_STEP_SEC, seenSec / MOST_PATH_POINTS);
};

export interface SummaryFacts {
  readonly index: number;
  readonly isSubject: boolean;
  readonly timesSec: Float64Array;
  /** Between two points of the path. */
  readonly stepSec: number;
}

const pixelBox = ({ leftPx, topPx, widthPx, heightPx }: Box): PixelBox => ({
  x: Math.round(leftPx),
  y: Math.round(topPx),
  width: Math.round(widthPx),
  height: Math.round(heightPx),
});

const meanOf = (boxes: readonly Box[]): Box => {
  const mean = (side: keyof Box): number => boxes.reduce((sum, box) => sum + box[side], 0) / boxes.length;
  return { leftPx: mean('leftPx'), topPx: mean('topPx'), widthPx: mean('widthPx'), heightPx: mean('heightPx') };
};

export const summarisePerson = ({ shot, sightings }: Appearance, facts: SummaryFacts): PersonSummary => {
  const { index, isSubject, timesSec } = facts;
  const [first, last] = [sightings[0], sightings[sightings.length - 1]];
  return {
    index,
    isSubject,
    shot,
    firstSec: timesSec[first.frame],
    lastSec: timesSec[last.frame],
    frameCount: sightings.length,
    firstBox: pixelBox(first.box),
    lastBox: pixelBox(last.box),
    meanBox: pixelBox(meanOf(sightings.map(({ box }) => box))),
    path: pathOf(sightings, facts),
  };
};

const pathOf = (sightings: readonly Sighting[], { timesSec, stepSec }: SummaryFacts): PersonSummary['path'] => {
  const path: [number, number, number, number, number][] = [];
  for (const { frame, box } of sightings) {
    const timeSec = timesSec[frame];
    const before = path.at(-1);
    if (before && timeSec < before[0] + stepSec) continue;
    const { x, y, width, height } = pixelBox(box);
    path.push([timeSec, x, y, width, height]);
  }
  return path;
};
