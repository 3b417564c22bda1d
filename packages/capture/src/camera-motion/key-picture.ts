import type { Corners } from './corners.ts';
import { createCorners, findCorners } from './corners.ts';
import type { Matches } from './fit-turn.ts';
import { createMatches, fitTurn } from './fit-turn.ts';
import type { LumaMap, LumaPyramid } from './luma-pyramid.ts';
import { LEVELS } from './luma-pyramid.ts';
import { movementOf } from './movement.ts';
import type { Patches } from './patches.ts';
import { followPatch, takePatches } from './patches.ts';
import type { Turn } from './turn.ts';
import { copyTurn, createTurn, fromKey } from './turn.ts';

/** A picture that others are compared with, so that small errors do not add up from frame to frame. */
export interface KeyPicture {
  readonly corners: Corners;
  readonly patches: Patches;
  /** Camera of this picture → camera of the first picture. */
  readonly turn: Turn;
  /** A copy of its coarsest map. */
  readonly coarse: LumaMap;
}

export const MOST_CORNERS = 56;
/** With fewer nothing is said about a picture. */
export const FEWEST_CORNERS = 8;

export type IsFree = (x: number, y: number) => boolean;

export function takeKey(pyramid: LumaPyramid, turn: Turn, isFree: IsFree): KeyPicture {
  const corners = createCorners(MOST_CORNERS);
  findCorners(corners, pyramid, isFree);
  const own = createTurn();
  copyTurn(own, turn);
  const coarsest = pyramid.levels[LEVELS - 1];
  return { corners, patches: takePatches(pyramid, corners), turn: own, coarse: { ...coarsest, values: coarsest.values.slice() } };
}

/** What came of comparing a picture with a key picture. */
export interface Comparison {
  /** This picture → the key picture. */
  readonly turn: Turn;
  readonly matches: Matches;
  /** Corners that should be in sight, and how many of those that were found agree with the turn. */
  expected: number;
  agreeing: number;
}

export const createComparison = (): Comparison => ({ turn: createTurn(), matches: createMatches(MOST_CORNERS), expected: 0, agreeing: 0 });

const place = new Float64Array(2);
const places = new Float64Array(MOST_CORNERS * 2);

/** Follows the corners of a key picture from where the turn in `out` has them, on `levels` levels, and fits the turn to what is found. */
export function compare(out: Comparison, key: KeyPicture, pyramid: LumaPyramid, focalPx: number, isFree: IsFree, levels: number): void {
  const [map] = pyramid.levels;
  const centreX = (map.widthPx - 1) / 2;
  const centreY = (map.heightPx - 1) / 2;
  const { matches, turn } = out;
  matches.count = 0;
  out.expected = 0;
  for (let i = 0; i < key.corners.count; i++) {
    const x = key.corners.xy[i * 2] - centreX;
    const y = key.corners.xy[i * 2 + 1] - centreY;
    if (!fromKey(place, turn, x, y, focalPx)) continue;
    places[i * 2] = place[0] + centreX;
    places[i * 2 + 1] = place[1] + centreY;
    if (!isInside(places[i * 2], map.widthPx) || !isInside(places[i * 2 + 1], map.heightPx)) continue;
    if (!isFree(places[i * 2], places[i * 2 + 1])) continue;
    out.expected++;
    if (!followPatch(key.patches, i, pyramid, places, levels)) continue;
    const at = matches.count * 2;
    matches.key[at] = x;
    matches.key[at + 1] = y;
    matches.now[at] = places[i * 2] - centreX;
    matches.now[at + 1] = places[i * 2 + 1] - centreY;
    matches.count++;
  }
  out.agreeing = fitTurn(turn, matches, focalPx) * matches.count;
  const resting = restingCount(matches);
  if (movementOf(matches) > CLEARLY_MOVED_PX && resting >= FEWEST_CORNERS && resting >= RESTING_PART * out.agreeing) {
    copyTurn(turn, NO_TURN);
    out.agreeing = resting;
  }
}

/** Something large that moves (traffic, the sea, a crowd) may have more corners than the background; a camera that turns leaves none at rest. */
const CLEARLY_MOVED_PX = 1;
const RESTS_PX = 0.5;
const RESTING_PART = 0.4;
const NO_TURN = createTurn();

/** Pairs that have not moved. */
function restingCount({ key, now, count }: Matches): number {
  let resting = 0;
  for (let i = 0; i < count; i++) if (Math.hypot(now[i * 2] - key[i * 2], now[i * 2 + 1] - key[i * 2 + 1]) < RESTS_PX) resting++;
  return resting;
}

/** Share of the corners in sight that agree, 0..1. */
export const shareOf = ({ agreeing, expected }: Comparison): number => (expected > 0 ? agreeing / expected : 0);

/** This part of what was found must agree; what was not found (blurred, covered, grain) has no vote, but not all may be silent. */
const BELIEVED_PART = 0.5;
const BELIEVED_SHARE = 0.2;
/** With this part and this many the first guess was near enough: no coarser levels are tried. */
const GOOD_PART = 0.75;
const GOOD_AGREEING = 16;

export const isBelieved = (c: Comparison): boolean =>
  c.agreeing >= FEWEST_CORNERS && c.agreeing >= BELIEVED_PART * c.matches.count && shareOf(c) >= BELIEVED_SHARE;

export const isGood = (c: Comparison): boolean =>
  isBelieved(c) && c.agreeing >= Math.min(GOOD_AGREEING, 0.75 * c.expected) && c.agreeing >= GOOD_PART * c.matches.count;

/** Windows next to the rim of the picture are cut off. */
const MARGIN_PX = 6;
const isInside = (position: number, size: number): boolean => position > MARGIN_PX && position < size - 1 - MARGIN_PX;
