import { HUMAN_SKELETON, HUMAN_SKELETON_HEIGHT_M, scaledHuman } from '@gaitway/motion/human';
import type { Skeleton } from '@gaitway/motion/skeleton';
import { jointIndex } from '@gaitway/motion/skeleton';
import { LANDMARK_COUNT } from '../landmarks.ts';
import type { Observations } from './observations.ts';
import type { PersonReport } from './solve-report.ts';

/** Segments whose length is a person's own; both sides are equal. */
export const SEGMENTS = ['torso', 'neck', 'shoulders', 'hips', 'upperarm', 'forearm', 'thigh', 'calf'] as const;
export type Segment = (typeof SEGMENTS)[number];

/** Scale of each segment against `HUMAN_SKELETON`; `body` scales all that is no segment (head, hands, feet). */
export type PersonShape = Readonly<Record<Segment | 'body', number>>;

/**
 * Assumed where no height is given: mean and standard deviation of men, women and youths together. The picture does not help: the
 * pose model's metres are those of a body of 1.70 m whoever is seen (1.49 m: 14 % too long, 1.82 m: 7 % too short).
 */
export const PRIOR_HEIGHT_M = 1.7;
export const PRIOR_HEIGHT_SD_M = 0.11;

/**
 * Segments of an average body against `HUMAN_SKELETON`, in the joint centres that the landmark offsets refer to: rest joints
 * of two men and two women (the bodies of the samples), mean of their lengths as fractions of body height.
 */
const AVERAGE: PersonShape = {
  body: 1,
  torso: 0.92,
  neck: 1.32,
  shoulders: 1,
  hips: 1.18,
  upperarm: 0.9,
  forearm: 1,
  thigh: 0.98,
  calf: 1.03,
};

/** Shape of a body of this height with average proportions. */
export function averageShape(heightM: number): PersonShape {
  const shape: Record<Segment | 'body', number> = { ...AVERAGE };
  for (const segment of [...SEGMENTS, 'body'] as const) shape[segment] *= heightM / HUMAN_SKELETON_HEIGHT_M;
  return shape;
}

/** Landmark pairs that span a segment: [from, to] of the left side, then of the right. */
const SPANS: Readonly<Record<Exclude<Segment, 'torso' | 'neck'>, readonly (readonly [number, number])[]>> = {
  shoulders: [[11, 12]],
  hips: [[23, 24]],
  upperarm: [
    [11, 13],
    [12, 14],
  ],
  forearm: [
    [13, 15],
    [14, 16],
  ],
  thigh: [
    [23, 25],
    [24, 26],
  ],
  calf: [
    [25, 27],
    [26, 28],
  ],
};

/**
 * How much of a measured deviation from average proportions is believed, and its limit. The pose model draws every body with
 * nearly the same proportions, so most of what it reports is not the person's.
 */
const BELIEF = 0.4;
const MAX_DEVIATION = 0.12;

/** Robust per-clip proportions of the landmarks, shrunk towards the average body of `heightM`. */
export function measureShape(seen: Observations, heightM: number): PersonShape {
  const ratios = new Map<Segment, number>();
  for (const segment of ['shoulders', 'upperarm', 'forearm', 'thigh', 'calf'] as const) {
    const measured = medianSpan(seen, SPANS[segment]);
    if (measured > 0) ratios.set(segment, measured / restLengthM(segment) / AVERAGE[segment]);
  }
  const overall = middleOf([...ratios.values()]);
  const average = averageShape(heightM);
  const shape: Record<Segment | 'body', number> = { ...average };
  for (const [segment, ratio] of ratios) {
    const deviation = Math.max(-MAX_DEVIATION, Math.min(MAX_DEVIATION, (ratio / overall - 1) * BELIEF));
    shape[segment] = average[segment] * (1 + deviation);
  }
  return shape;
}

function medianSpan(seen: Observations, pairs: readonly (readonly [number, number])[]): number {
  const lengths: number[] = [];
  for (let f = 0; f < seen.frameCount; f++) {
    for (const [a, b] of pairs) {
      const i = f * LANDMARK_COUNT + a;
      const j = f * LANDMARK_COUNT + b;
      if (Math.min(seen.visibility[i], seen.visibility[j]) < 0.5) continue;
      const p = seen.bodyM;
      lengths.push(Math.hypot(p[i * 3] - p[j * 3], p[i * 3 + 1] - p[j * 3 + 1], p[i * 3 + 2] - p[j * 3 + 2]));
    }
  }
  return middleOf(lengths);
}

const middleOf = (values: number[]): number => (values.length === 0 ? 0 : values.sort((a, b) => a - b)[values.length >> 1]);

const offsetLengthM = (joint: string): number => Math.hypot(...HUMAN_SKELETON.joints[jointIndex(HUMAN_SKELETON, joint)].translationM);

function restLengthM(segment: Exclude<Segment, 'torso' | 'neck'>): number {
  if (segment === 'shoulders') {
    const width = HUMAN_SKELETON.joints[jointIndex(HUMAN_SKELETON, 'upperarm_l')].translationM[0];
    return 2 * (width + HUMAN_SKELETON.joints[jointIndex(HUMAN_SKELETON, 'clavicle_l')].translationM[0]);
  }
  if (segment === 'hips') return 2 * HUMAN_SKELETON.joints[jointIndex(HUMAN_SKELETON, 'thigh_l')].translationM[0];
  return offsetLengthM({ upperarm: 'lowerarm_l', forearm: 'hand_l', thigh: 'calf_l', calf: 'foot_l' }[segment]);
}

/** Which segment a joint's offset from its parent belongs to. */
const SEGMENT_OF: readonly (readonly [RegExp, Segment])[] = [
  [/^spine_/, 'torso'],
  [/^(neck_|head$)/, 'neck'],
  [/^(clavicle|upperarm)_/, 'shoulders'],
  [/^lowerarm_/, 'upperarm'],
  [/^hand_/, 'forearm'],
  [/^thigh_/, 'hips'],
  [/^calf_/, 'thigh'],
  [/^foot_/, 'calf'],
];

/** Segment that a joint's offset belongs to; undefined where it scales with the body. */
export const segmentOf = (joint: string): Segment | undefined => SEGMENT_OF.find(([pattern]) => pattern.test(joint))?.[1];

/** The human skeleton with this person's lengths. */
export const personSkeleton = (shape: PersonShape): Skeleton =>
  scaledHuman('gaitway-human-person', (joint) => shape[segmentOf(joint) ?? 'body']);

const REPORTED = { upperarm: 'lowerarm_l', forearm: 'hand_l', thigh: 'calf_l', calf: 'foot_l', shoulder: 'upperarm_l', hip: 'thigh_l' };

/** Facts about the person for the report. */
export function reportPerson(skeleton: Skeleton, heightM: number, given: boolean): PersonReport {
  const halfWidthM = given ? 0.02 : 1.96 * PRIOR_HEIGHT_SD_M;
  const entries = Object.entries(REPORTED).map(([name, joint]): [string, number] => [
    name,
    Math.hypot(...skeleton.joints[jointIndex(skeleton, joint)].translationM),
  ]);
  return {
    heightM,
    heightRangeM: [heightM - halfWidthM, heightM + halfWidthM],
    heightSource: given ? 'given' : 'prior',
    boneLengthsM: Object.fromEntries(entries),
  };
}
