import type { Roi } from './roi.ts';

/** A region is about 2.2 m wide: this is a run, or a jump off a wall. */
const TRAVEL_SIDES_PER_SEC = 1.5;
const TRAVEL_SIDES_AT_ONCE = 0.4;
const TRAVEL_SIDES_MOST = 3;
/** Somebody who walks towards the camera; a person of quite another size is another person. */
const GROWTH_AT_ONCE = 1.5;
const GROWTH_PER_SEC = 0.1;
const GROWTH_MOST = 1.7;
/** Centres closer than this part of the side, at a similar size, are the same person. */
const SAME_DISTANCE = 0.25;
const SAME_GROWTH = 1.8;

const growth = (a: Roi, b: Roi): number => Math.max(a.sidePx / b.sidePx, b.sidePx / a.sidePx);

/** Distance of the centres in units of the larger side. */
export const roiDistance = (a: Roi, b: Roi): number =>
  Math.hypot(a.centerXPx - b.centerXPx, a.centerYPx - b.centerYPx) / Math.max(a.sidePx, b.sidePx);

/** Two regions of one frame show the same person. */
export const isSamePerson = (a: Roi, b: Roi): boolean => roiDistance(a, b) < SAME_DISTANCE && growth(a, b) < SAME_GROWTH;

/** A person last seen at `before` can be at `now`, `elapsedSec` later: not too far away, not much larger or smaller. */
export const canBeSamePerson = (before: Roi, now: Roi, elapsedSec: number): boolean =>
  roiDistance(before, now) < Math.min(TRAVEL_SIDES_MOST, TRAVEL_SIDES_AT_ONCE + TRAVEL_SIDES_PER_SEC * elapsedSec) &&
  growth(before, now) < Math.min(GROWTH_MOST, GROWTH_AT_ONCE + GROWTH_PER_SEC * elapsedSec);
