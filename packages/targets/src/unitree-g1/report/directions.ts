import { SEGMENT_COUNT, SEGMENTS, type SourceMotion } from '../source.ts';
import type { BodyTrack } from './body-track.ts';

/** An error beyond this is a pose that the robot cannot take, degrees. */
const UNREACHABLE_DEG = 20;
/** Below this a segment was guessed rather than seen. */
export const LOW_CONFIDENCE = 0.5;

export interface DirectionReport {
  /** Mean angle to the direction of the source, by kind of segment. */
  readonly meanDeg: Readonly<Record<'thigh' | 'shank' | 'upper_arm' | 'forearm', number>>;
  readonly worst: { readonly segment: string; readonly frame: number; readonly deg: number };
  /** Frames in which a segment that was seen stays more than 20° from where it should point. */
  readonly unreachableFrames: number[];
  readonly lowConfidenceFrames: number[];
}

const KINDS = ['thigh', 'shank', 'upper_arm', 'forearm'] as const;
const kindOf = (segment: number): number => (segment < 4 ? segment % 2 : 2 + (segment % 2));

export function reportDirections(track: BodyTrack, source: SourceMotion): DirectionReport {
  const sums = [0, 0, 0, 0];
  const unreachable = new Set<number>();
  const unsure = new Set<number>();
  let worst = { segment: SEGMENTS[0] as string, frame: 0, deg: 0 };
  for (let f = 0; f < source.frameCount; f++) {
    for (let s = 0; s < SEGMENT_COUNT; s++) {
      const i = (f * SEGMENT_COUNT + s) * 3;
      const deg = angleDeg(track.directions, source.directions, i);
      const confidence = source.segmentConfidence[f * SEGMENT_COUNT + s];
      sums[kindOf(s)] += deg;
      if (confidence < LOW_CONFIDENCE) unsure.add(f);
      else if (deg > UNREACHABLE_DEG) unreachable.add(f);
      if (deg > worst.deg) worst = { segment: SEGMENTS[s], frame: f, deg };
    }
  }
  const mean = (k: number): number => sums[k] / (2 * source.frameCount);
  const meanDeg = { [KINDS[0]]: mean(0), [KINDS[1]]: mean(1), [KINDS[2]]: mean(2), [KINDS[3]]: mean(3) } as DirectionReport['meanDeg'];
  return { meanDeg, worst, unreachableFrames: [...unreachable], lowConfidenceFrames: [...unsure] };
}

function angleDeg(a: Float64Array, b: Float64Array, i: number): number {
  const sine = Math.hypot(a[i + 1] * b[i + 2] - a[i + 2] * b[i + 1], a[i + 2] * b[i] - a[i] * b[i + 2], a[i] * b[i + 1] - a[i + 1] * b[i]);
  return (Math.atan2(sine, a[i] * b[i] + a[i + 1] * b[i + 1] + a[i + 2] * b[i + 2]) * 180) / Math.PI;
}
