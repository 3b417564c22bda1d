import { lowPass } from '@gaitway/motion/filters';
import { BODY_CAPSULES, G1_CAPSULES, totalMassKg } from '../capsules.ts';
import type { G1Model } from '../model.ts';
import { floorWrenches, GRAVITY_M_S2, WRENCH } from '../momentum.ts';
import { convexHull, type FloorPoint, outsideOf } from '../support.ts';
import type { G1Motion } from '../trajectory.ts';
import type { BodyTrack } from './body-track.ts';

/** A centre of pressure this far outside the support counts. */
export const COP_TOLERANCE_M = 0.02;
/** Below this share of the weight there is no load to speak of: the robot flies. */
const LOADED = 0.2;
/** What is this near the floor can carry load. */
const NEAR_M = 0.02;
/** Accelerations of the wrench are taken below this rate: the cutoff that gait laboratories use (Winter, "Biomechanics", 3.4.4). */
export const DYNAMICS_CUTOFF_HZ = 6;

export interface DynamicsReport {
  /** Frames with a load in which the centre of pressure lies more than 2 cm outside the support. */
  readonly outsideFrames: number[];
  /** Frames with a load and something on the floor to carry it. */
  readonly loadedFrames: number;
  readonly outsideP95M: number;
  /** 95th percentile of the friction coefficient that the motion needs. */
  readonly frictionP95: number;
}

/**
 * What the floor would have to do, by inverse dynamics: where its force must act (the centre of pressure, which has to lie in the
 * hull of what stands on the floor: soles, and hands, knees or trunk of somebody who lies or crawls) and how much friction it takes.
 */
export function reportDynamics(model: G1Model, motion: G1Motion, track: BodyTrack): DynamicsReport {
  const n = motion.frameCount;
  const wrenches = floorWrenches(model, motion);
  for (let k = 0; k < WRENCH; k++) lowPass(wrenches, WRENCH + k, n - 2, WRENCH, DYNAMICS_CUTOFF_HZ, motion.fps);
  const weightN = totalMassKg(model) * GRAVITY_M_S2;
  const distances: number[] = [];
  const friction: number[] = [];
  const outsideFrames: number[] = [];
  for (let f = 1; f < n - 1; f++) {
    const [fx, fy, fz, mx, my] = wrenches.subarray(f * WRENCH, (f + 1) * WRENCH);
    if (fz < LOADED * weightN) continue;
    const support = supportPoints(track, f);
    if (support.length === 0) continue;
    const { distanceM } = outsideOf(convexHull(support), -my / fz, mx / fz);
    distances.push(distanceM);
    friction.push(Math.hypot(fx, fy) / fz);
    if (distanceM > COP_TOLERANCE_M) outsideFrames.push(f);
  }
  return {
    outsideFrames,
    loadedFrames: distances.length,
    outsideP95M: percentile95(distances),
    frictionP95: percentile95(friction),
  };
}

const percentile95 = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor((values.length - 1) * 0.95)] ?? 0;

/** Points of soles and body that are near the floor, whatever the contact labels say. */
function supportPoints(track: BodyTrack, f: number): FloorPoint[] {
  const out: FloorPoint[] = [];
  for (let k = 0; k < 8; k++) {
    const i = (f * 8 + k) * 3;
    if (track.solesM[i + 2] < NEAR_M) out.push([track.solesM[i], track.solesM[i + 1]]);
  }
  for (const c of BODY_CAPSULES) {
    for (let end = 0; end < 2; end++) {
      const i = (f * G1_CAPSULES.length + c) * 6 + end * 3;
      if (track.capsuleEndsM[i + 2] - G1_CAPSULES[c].radiusM < NEAR_M) out.push([track.capsuleEndsM[i], track.capsuleEndsM[i + 1]]);
    }
  }
  return out;
}
