/** Heel and toe of the left foot, then of the right: the order of `CONTACT_POINTS`. */
export const POINTS = 4;

/** How the soles move as one camera sees them, row `frame × 4 + point`. */
export interface SoleMotion {
  /** `frameCount × 4 × 3`, metres, world, y up. */
  readonly soles: Float64Array;
  /** Position of the camera in that world. */
  readonly eyeM: Float64Array;
  readonly fps: number;
  readonly frameCount: number;
  /** Speed across the viewing ray, m/s. */
  readonly speedsMS: Float64Array;
  /** Largest of these speeds of the same point nearby, m/s. */
  readonly swingsMS: Float64Array;
  /** 1 where the point moves along the ray as only a swinging foot does. */
  readonly comesOrGoes: Uint8Array;
}

/** A stance lies within this time of the swings before and after it, seconds. */
const NEAR_A_SWING_SEC = 0.3;
/** Velocities are taken over this time to both sides, seconds. */
const BESIDE_SEC = 1 / 30;
/**
 * The distance of standing feet wobbles by less than this against each other, m/s; a foot that swings straight at the camera, and so
 * hardly moves in the picture, does 2..4.
 */
const SWINGS_ALONG_MS = 1.4;

export function soleMotion(soles: Float64Array, eyeM: Float64Array, fps: number): SoleMotion {
  const frameCount = soles.length / (POINTS * 3);
  const speedsMS = Float64Array.from({ length: frameCount * POINTS }, (_, i) => speedAcrossRay(soles, eyeM, i, fps));
  const reach = Math.round(NEAR_A_SWING_SEC * fps);
  const swingsMS = speedsMS.map((_, i) => {
    let fastest = 0;
    const last = Math.min(speedsMS.length - 1, i + reach * POINTS);
    for (let k = Math.max(i % POINTS, i - reach * POINTS); k <= last; k += POINTS) fastest = Math.max(fastest, speedsMS[k]);
    return fastest;
  });
  return { soles, eyeM, fps, frameCount, speedsMS, swingsMS, comesOrGoes: comingOrGoing(soles, eyeM, fps) };
}

/**
 * Errors of the distance take both feet along, so that the feet are compared: when they move apart along the ray, the faster one
 * swings.
 */
function comingOrGoing(soles: Float64Array, eyeM: Float64Array, fps: number): Uint8Array {
  const along = Float64Array.from({ length: soles.length / 3 }, (_, i) => velocityAlongRay(soles, eyeM, i, fps));
  return Uint8Array.from(along, (own, i) => {
    const other = i - (i % POINTS) + (i % POINTS < 2 ? 2 : 0);
    const otherFoot = (along[other] + along[other + 1]) / 2;
    return Math.abs(own - otherFoot) > SWINGS_ALONG_MS && Math.abs(own) > Math.abs(otherFoot) ? 1 : 0;
  });
}

/** The rows of the same point `reach` frames before and after row `i`, as far as there are any. */
function rowsBeside(soles: Float64Array, i: number, reach: number): readonly [number, number] {
  const point = i % POINTS;
  const last = soles.length / 3 - POINTS + point;
  return [Math.max(point, i - reach * POINTS), Math.min(last, i + reach * POINTS)];
}

function speedAcrossRay(soles: Float64Array, eyeM: Float64Array, i: number, fps: number): number {
  const [a, b] = rowsBeside(soles, i, 1);
  return b > a ? (acrossRay(soles, eyeM, a, b, i) * fps * POINTS) / (b - a) : 0;
}

/** Horizontal velocity away from the camera, m/s. */
function velocityAlongRay(soles: Float64Array, eyeM: Float64Array, i: number, fps: number): number {
  const [a, b] = rowsBeside(soles, i, Math.max(1, Math.round(BESIDE_SEC * fps)));
  const x = soles[i * 3] - eyeM[0];
  const z = soles[i * 3 + 2] - eyeM[2];
  const distance = Math.hypot(x, z);
  const moved = (soles[b * 3] - soles[a * 3]) * x + (soles[b * 3 + 2] - soles[a * 3 + 2]) * z;
  return b > a && distance > 0 ? (moved * fps * POINTS) / (distance * (b - a)) : 0;
}

/** Distance between the rows `a` and `b` of `soles` without its part along the ray to row `o`, metres. */
export function acrossRay(soles: Float64Array, eyeM: Float64Array, a: number, b: number, o = a): number {
  let ray = 0;
  let along = 0;
  let moved = 0;
  for (let k = 0; k < 3; k++) {
    const r = soles[o * 3 + k] - eyeM[k];
    const d = soles[b * 3 + k] - soles[a * 3 + k];
    ray += r * r;
    along += r * d;
    moved += d * d;
  }
  return Math.sqrt(Math.max(0, moved - (ray > 0 ? (along * along) / ray : 0)));
}
