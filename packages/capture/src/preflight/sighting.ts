import { backgroundShift } from './background-shift.ts';
import { type Box, clipBox, grown, isInside } from './box.ts';
import { meanLuma } from './light.ts';
import type { SeenPerson } from './people.ts';
import type { Sample } from './sample-frames.ts';
import { sharpnessOf } from './sharpness.ts';

/** Everything that a sampled picture says; null where it says nothing. */
export interface Sighting {
  readonly timeSec: number;
  /** People, the largest first. */
  readonly people: readonly SeenPerson[];
  /** Height of the first person's box inside the picture, 0..1 of its height. */
  readonly personHeight: number | null;
  /** Mean luma of the first person's box (of the picture, where there is nobody), 0..1. */
  readonly light: number;
  readonly sharpness: number | null;
  /** Of the background, picture widths a second. */
  readonly cameraSpeed: number | null;
}

export const sightingOf = (sample: Sample, people: readonly SeenPerson[]): Sighting => {
  const { picture } = sample;
  const whole: Box = { leftPx: 0, topPx: 0, widthPx: picture.widthPx, heightPx: picture.heightPx };
  const box = people[0]?.box;
  return {
    timeSec: sample.timeSec,
    people,
    personHeight: box ? clipBox(box, picture).heightPx / picture.heightPx : null,
    light: meanLuma(picture, box ?? whole),
    sharpness: box ? sharpnessOf(picture, box) : null,
    cameraSpeed: cameraSpeed(sample, people),
  };
};

/** People move in the time between the two pictures. */
const ROOM_TO_MOVE = 0.5;

const cameraSpeed = ({ picture, map, later }: Sample, people: readonly SeenPerson[]): number | null => {
  if (later === null) return null;
  const scale = picture.widthPx / map.widthPx;
  const occupied = people.map(({ box }) => grown(box, ROOM_TO_MOVE));
  const shift = backgroundShift(map, later.map, (x, y) => !occupied.some((box) => isInside(box, x * scale, y * scale)));
  return shift === null ? null : shift / later.afterSec;
};
