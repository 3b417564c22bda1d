import type { Landmarks } from '@gaitway/capture/landmarks';
import { averageShape, personSkeleton, SEGMENTS } from '@gaitway/capture/solve/person';
import { solve } from '@gaitway/capture/solve/solve';
import type { SolveOptions } from '@gaitway/capture/solve/solve-options';
import type { Repair } from '@gaitway/capture/solve/solve-report';
import type { Clip } from '@gaitway/motion/clip';
import { cameraOf } from './camera.ts';
import type { SyntheticCase } from './cases.ts';
import { exchangedFrames, withFaults } from './faults.ts';
import type { SyntheticScores } from './judge.ts';
import { judge } from './judge.ts';
import { clipOfMove } from './motion.ts';
import { observeClip } from './observe.ts';
import type { Puppet } from './puppet.ts';
import { scaleOf } from './puppet.ts';
import { randomOf } from './random.ts';
import type { V3 } from './vectors.ts';

export interface CaseResult {
  readonly name: string;
  readonly frameCount: number;
  readonly solveSec: number;
  readonly scores: SyntheticScores;
  /** Frames with exchanged sides that were found, percent (NaN where there are none), and frames mended that were right. */
  readonly repairedPct: number;
  readonly wronglyRepaired: number;
  /** Whether the true height lies in the stated interval. */
  readonly heightInside: boolean;
}

/** Standard deviation of a segment's length among people of one height. */
const PROPORTION_SD = 0.03;

/** A person of this height whose proportions are nobody's average. */
export function personOf(heightM: number, seed: number): Puppet {
  const random = randomOf(seed + 1000);
  const shape = { ...averageShape(heightM) };
  for (const segment of SEGMENTS) shape[segment] *= 1 + PROPORTION_SD * random.normal();
  return { skeleton: personSkeleton(shape), scale: scaleOf(heightM) };
}

/** The true motion of a case. */
export const motionOf = (one: SyntheticCase): Clip => clipOfMove(one.move, personOf(one.heightM, one.seed), one.fps);

/** Solves one case; `change` alters what the solve is told, `noise` how badly the network errs (1 = as measured). */
export function runCase(one: SyntheticCase, change: Partial<SolveOptions> = {}, noise = 1): CaseResult {
  return runClip(one, motionOf(one), change, noise);
}

/** The same for a motion from elsewhere. */
export function runClip(one: SyntheticCase, real: Clip, change: Partial<SolveOptions> = {}, noise = 1): CaseResult {
  return solveSeen(one, real, seenOf(one, real, noise), change);
}

/** What the network would report of the motion of a case, faults and all. */
export function seenOf(one: SyntheticCase, real: Clip, noise = 1): Landmarks {
  const camera = cameraOf(one.camera, one.panLagSec === undefined ? undefined : panTargets(real, one.panLagSec));
  return withFaults(observeClip(real, camera, { seed: one.seed, noise, heightM: one.heightM }), one.faults);
}

/** Solves what was seen of a case and scores it against what it was. */
export function solveSeen(one: SyntheticCase, real: Clip, seen: Landmarks, change: Partial<SolveOptions> = {}): CaseResult {
  const start = performance.now();
  const { clip, report } = solve(seen, { ...one.told, ...change });
  const solveSec = (performance.now() - start) / 1000;
  const [from, to] = report.person.heightRangeM;
  return {
    name: one.name,
    frameCount: real.frameCount,
    solveSec,
    scores: judge(one.name, real, clip, one.heightM, report.person.heightM),
    ...judgeRepairs(report.repairs, exchangedFrames(one.faults, one.fps, real.frameCount)),
    heightInside: from <= one.heightM && one.heightM <= to,
  };
}

/** Where a camera looks that follows the pelvis a little late, at the height of the first frame. */
function panTargets(real: Clip, lagSec: number): V3[] {
  return Array.from({ length: real.frameCount }, (_, f) => {
    const x = Math.max(0, f - lagSec * real.fps);
    const before = Math.floor(x);
    const after = Math.min(before + 1, real.frameCount - 1);
    const at = (k: number): number => {
      const a = real.rootTranslationM[before * 3 + k];
      return a + (x - before) * (real.rootTranslationM[after * 3 + k] - a);
    };
    return [at(0), real.rootTranslationM[1], at(2)];
  });
}

function judgeRepairs(repairs: readonly Repair[], exchanged: Uint8Array): Pick<CaseResult, 'repairedPct' | 'wronglyRepaired'> {
  const mended = new Uint8Array(exchanged.length);
  for (const { kind, from, to } of repairs) if (kind !== 'outlier') mended.fill(1, from, to);
  const total = exchanged.reduce((a, b) => a + b, 0);
  const found = exchanged.reduce((sum, wrong, f) => sum + (wrong && mended[f]), 0);
  const wronglyRepaired = mended.reduce((sum, was, f) => sum + (was && !exchanged[f] ? 1 : 0), 0);
  return { repairedPct: (100 * found) / total, wronglyRepaired };
}
