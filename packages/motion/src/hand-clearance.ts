import type { Clip } from './clip.ts';
import { clipPoser } from './clip-poser.ts';
import { envelope } from './easing.ts';
import { jointIndex } from './skeleton.ts';
import { createTwoBoneScratch, solveTwoBone, toLocal } from './two-bone-ik.ts';

/** One arm of a skeleton and what of its hand may touch the floor. */
export interface Arm {
  readonly upper: number;
  readonly lower: number;
  readonly hand: number;
  /** Joints of the hand with the flesh around them, metres; the finger goes on past its last joint by a part of the bone before. */
  readonly flesh: readonly Flesh[];
}

interface Flesh {
  readonly joint: number;
  readonly parent: number;
  readonly beyond: number;
  readonly radiusM: number;
}

/** Wrist, knuckles and tips of fingers: radius, metres of the standard body, and how far beyond the joint. */
const FLESH: readonly (readonly [joint: string, radiusM: number, beyond: number])[] = [
  ['hand', 0.022, 0],
  ...['index', 'middle', 'ring', 'pinky'].flatMap((finger) => [
    [`${finger}_01`, 0.0105, 0] as const,
    [`${finger}_03`, 0.007, 0.75] as const,
  ]),
  ['thumb_03', 0.008, 0.7],
];

/** The arms of a skeleton with the UE5 names of the human one, `scale` times as big as that. */
export const humanArms = ({ skeleton }: Pick<Clip, 'skeleton'>, scale: number): readonly Arm[] =>
  ['l', 'r'].map((side) => {
    const named = (joint: string): number => jointIndex(skeleton, `${joint}_${side}`);
    return {
      upper: named('upperarm'),
      lower: named('lowerarm'),
      hand: named('hand'),
      flesh: FLESH.map(([name, radiusM, beyond]) => {
        const joint = named(name);
        return { joint, parent: skeleton.joints[joint].parent, beyond, radiusM: radiusM * scale };
      }),
    };
  });

/** Arms of other lengths than those that were filmed sink in by no more than this, metres: deeper is a hole in the floor. */
const MAX_RISE_M = 0.1;
/** How long before a hand would touch the floor it starts to rise, seconds. */
const EASE_SEC = 0.1;

/**
 * Lifts hands out of the floor at y = 0 by turning shoulder and elbow; they keep their own direction. Where no hand is in the floor
 * nothing changes.
 */
export function liftHands(clip: Clip, arms: readonly Arm[]): Clip {
  const rises = arms.map((arm) => handRises(clip, arm));
  if (rises.every((rise) => rise.every((v) => v === 0))) return clip;
  const rotations = clip.rotations.slice();
  const run = clipPoser(clip);
  const scratch = createTwoBoneScratch();
  const target = new Float64Array(3);
  for (let f = 0; f < clip.frameCount; f++) {
    if (rises.every((rise) => rise[f] === 0)) continue;
    run.pose(rotations, f);
    const { positionsM: p, rotations: q } = run.world;
    const at = f * clip.skeleton.joints.length * 4;
    arms.forEach(({ upper, lower, hand }, a) => {
      if (rises[a][f] === 0) return;
      for (let k = 0; k < 3; k++) target[k] = p[hand * 3 + k] + (k === 1 ? rises[a][f] : 0);
      solveTwoBone(q, upper * 4, lower * 4, p, upper * 3, lower * 3, hand * 3, target, 0, scratch);
      toLocal(rotations, at + upper * 4, q, clip.skeleton.joints[upper].parent * 4, q, upper * 4);
      toLocal(rotations, at + lower * 4, q, upper * 4, q, lower * 4);
      toLocal(rotations, at + hand * 4, q, lower * 4, q, hand * 4);
    });
  }
  return { ...clip, rotations };
}

/** How far a hand must come up in each frame, metres, smooth. */
function handRises(clip: Clip, { flesh }: Arm): Float64Array {
  const run = clipPoser(clip);
  const depths = new Float64Array(clip.frameCount);
  for (let f = 0; f < clip.frameCount; f++) {
    run.pose(clip.rotations, f);
    const p = run.world.positionsM;
    for (const { joint, parent, beyond, radiusM } of flesh) {
      const y = p[joint * 3 + 1];
      depths[f] = Math.max(depths[f], radiusM - y - beyond * (y - p[parent * 3 + 1]));
    }
    depths[f] = Math.min(MAX_RISE_M, depths[f]);
  }
  return envelope(depths, Math.max(1, Math.round(EASE_SEC * clip.fps)));
}
