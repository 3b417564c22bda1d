import { type Roi, wrapAngle } from './roi.ts';

/** A region and the time of the frame whose landmarks gave it. */
export interface TimedRoi {
  readonly roi: Roi;
  readonly timeSec: number;
}

/** Nobody goes on for more steps as they went in one: its speed is mostly noise where two frames lie close together before a pause. */
const MOST_STEPS = 12;

/**
 * The region at `timeSec` of somebody who goes on as between the last two of `course`; undefined without any. It is the last one where
 * these do not tell.
 */
export const goingOn = (course: readonly TimedRoi[], timeSec: number): Roi | undefined => {
  const last = course.at(-1);
  const before = course.at(-2);
  if (!last || !before) return last?.roi;
  const steps = (timeSec - last.timeSec) / (last.timeSec - before.timeSec);
  const [from, to] = [before.roi, last.roi];
  // Not a number for equal times.
  if (!(steps <= MOST_STEPS && from.sidePx > 0)) return to;
  return {
    centerXPx: to.centerXPx + steps * (to.centerXPx - from.centerXPx),
    centerYPx: to.centerYPx + steps * (to.centerYPx - from.centerYPx),
    sidePx: to.sidePx * (to.sidePx / from.sidePx) ** steps,
    angleRad: wrapAngle(to.angleRad + steps * wrapAngle(to.angleRad - from.angleRad)),
  };
};

/**
 * The largest differences of two regions that show the network the same: of the centres in sides, of the sides as a factor, of the
 * angles in radians.
 */
const SAME_CENTER = 0.01;
const SAME_SIZE = 1.02;
const SAME_ANGLE_RAD = 0.02;

/** Whether a foreseen region is as good to look at as the one that the landmarks gave. */
export const isAsGood = (foreseen: Roi, given: Roi): boolean =>
  Math.hypot(foreseen.centerXPx - given.centerXPx, foreseen.centerYPx - given.centerYPx) <= SAME_CENTER * given.sidePx &&
  Math.max(foreseen.sidePx / given.sidePx, given.sidePx / foreseen.sidePx) <= SAME_SIZE &&
  Math.abs(wrapAngle(foreseen.angleRad - given.angleRad)) <= SAME_ANGLE_RAD;

/** The very same square. */
export const isSameRoi = (a: Roi, b: Roi): boolean =>
  a.centerXPx === b.centerXPx && a.centerYPx === b.centerYPx && a.sidePx === b.sidePx && a.angleRad === b.angleRad;
