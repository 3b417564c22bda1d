import { tiltAt } from './axes.ts';
import type { BackgroundEdges } from './background-edges.ts';
import type { LensBelief } from './lens-belief.ts';
import { isRoom } from './lens-belief.ts';
import type { LensProfile } from './lens-profile.ts';
import { FOCAL_COUNT, FOCAL_REACH, FOCAL_STEP } from './lens-profile.ts';

/** Which way is down by the edges of a background, and how sure that is. */
export interface SeenVertical {
  /** Unit vector, camera axes (x right, y down, z forward) of the frame that was looked at. */
  readonly down: Float64Array;
  readonly frame: number;
  readonly pitchSigmaRad: number;
  readonly rollSigmaRad: number;
}

/** What rooms and lenses are off by that no edge tells. */
const COMMON_SIGMA_RAD = (0.3 * Math.PI) / 180;

/** The vertical for a camera whose lens is believed to be `lens`; of several looks the surest. Undefined where the edges
 * have no order, and for lenses beyond those compared. */
export function seenVertical(edges: readonly BackgroundEdges[], lens: LensBelief): SeenVertical | undefined {
  const row = lens.mean / FOCAL_STEP + FOCAL_REACH;
  if (!(row >= 0 && row <= FOCAL_COUNT - 1)) return undefined;
  const rooms = edges.filter(({ profile }) => isRoom(profile.scores));
  const looks = rooms.map(({ frame, profile }) => ({ frame, ...verticalOf(profile, lens, row) }));
  return looks.sort((a, b) => a.pitchSigmaRad + a.rollSigmaRad - b.pitchSigmaRad - b.rollSigmaRad)[0];
}

function verticalOf({ downs, sigmas }: LensProfile, lens: LensBelief, row: number): Omit<SeenVertical, 'frame'> {
  const nearest = Math.round(row);
  const down = downs.slice(nearest * 3, nearest * 3 + 3);
  const { pitchRad, rollRad } = tiltAt(down, 0);
  let [weights, pitch, roll] = [0, 0, 0];
  // The longer the lens is taken to be, the less tilted the camera: not knowing the one leaves the other unsure.
  for (let i = 0; i < FOCAL_COUNT; i++) {
    const weight = i === nearest ? 1 : Math.exp(-0.5 * (((i - row) * FOCAL_STEP) / lens.sd) ** 2);
    const other = tiltAt(downs, i * 3);
    weights += weight;
    pitch += weight * (sigmas[i * 2] ** 2 + (other.pitchRad - pitchRad) ** 2);
    roll += weight * (sigmas[i * 2 + 1] ** 2 + (other.rollRad - rollRad) ** 2);
  }
  return {
    down,
    pitchSigmaRad: Math.hypot(COMMON_SIGMA_RAD, Math.sqrt(pitch / weights)),
    rollSigmaRad: Math.hypot(COMMON_SIGMA_RAD, Math.sqrt(roll / weights)),
  };
}
