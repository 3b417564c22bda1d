import { GaitwayError } from '@gaitway/motion/errors';
import type { Landmarks } from '../landmarks.ts';
import type { LiftNetwork } from '../lift/network-file.ts';
import type { Running } from '../progress.ts';

/** How a body is solved from its landmarks; every option has an effect, see the fields. */
export interface SolveOptions extends Running {
  /** `upper_body` leaves the legs at rest and the root in place; it needs no legs in the picture. */
  readonly mocapType: 'full_body' | 'upper_body';
  /** Body height without shoes, metres (0.5..2.5). Fixes the scale; without it an adult of 1.70 m is assumed. */
  readonly subjectHeightM?: number;
  /** Field of view across the longer side of the picture, degrees (10..150). Without it the focal length is what the background has shown, or the file names, else 0.7 × the diagonal. */
  readonly cameraFovDeg?: number;
  /** 0 keeps every wobble of the landmarks, 1 is calm and slow; 0.5 suits most clips. */
  readonly smoothing: number;
  /** `off` marks contacts but lets them hold nothing (a treadmill); `auto` plants with eased ends; `strong` also plants where it is less sure. */
  readonly footLock: 'auto' | 'off' | 'strong';
  /** What the pose model saw in the mirror, mirrored back, in the same frames: a second look that is averaged in. */
  readonly mirrored?: Landmarks;
  /** The network that finds joint centres from the landmarks; without it the fit uses the landmarks and the tables of where they lie. */
  readonly network?: LiftNetwork;
}

export const SOLVE_DEFAULTS: SolveOptions = { mocapType: 'full_body', smoothing: 0.5, footLock: 'auto' };

const within = (value: number, from: number, to: number): boolean => value >= from && value <= to;

/** Throws `option_invalid` with a sentence for the first option that is out of range. */
export function checkSolveOptions(options: SolveOptions): void {
  const fail = (option: string, message: string): never => {
    throw new GaitwayError('option_invalid', { message, facts: { option } });
  };
  if (!within(options.smoothing, 0, 1)) fail('smoothing', 'smoothing must lie between 0 and 1.');
  if (options.subjectHeightM !== undefined && !within(options.subjectHeightM, 0.5, 2.5))
    fail('subjectHeightM', 'The height of the person must lie between 0.5 and 2.5 metres.');
  if (options.cameraFovDeg !== undefined && !within(options.cameraFovDeg, 10, 150))
    fail('cameraFovDeg', 'The field of view must lie between 10 and 150 degrees.');
}
