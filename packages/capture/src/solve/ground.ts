import type { Clip } from '@gaitway/motion/clip';
import type { Leg } from '@gaitway/motion/feet';
import { humanLegs, solePositions } from '@gaitway/motion/feet';
import { lockFeet } from '@gaitway/motion/foot-lock';
import { FOOT_POINTS_M, HUMAN_SKELETON_HEIGHT_M, SOLE_EDGES_M } from '@gaitway/motion/human';
import type { Vec3 } from '@gaitway/motion/vector';
import { flightFrames } from './flight.ts';
import { dropUnseen } from './gap-frames.ts';
import { dropRaised, lowestPoints } from './lowest-body.ts';
import type { SolveOptions } from './solve-options.ts';
import type { FrameSpan } from './solve-report.ts';
import type { StanceOptions } from './stance.ts';
import { detectStance, floorHeightM, plantedOptions, restOptions } from './stance.ts';

/** The legs of a clip of a person of this height, with soles to match. */
export function personLegs(clip: Pick<Clip, 'skeleton'>, heightM: number): readonly [Leg, Leg] {
  const s = heightM / HUMAN_SKELETON_HEIGHT_M;
  const scaled = ([x, y, z]: Vec3): Vec3 => [x * s, y * s, z * s];
  return humanLegs(clip, { heel: scaled(FOOT_POINTS_M.heel), toe: scaled(FOOT_POINTS_M.toe), edges: SOLE_EDGES_M.map(scaled) });
}

/**
 * Puts a levelled clip on the floor: contacts found, floor at y = 0, pelvis of the first frame above the origin, feet locked.
 * `eyeM` is the camera's position in the clip's world; it moves along. In `gaps` nobody was seen.
 */
export function groundClip(
  clip: Clip,
  eyeM: Float64Array,
  heightM: number,
  footLock: SolveOptions['footLock'],
  gaps: readonly FrameSpan[],
): Clip {
  const { contacts, floorM } = findFloor(clip, eyeM, heightM, footLock, gaps);
  const grounded = { ...clip, contacts, rootTranslationM: toOrigin(clip.rootTranslationM, floorM) };
  return footLock === 'off' ? grounded : lockFeet(grounded, personLegs(clip, heightM));
}

/** What of a levelled clip stands where. */
export interface Footing {
  /** `frameCount × 4 × 3`, metres. */
  readonly soles: Float64Array;
  /** `frameCount × 4`, 1 = stands on the floor. */
  readonly contacts: Uint8Array;
  /** `frameCount × 4`, 1 = does not move, on the floor or a little above it. */
  readonly resting: Uint8Array;
  readonly floorM: number;
  /** `frameCount`: 1 while nothing holds the body. */
  readonly flight: Uint8Array;
}

/** Which soles rest, which of them are planted, and how high the floor is: theirs, or what the body rests on. */
export function findFloor(
  clip: Clip,
  eyeM: Float64Array,
  heightM: number,
  footLock: SolveOptions['footLock'],
  gaps: readonly FrameSpan[],
): Footing {
  const soles = solePositions(clip, personLegs(clip, heightM));
  const find = (options: StanceOptions): Uint8Array => {
    const found = dropRaised(detectStance(soles, eyeM, clip.fps, options), soles, clip.rootTranslationM, heightM);
    dropUnseen(found, gaps, clip.fps);
    return found;
  };
  const contacts = find(plantedOptions(footLock));
  const flight = flightFrames(soles, contacts, clip.rootTranslationM, clip.fps);
  return {
    soles,
    contacts,
    resting: find(restOptions(footLock)),
    flight,
    floorM: floorHeightM(soles, contacts, () => lowestPoints(clip, soles, heightM)),
  };
}

/** The same path with the first frame above the origin and the floor taken off the heights. */
export function toOrigin(root: Float32Array, floorM: number): Float32Array {
  const [x, , z] = root;
  return root.map((v, i) => v - (i % 3 === 0 ? x : i % 3 === 1 ? floorM : z));
}
