import type { Capture } from '@gaitway/capture/capture-landmarks';
import type { Landmarks } from '@gaitway/capture/landmarks';
import { readLiftNetwork } from '@gaitway/capture/lift/network-file';
import type { ModelIdentity, Quality } from '@gaitway/capture/models/model-files';
import { landmarksOf } from '@gaitway/capture/shots/shot-spans';
import { solveAtRate } from '@gaitway/capture/shots/solve-rate';
import { solveShots } from '@gaitway/capture/shots/solve-shots';
import type { Solved } from '@gaitway/capture/solve/first-solve';
import { solve } from '@gaitway/capture/solve/solve';
import type { SolveOptions } from '@gaitway/capture/solve/solve-options';

export interface SolvedCapture extends Solved {
  /** The network that found the joints in the landmarks. */
  readonly network: ModelIdentity;
}

/** The stage that makes one motion of what was seen: every shot by itself, at its own rate, joined again. */
export function solveCapture(capture: Capture, quality: Quality, options: Partial<SolveOptions>): SolvedCapture {
  const network = readLiftNetwork(quality);
  const solveOne = (landmarks: Landmarks, mirrored: Landmarks | undefined): Solved =>
    solve(landmarks, { ...options, ...(mirrored && { mirrored }), network });
  const solved = solveShots(
    capture.landmarks,
    capture.shots,
    (shot, span) => solveAtRate(shot, solveOne, capture.mirrored && landmarksOf(capture.mirrored, span)),
    options.footLock,
  );
  return { ...solved, network: { name: 'body-points', sha256: network.sha256 } };
}
