import { LANDMARK_COUNT, LANDMARKS } from '../landmarks.ts';
import { type Box, boxAround, clipBox } from '../preflight/box.ts';
import type { BackwardRows } from '../tracking/backward.ts';
import { type Clothes, meanClothes } from '../tracking/clothes.ts';
import type { WornClothes } from '../tracking/person-track.ts';
import { type RecordedRows, rowsWithin } from '../tracking/recorded-rows.ts';
import { areHipsBelow, showsTrunk } from '../tracking/trunk.ts';
import type { ShotSpan } from './shot-spans.ts';

/** Somebody in one frame. */
export interface Sighting {
  readonly frame: number;
  /** Around the visible body, inside the picture. */
  readonly box: Box;
  readonly hipXPx: number;
  readonly hipYPx: number;
  /** From the middle of the hips to the middle of the shoulders. */
  readonly torsoPx: number;
  /** Mean over the landmarks, 0..1. */
  readonly visibility: number;
}

/** A person within one shot: each shot has people of its own, with numbers of their own. */
export interface Appearance {
  /** Counted from 0. */
  readonly shot: number;
  readonly rows: RecordedRows;
  /** As `rows`, seen in the mirror; empty where nobody looked. */
  readonly mirroredRows: RecordedRows | undefined;
  /** What was found of the person going backwards: before `rows`, and in frames of `rows` in which nobody had been found. */
  readonly found?: readonly BackwardRows[];
  /** One for every frame in which the person was found. */
  readonly sightings: readonly Sighting[];
  /** Frames in which the person was found, and before which they were not there. */
  readonly arrivals?: ReadonlySet<number>;
  /** What the person wears in this shot, to know them by in another. */
  readonly clothes?: Clothes;
}

/** What the tracker wrote down about somebody. */
export interface FollowedPerson {
  readonly plain: { readonly rows: RecordedRows };
  readonly mirrored: { readonly rows: RecordedRows };
  readonly wardrobe?: readonly WornClothes[];
  readonly arrivals?: ReadonlySet<number>;
}

interface PictureSize {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fps?: number;
}

/** Somebody who is seen for fewer frames is a mistake of the networks. */
const FEWEST_FRAMES = 3;

/** Somebody who comes in takes no longer for it. */
const COMING_SEC = 0.6;
const USUAL_FPS = 30;

/** Everybody who was followed, shot by shot, in the order of appearance. */
export const appearancesOf = (tracks: readonly FollowedPerson[], spans: readonly ShotSpan[], picture: PictureSize): Appearance[] =>
  spans.flatMap(({ fromFrame, toFrame }, shot) => {
    const here = tracks.flatMap(({ plain, mirrored, wardrobe = [], arrivals }) => {
      const rows = inThePicture(rowsWithin(plain.rows, fromFrame, toFrame), picture);
      const sightings = rows ? sightingsOf(rows, picture) : [];
      if (!rows || sightings.length < Math.min(FEWEST_FRAMES, toFrame - fromFrame)) return [];
      const mirroredRows = rowsWithin(mirrored.rows, rows.firstFrame, rows.firstFrame + rows.rowCount);
      const worn = wardrobe.filter(({ frame }) => frame >= fromFrame && frame < toFrame);
      const clothes = meanClothes(worn.map((entry) => entry.clothes));
      return [{ shot, rows, mirroredRows, sightings, ...(arrivals && { arrivals }), ...(clothes && { clothes }) }];
    });
    return here.sort((a, b) => a.rows.firstFrame - b.rows.firstFrame || a.sightings[0].hipXPx - b.sightings[0].hipXPx);
  });

/**
 * The rows without those at either end in which nothing of the trunk is in the picture: the network goes on for a while where somebody
 * has walked out. Somebody of whom that is all there is (a face, legs) is left whole. Of somebody whose hips are in the picture as a rule
 * the moments in which they come in from below or go out there are left out too: legs that are not to be seen would be thrown about.
 */
const inThePicture = (rows: RecordedRows | undefined, picture: PictureSize): RecordedRows | undefined => {
  if (!rows) return undefined;
  const shown = withoutEnds(rows, (row) => !showsTrunk(rows.imagePx, rows.visibility, picture, row)) ?? rows;
  const hasNone = (row: number): boolean => shown.seen[row] === 1 && areHipsBelow(shown.imagePx, picture, row);
  let without = 0;
  for (let row = 0; row < shown.rowCount; row++) without += hasNone(row) ? 1 : 0;
  return without * 2 > shown.rowCount ? shown : (withoutEnds(shown, hasNone, Math.ceil(COMING_SEC * (picture.fps ?? USUAL_FPS))) ?? shown);
};

/** The rows without at most `most` at either end of which `isOut` holds; undefined if that leaves nothing. */
const withoutEnds = (rows: RecordedRows, isOut: (row: number) => boolean, most = rows.rowCount): RecordedRows | undefined => {
  let [first, last] = [0, rows.rowCount - 1];
  while (first <= last && first < most && isOut(first)) first++;
  while (last > first && rows.rowCount - 1 - last < most && isOut(last)) last--;
  return first > last ? undefined : rowsWithin(rows, rows.firstFrame + first, rows.firstFrame + last + 1);
};

/** The same person with what was found going backwards. */
export const withFound = (person: Appearance, found: readonly BackwardRows[], picture: PictureSize): Appearance => ({
  ...person,
  found,
  sightings: [...found.flatMap(({ rows }) => sightingsOf(rows, picture)), ...person.sightings].sort((a, b) => a.frame - b.frame),
});

const ALL_VISIBLE = new Float32Array(LANDMARK_COUNT).fill(1);
const [LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP] = (['l_shoulder', 'r_shoulder', 'l_hip', 'r_hip'] as const).map((name) =>
  LANDMARKS.indexOf(name),
);

const sightingsOf = (rows: RecordedRows, picture: PictureSize): Sighting[] => {
  const out: Sighting[] = [];
  for (let row = 0; row < rows.rowCount; row++) {
    if (rows.seen[row] === 1) out.push(sightingOf(rows, row, picture));
  }
  return out;
};

const sightingOf = (rows: RecordedRows, row: number, picture: PictureSize): Sighting => {
  const points = rows.imagePx.subarray(row * LANDMARK_COUNT * 3, (row + 1) * LANDMARK_COUNT * 3);
  const visibility = rows.visibility.subarray(row * LANDMARK_COUNT, (row + 1) * LANDMARK_COUNT);
  const box = boxAround(points, visibility) ?? boxAround(points, ALL_VISIBLE);
  const middle = (a: number, b: number, axis: number): number => (points[a * 3 + axis] + points[b * 3 + axis]) / 2;
  const [hipXPx, hipYPx] = [middle(LEFT_HIP, RIGHT_HIP, 0), middle(LEFT_HIP, RIGHT_HIP, 1)];
  const empty = { leftPx: hipXPx, topPx: hipYPx, widthPx: 0, heightPx: 0 };
  return {
    frame: rows.firstFrame + row,
    box: clipBox(box ?? empty, picture),
    hipXPx,
    hipYPx,
    torsoPx: Math.hypot(hipXPx - middle(LEFT_SHOULDER, RIGHT_SHOULDER, 0), hipYPx - middle(LEFT_SHOULDER, RIGHT_SHOULDER, 1)),
    visibility: visibility.reduce((sum, v) => sum + v, 0) / LANDMARK_COUNT,
  };
};
