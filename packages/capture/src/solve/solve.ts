import type { Clip } from '@gaitway/motion/clip';
import { solePositions } from '@gaitway/motion/feet';
import { HUMAN_JOINTS } from '@gaitway/motion/human';
import { rotationsFromState, stateFromRotations } from '../fit/body-state.ts';
import { bodySurface } from '../fit/body-surface.ts';
import type { Ground } from '../fit/contact-terms.ts';
import type { Fitted } from '../fit/fit.ts';
import { fitInCamera, fitOnGround, GROUND_ROUNDS, soleOffsets, withoutLegs, workspaceFor } from '../fit/fit.ts';
import { landmarkSightings } from '../fit/landmark-sightings.ts';
import { liftSightings } from '../fit/lift-sightings.ts';
import type { Sightings } from '../fit/sightings.ts';
import type { Landmarks } from '../landmarks.ts';
import { liftLandmarks } from '../lift/lift.ts';
import { confidenceOf } from './confidence.ts';
import { confidenceReport } from './confidence-summary.ts';
import { evenLandmarks } from './even-landmarks.ts';
import type { AnalyticStart, Solved } from './first-solve.ts';
import { analyticStart, assemble, reportOf, rootFrom, standStill } from './first-solve.ts';
import { fitResiduals } from './fit-residuals.ts';
import { fittedLandmarks } from './fitted-landmarks.ts';
import { levelMotion, upFromBody, upFromStance } from './gravity.ts';
import type { Footing } from './ground.ts';
import { findFloor, groundClip, personLegs } from './ground.ts';
import { withJointCentres } from './joint-centres.ts';
import type { MovingFloor } from './moving-floor.ts';
import { movingFloor } from './moving-floor.ts';
import type { SolveOptions } from './solve-options.ts';
import { bodyLines } from './uprightness.ts';
import { movingFloorWarning } from './warnings.ts';

/** Motion of the person from their landmarks: the one entry of the body solve. Options left out take `SOLVE_DEFAULTS`. */
export function solve(landmarks: Landmarks, given: Partial<SolveOptions> = {}): Solved {
  const analytic = analyticStart(landmarks, given);
  const { seen, camera, heightM, legs, options } = analytic;
  const { sightings, root } = lookClosely(analytic);
  const state = stateFromRotations(root, analytic.rotations, HUMAN_JOINTS.length);
  const start = { seen: legs ? sightings : withoutLegs(sightings), camera, heightM, state, options, legs };
  const workspace = workspaceFor(start);
  const fitted = fitInCamera(start, workspace);
  const bodyUp = upFromBody(bodyLines(fittedLandmarks(fitted), seen, legs), analytic.room);
  const floor = legs ? floorUnder(levelledClip(analytic, fitted, bodyUp), heightM) : undefined;
  const footLock = floor ? 'off' : options.footLock;
  let up = bodyUp;
  if (legs) {
    for (let round = 0; round < GROUND_ROUNDS; round++) {
      const ground = findGround(analytic, fitted, bodyUp, footLock);
      up = ground.up;
      // Feet that really slide (a treadmill) must not drag the body along.
      if (footLock === 'off') break;
      fitOnGround(start, fitted, ground, round, workspace);
    }
  }
  const residuals = fitResiduals(seen, camera, fitted, heightM);
  const clip = levelledClip(analytic, fitted, up, confidenceOf(seen, legs, residuals));
  const report = reportOf(analytic, fitted.skeleton, camera, up);
  return {
    clip: legs ? groundClip(clip, new Float64Array(3), heightM, footLock, seen.gaps) : standStill(clip),
    report: {
      ...report,
      method: 'fit',
      confidence: confidenceReport(clip),
      warnings: [...report.warnings, ...(floor && options.footLock !== 'off' ? [movingFloorWarning(floor)] : [])],
    },
  };
}

/** A floor that moves under a person who stays. */
const floorUnder = (clip: Clip, heightM: number): MovingFloor | undefined =>
  movingFloor(solePositions(clip, personLegs(clip, heightM)), clip.rootTranslationM, clip.fps);

/** Joint centres where a network finds them, else the landmarks themselves; and where the pelvis is by them. */
function lookClosely(analytic: AnalyticStart): { readonly sightings: Sightings; readonly root: Float64Array } {
  const { looks, seen, camera, heightM, options } = analytic;
  if (!options.network) return { sightings: landmarkSightings(seen), root: analytic.root };
  const points = liftLandmarks(evenLandmarks(looks), options.network, camera.focalPx);
  return { sightings: liftSightings(points, seen, heightM), root: rootFrom(withJointCentres(seen, points), analytic) };
}

/** How sure the motion is does not matter while its floor is looked for. */
const NOT_ASKED: Float32Array = new Float32Array(0);

/** The motion as a clip whose up is vertical, its floor not yet found. */
function levelledClip(analytic: AnalyticStart, fitted: Fitted, up: Float64Array, confidence = NOT_ASKED): Clip {
  const root = fitted.state.root.slice();
  const rotations = analytic.rotations.slice();
  rotationsFromState(rotations, fitted.state, HUMAN_JOINTS.length);
  levelMotion(root, rotations, HUMAN_JOINTS.length, up);
  return assemble(analytic.seen, fitted.skeleton, root, rotations, confidence);
}

/** Which way is up, where the floor is and which soles stand on it, in camera axes. */
function findGround(analytic: AnalyticStart, fitted: Fitted, bodyUp: Float64Array, footLock: SolveOptions['footLock']): Ground {
  const { heightM } = analytic;
  const eye = new Float64Array(3);
  const judge = (up: Float64Array): Footing => findFloor(levelledClip(analytic, fitted, up), eye, heightM, footLock, analytic.seen.gaps);
  const first = judge(bodyUp);
  const up = upFromStance(first.soles, first.contacts, bodyUp);
  const { resting, floorM, flight } = judge(up);
  return { contacts: resting, soles: soleOffsets(heightM), surface: bodySurface(heightM), up, floorM, flight };
}
