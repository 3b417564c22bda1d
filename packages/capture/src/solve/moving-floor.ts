/** A floor that carries the feet away under a body that stays: a treadmill. */
export interface MovingFloor {
  /** How fast it moves, metres a second. */
  readonly speedMS: number;
}

/** Slower is drift of the distance to the camera. */
const LEAST_SPEED_MS = 0.3;
/** In this share of the frames the supporting foot moves with the floor: within this part of its speed, and this much more. */
const AGREEING_SHARE = 0.6;
const AGREEING_PART = 0.4;
const AGREEING_MS = 0.15;
/** The body stays: its mean speed is below this part of the floor's. */
const STAYS_PART = 0.3;
const LEAST_SEC = 1.5;

const POINTS = 4;

/**
 * Whether the feet slide over the floor for real. Walking, the supporting foot stands still and the body travels; on a treadmill it
 * moves back at one velocity and the body stays.
 *
 * @param soles `frameCount × 4 × 3`, metres, y up
 * @param root `frameCount × 3`, of the pelvis
 */
export function movingFloor(soles: Float64Array, root: ArrayLike<number>, fps: number): MovingFloor | undefined {
  const frameCount = soles.length / (POINTS * 3);
  if (frameCount < LEAST_SEC * fps) return undefined;
  const velocities = supportVelocities(soles, frameCount, fps);
  const across = middleOf(velocities.map(([x]) => x));
  const along = middleOf(velocities.map(([, z]) => z));
  const speedMS = Math.hypot(across, along);
  if (speedMS < LEAST_SPEED_MS) return undefined;
  const near = AGREEING_PART * speedMS + AGREEING_MS;
  const agreeing = velocities.filter(([x, z]) => Math.hypot(x - across, z - along) < near).length;
  const last = (frameCount - 1) * 3;
  const travelMS = (Math.hypot(root[last] - root[0], root[last + 2] - root[2]) / (frameCount - 1)) * fps;
  return agreeing >= AGREEING_SHARE * velocities.length && travelMS < STAYS_PART * speedMS ? { speedMS } : undefined;
}

/** Horizontal velocity of the lowest sole point in every frame but the first and the last, metres a second. */
function supportVelocities(soles: Float64Array, frameCount: number, fps: number): [number, number][] {
  const out: [number, number][] = [];
  for (let f = 1; f + 1 < frameCount; f++) {
    let lowest = f * POINTS;
    for (let p = lowest + 1; p < (f + 1) * POINTS; p++) if (soles[p * 3 + 1] < soles[lowest * 3 + 1]) lowest = p;
    const [before, after] = [(lowest - POINTS) * 3, (lowest + POINTS) * 3];
    out.push([((soles[after] - soles[before]) * fps) / 2, ((soles[after + 2] - soles[before + 2]) * fps) / 2]);
  }
  return out;
}

const middleOf = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1];
