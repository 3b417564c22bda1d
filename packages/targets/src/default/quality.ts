import type { SkinnedMesh } from '@gaitway/formats/scene';
import { INFLUENCES } from '@gaitway/formats/scene';
import type { Clip } from '@gaitway/motion/clip';
import type { Leg } from '@gaitway/motion/feet';
import { solePositions } from '@gaitway/motion/feet';
import { createWorldPose, forwardKinematics, jointOffsets, jointParents, jointPositions } from '@gaitway/motion/kinematics';
import { boneLengthVariationPct, jitter, lowConfidenceFrames, soleMetrics } from '@gaitway/motion/metrics';
import { rotate } from '@gaitway/motion/quaternion';
import { splitShots } from '@gaitway/motion/shots';
import type { Skeleton } from '@gaitway/motion/skeleton';
import { restPositions } from './rest-positions.ts';

/** A frame counts as guessed when a joint that shapes the pose is trusted less than this. */
const LOW_CONFIDENCE = 0.5;

const SHAPING_JOINTS = /^(pelvis|head|(upperarm|lowerarm|hand|thigh|calf|foot)_[lr])$/;

/**
 * Quality of the motion, measured on the rig that is delivered and with its proportions. Penetration is that of the heel and
 * toe points or of any vertex of the body's soles, whichever is deeper. Shots are measured each by itself: largest values count
 * where the name says Max, frames add up, the rest is the mean over all frames.
 */
export function measureQuality(clip: Clip, legs: readonly [Leg, Leg], body: SkinnedMesh, rest: Skeleton): Readonly<Record<string, number>> {
  const shots = splitShots(clip).map((shot) => ({
    share: shot.frameCount / clip.frameCount,
    numbers: measureShot(shot, legs, body, rest),
  }));
  const combined = (name: string): number => {
    if (/Max/.test(name)) return Math.max(...shots.map(({ numbers }) => numbers[name]));
    const isSum = name === 'lowConfidenceFrames';
    return shots.reduce((sum, { share, numbers }) => sum + (isSum ? 1 : share) * numbers[name], 0);
  };
  return Object.fromEntries(Object.keys(shots[0].numbers).map((name) => [name, combined(name)]));
}

function measureShot(clip: Clip, legs: readonly [Leg, Leg], body: SkinnedMesh, rest: Skeleton): Readonly<Record<string, number>> {
  const soles = soleMetrics(solePositions(clip, legs), clip.contacts, 4, clip.fps);
  const shaping = clip.skeleton.joints.flatMap(({ name }, j) => (SHAPING_JOINTS.test(name) ? [j] : []));
  return {
    ...soles,
    penetrationMaxM: Math.max(soles.penetrationMaxM, -lowestSoleM(clip, body, rest)),
    jitter: jitter(jointPositions(clip), clip.skeleton.joints.length, clip.fps),
    boneLengthVariationPct: boneLengthVariationPct(clip),
    lowConfidenceFrames: lowConfidenceFrames(clip, shaping, LOW_CONFIDENCE),
  };
}

/** Sole of the body at rest: its vertices within this height of the lowest, metres. */
const SOLE_THICKNESS_M = 0.004;

/** Height of the lowest vertex of the body's soles over all frames, metres. */
export function lowestSoleM(clip: Clip, body: SkinnedMesh, rest: Skeleton): number {
  const influences = soleInfluences(body, rest);
  const pose = createWorldPose(clip.skeleton);
  const parents = jointParents(clip.skeleton);
  const offsets = jointOffsets(clip.skeleton);
  const v = new Float64Array(3);
  let lowest = Number.POSITIVE_INFINITY;
  for (let f = 0; f < clip.frameCount; f++) {
    forwardKinematics(pose, parents, offsets, clip.rootTranslationM, f * 3, clip.rotations, f * parents.length * 4);
    for (const vertex of influences) {
      let y = 0;
      for (const { joint, weight, offsetM } of vertex) {
        rotate(v, 0, pose.rotations, joint * 4, offsetM, 0);
        y += weight * (v[1] + pose.positionsM[joint * 3 + 1]);
      }
      lowest = Math.min(lowest, y);
    }
  }
  return lowest;
}

interface Influence {
  readonly joint: number;
  readonly weight: number;
  /** Vertex in the frame of the joint at rest, metres. */
  readonly offsetM: readonly [number, number, number];
}

function soleInfluences(body: SkinnedMesh, rest: Skeleton): readonly (readonly Influence[])[] {
  const joints = restPositions(rest);
  const p = body.positionsM;
  let floorY = Number.POSITIVE_INFINITY;
  for (let i = 1; i < p.length; i += 3) floorY = Math.min(floorY, p[i]);
  const out: Influence[][] = [];
  for (let v = 0; v * 3 < p.length; v++) {
    if (p[v * 3 + 1] > floorY + SOLE_THICKNESS_M) continue;
    const influences: Influence[] = [];
    for (let i = v * INFLUENCES; i < (v + 1) * INFLUENCES; i++) {
      const weight = body.weights[i];
      const [x, y, z] = joints[body.joints[i]];
      if (weight > 0) influences.push({ joint: body.joints[i], weight, offsetM: [p[v * 3] - x, p[v * 3 + 1] - y, p[v * 3 + 2] - z] });
    }
    out.push(influences);
  }
  return out;
}
