import { cross, dot, normalizeVector } from '@gaitway/motion/vector';

/**
 * The directions of a room in camera axes (x right, y down, z forward), 3 × 3 by rows: one horizontal, down, and the other horizontal.
 * Walls, doors and planks run along them (Coughlan and Yuille, "Manhattan World", 1999).
 */
export type Axes = Float64Array;

export const DOWN = 3;

/** Roll and pitch of a camera: 0, 0 where it is level; positive pitch looks down. */
export interface Tilt {
  readonly rollRad: number;
  readonly pitchRad: number;
}

/** The tilt of a camera in whose axes down is the unit vector at `o`. */
export const tiltAt = (down: Float64Array, o: number): Tilt => ({
  rollRad: Math.atan2(down[o], down[o + 1]),
  pitchRad: Math.atan2(down[o + 2], Math.hypot(down[o], down[o + 1])),
});

export const tiltOf = (axes: Axes): Tilt => tiltAt(axes, DOWN);

/** The axes that are nearest to what is in `axes`, whose rows are nearly right: down first, in place. */
export function straighten(axes: Axes): Axes {
  normalizeVector(axes, DOWN);
  const along = dot(axes, 0, axes, DOWN);
  for (let k = 0; k < 3; k++) axes[k] -= along * axes[DOWN + k];
  normalizeVector(axes, 0);
  cross(axes, 6, axes, 0, axes, DOWN);
  return axes;
}

/** Turns all three directions by the rotation vector (x, y, z) of the camera, in place. */
export function turnAxes(axes: Axes, x: number, y: number, z: number): void {
  for (let r = 0; r < 9; r += 3) {
    const a = axes[r];
    const b = axes[r + 1];
    const c = axes[r + 2];
    axes[r] = a + y * c - z * b;
    axes[r + 1] = b + z * a - x * c;
    axes[r + 2] = c + x * b - y * a;
  }
  straighten(axes);
}
