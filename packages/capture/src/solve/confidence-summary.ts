import type { Clip } from '@gaitway/motion/clip';
import { jointIndex } from '@gaitway/motion/skeleton';
import type { ConfidenceReport, UnsureStretch } from './solve-report.ts';

/** Parts of the body and the joints that speak for them. */
const PARTS: readonly (readonly [part: string, joints: readonly string[]])[] = [
  ['left arm', ['lowerarm_l', 'hand_l']],
  ['right arm', ['lowerarm_r', 'hand_r']],
  ['left leg', ['calf_l', 'foot_l']],
  ['right leg', ['calf_r', 'foot_r']],
  ['head', ['head']],
  ['torso', ['pelvis', 'spine_03']],
];

/** Below this a pose is a guess. */
export const UNSURE = 0.5;
/** Shorter stretches are not worth a look; more than so many are not listed. */
const SHORTEST_SEC = 0.2;
const MOST_LISTED = 12;

/** How far the clip can be trusted: on the whole, and which part of the body is a guess when; the worst first. */
export function confidenceReport(clip: Clip): ConfidenceReport {
  const every = PARTS.map(([part, names]) => ({
    part,
    trust: trustOf(
      clip,
      names.map((name) => jointIndex(clip.skeleton, name)),
    ),
  }));
  // Legs that nobody asked for are no guess.
  const solved = every.filter(({ part, trust }) => !part.endsWith('leg') || trust.some((value) => value > 0));
  const parts = solved.length > 0 ? solved : every;
  const all = parts.flatMap(({ trust }) => trust);
  const stretches = parts.flatMap(({ part, trust }) => unsureStretches(part, trust, clip.fps));
  return {
    mean: meanOf(all),
    lowShare: all.filter((value) => value < UNSURE).length / all.length,
    worst: stretches.sort((a, b) => weight(b) - weight(a) || a.fromSec - b.fromSec).slice(0, MOST_LISTED),
  };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** How bad a stretch is: its length times what is missing to certainty. */
const weight = ({ fromSec, toSec, mean }: UnsureStretch): number => (toSec - fromSec) * (1 - mean);

/** Mean confidence of some joints in every frame. */
const trustOf = (clip: Clip, joints: readonly number[]): number[] =>
  Array.from({ length: clip.frameCount }, (_, f) => meanOf(joints.map((j) => clip.confidence[f * clip.skeleton.joints.length + j])));

function unsureStretches(part: string, trust: readonly number[], fps: number): UnsureStretch[] {
  const out: UnsureStretch[] = [];
  for (let from = 0, f = 0; f <= trust.length; f++) {
    if (f < trust.length && trust[f] < UNSURE) continue;
    if (f - from >= SHORTEST_SEC * fps) out.push({ part, fromSec: from / fps, toSec: f / fps, mean: meanOf(trust.slice(from, f)) });
    from = f + 1;
  }
  return out;
}
