/**
 * How people hold cameras, and how far a body in a picture tells their tilt. Most cameras are nearly upright, and then the lean of
 * the body says little; but some look down steeply, and then the body is the only witness. A Gaussian belief would split the
 * difference in both cases; one with heavy tails (Cauchy) follows the camera while the two nearly agree and the body where they do
 * not.
 */
export interface TiltBelief {
  /** Where most cameras are, and how far around it, radians. */
  readonly usualRad: number;
  readonly spreadRad: number;
  /** Standard deviation of the tilt that the body shows: people lean, and the pose model errs. */
  readonly bodySigmaRad: number;
}

const rad = (degrees: number): number => (degrees * Math.PI) / 180;

/** Cameras at chest height and above look down a little. */
export const CAMERA_PITCH: TiltBelief = { usualRad: rad(5), spreadRad: rad(5), bodySigmaRad: rad(5) };
export const CAMERA_ROLL: TiltBelief = { usualRad: 0, spreadRad: rad(2), bodySigmaRad: rad(4) };

/** The tilt that the edges of a room show, and its standard deviation. */
export interface SeenTilt {
  readonly tiltRad: number;
  readonly sigmaRad: number;
}

/** Logarithm of how far what the edges show is doubted: they may be those of something that stands askew. */
const DOUBT = -10;
const STEPS = 400;

/** The most likely tilt of the camera, given what body and room show: it lies between those and the usual tilt. */
export function likelyTiltRad(bodyRad: number, belief: TiltBelief, room?: SeenTilt): number {
  const { usualRad, spreadRad, bodySigmaRad } = belief;
  const cost = (tilt: number): number =>
    0.5 * ((tilt - bodyRad) / bodySigmaRad) ** 2 + Math.log1p(((tilt - usualRad) / spreadRad) ** 2) + costOf(tilt, room);
  const witnesses = [bodyRad, usualRad, ...(room ? [room.tiltRad] : [])];
  const [from, to] = [Math.min(...witnesses), Math.max(...witnesses)];
  let best = bodyRad;
  for (let i = 0; i <= STEPS; i++) {
    const tilt = from + ((to - from) * i) / STEPS;
    if (cost(tilt) < cost(best)) best = tilt;
  }
  return best;
}

function costOf(tilt: number, room: SeenTilt | undefined): number {
  return room ? -Math.log(Math.exp(-0.5 * ((tilt - room.tiltRad) / room.sigmaRad) ** 2) + Math.exp(DOUBT)) : 0;
}
