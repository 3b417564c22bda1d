import { COLLISION_PAIRS, G1_CAPSULES, isHipHandPair } from '../capsules.ts';
import type { BodyTrack } from './body-track.ts';

/** A deeper overlap counts. */
export const OVERLAP_TOLERANCE_M = 0.005;

export interface SelfCollisionReport {
  readonly frames: number[];
  readonly maxM: number;
  readonly frame: number;
  /** Frames in which something other than hand against hip overlaps. */
  readonly framesWithoutHipHand: number[];
  /** Deepest overlap of each pair that meets, metres. */
  readonly pairsM: Readonly<Record<string, number>>;
}

export function reportSelfCollision(track: BodyTrack): SelfCollisionReport {
  const pairs = COLLISION_PAIRS.length;
  const n = track.overlapsM.length / pairs;
  const frames: number[] = [];
  const others: number[] = [];
  const pairsM: Record<string, number> = {};
  let maxM = 0;
  let frame = 0;
  for (let f = 0; f < n; f++) {
    let any = false;
    let other = false;
    for (let p = 0; p < pairs; p++) {
      const depth = track.overlapsM[f * pairs + p];
      if (depth <= OVERLAP_TOLERANCE_M) continue;
      any = true;
      other ||= !isHipHandPair(COLLISION_PAIRS[p]);
      const name = `${G1_CAPSULES[COLLISION_PAIRS[p][0]].name}/${G1_CAPSULES[COLLISION_PAIRS[p][1]].name}`;
      pairsM[name] = Math.max(pairsM[name] ?? 0, depth);
      if (depth > maxM) {
        maxM = depth;
        frame = f;
      }
    }
    if (any) frames.push(f);
    if (other) others.push(f);
  }
  return { frames, maxM, frame, framesWithoutHipHand: others, pairsM };
}
