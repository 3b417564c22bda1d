/** A rotated square of the picture that a network looks at. Pixels of the upright picture, x right, y down. */
export interface Roi {
  readonly centerXPx: number;
  readonly centerYPx: number;
  readonly sidePx: number;
  /** Rotation of the square, clockwise as seen on the screen: 0 where the person stands upright. */
  readonly angleRad: number;
}

/** The landmark network wants some room around the person. */
const MARGIN = 1.25;

/** Angle in (−π, π]. */
export const wrapAngle = (angleRad: number): number => angleRad - 2 * Math.PI * Math.ceil((angleRad - Math.PI) / (2 * Math.PI));

/**
 * The square around a person from two points: the centre between the hips and a point on the circle that encloses the body, in
 * the direction of the head (BlazePose's alignment points, arXiv:2006.10204).
 */
export const roiFromAlignment = (centerXPx: number, centerYPx: number, rimXPx: number, rimYPx: number): Roi => {
  const dx = rimXPx - centerXPx;
  const dy = rimYPx - centerYPx;
  return {
    centerXPx,
    centerYPx,
    sidePx: 2 * Math.hypot(dx, dy) * MARGIN,
    angleRad: wrapAngle(Math.PI / 2 - Math.atan2(-dy, dx)),
  };
};
