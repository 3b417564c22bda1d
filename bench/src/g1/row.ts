import type { Clip } from '@gaitway/motion/clip';
import { pointSpeeds } from '@gaitway/motion/contacts';
import { humanLegs, solePositions } from '@gaitway/motion/feet';
import { FOOT_POINTS_M } from '@gaitway/motion/human';
import { makeGoals } from '@gaitway/targets/unitree-g1/goals';
import type { G1Model } from '@gaitway/targets/unitree-g1/model';
import { G1_DEFAULTS } from '@gaitway/targets/unitree-g1/options';
import { type G1Report, reportG1 } from '@gaitway/targets/unitree-g1/report/report';
import { retargetToG1 } from '@gaitway/targets/unitree-g1/retarget';
import { solveFrames } from '@gaitway/targets/unitree-g1/solve-frames';
import { sourceMotion } from '@gaitway/targets/unitree-g1/source';

/** A toe of the source that is slower and lower than this stands: labels that the solver knows nothing of. */
const STANDING_SPEED_M_S = 0.15;
const STANDING_HEIGHT_M = 0.05;
/** Each clip is solved this often; the fastest counts. Time is the process's own on the processor: a busy machine does not matter. */
const REPEATS = 3;

export const G1_HEAD: readonly string[] = [
  'clip',
  'kind',
  'limit frames',
  'v max rad/s',
  '>15 rad/s %',
  'jerk rms',
  'penetration >1 cm % / max cm',
  'float >1 cm %',
  'toe slide mean / p95 cm/s',
  'self >5 mm % / max cm',
  'direction thigh / shank / upper arm / forearm °',
  'CoP >2 cm %',
  'friction p95',
  'unsure frames',
  'review',
  'first pass frames/s',
  'all passes frames/s',
];

/** Figures of others on the same measures, other clips of the same kinds: from their own motions and code, and their papers. */
export const PUBLISHED = `Published: penetration >1 cm GMR 11–23 %, Unitree 0.3–4 % of frames · float GMR 4–33 %, Unitree 0.5–2.5 % · forearm GMR 10–13°, Unitree 1.7–3.4°
jerk rms walk / run / dance / jumps / get-up GMR 436 / 1894 / 2291 / 1781 / 1995, Unitree 271 / 1323 / 1112 / 1059 / 1051 rad/s³
CoP >2 cm walk / run / dance / jumps / get-up GMR 5.5 / 67 / 28 / 51 / 32 %, Unitree 2.3 / 50 / 27 / 35 / 27 % · speed GMR (Python) 35–70 frames/s`;

/** Contacts by the labels of the bench, in the layout of `Clip.contacts`: toes only. */
function labelled(clip: Clip): Uint8Array {
  const soles = solePositions(clip, humanLegs(clip, FOOT_POINTS_M));
  const speeds = pointSpeeds(soles, 4, clip.fps);
  return Uint8Array.from({ length: clip.frameCount * 4 }, (_, i) =>
    i % 2 === 1 && speeds[i] < STANDING_SPEED_M_S && soles[i * 3 + 1] < STANDING_HEIGHT_M ? 1 : 0,
  );
}

function timed<T>(work: () => T): { readonly value: T; readonly ms: number } {
  let best = Number.POSITIVE_INFINITY;
  let value = work();
  for (let k = 0; k < REPEATS; k++) {
    const from = process.cpuUsage().user;
    value = work();
    best = Math.min(best, (process.cpuUsage().user - from) / 1000);
  }
  return { value, ms: best };
}

/** One row of the table: a clip through both passes, judged with labels of its own. */
export function g1Row(model: G1Model, name: string, clip: Clip): string[] {
  const n = clip.frameCount;
  const options = { ...G1_DEFAULTS, fps: clip.fps as typeof G1_DEFAULTS.fps };
  const first = timed(() => solveFrames(model, makeGoals(model, sourceMotion(clip)), options.handMode));
  const all = timed(() => retargetToG1(model, clip, options));
  const report = reportG1(model, all.value.motion, { contacts: labelled(clip), source: all.value.source });
  return [name, ...cellsOf(report, n), ((1000 * n) / first.ms).toFixed(0), ((1000 * n) / all.ms).toFixed(0)];
}

function cellsOf({ kind, joints, feet, selfCollision, directions, dynamics, verdicts }: G1Report, n: number): string[] {
  const share = (frames: readonly number[]): string => ((100 * frames.length) / n).toFixed(1);
  const mean = directions?.meanDeg;
  return [
    kind,
    joints.limitViolationFrames.length.toFixed(0),
    joints.velocityMax.radS.toFixed(1),
    share(joints.fastFrames),
    joints.jerkRmsRadS3.toFixed(0),
    `${share(feet.penetration.frames)} / ${(feet.penetration.maxM * 100).toFixed(1)}`,
    ((100 * feet.stanceFloat.samples) / Math.max(1, feet.stanceFloat.stanceSamples)).toFixed(1),
    `${feet.slide.meanCmS.toFixed(1)} / ${feet.slide.p95CmS.toFixed(1)}`,
    `${share(selfCollision.frames)} / ${(selfCollision.maxM * 100).toFixed(1)}`,
    mean ? [mean.thigh, mean.shank, mean.upper_arm, mean.forearm].map((v) => v.toFixed(1)).join(' / ') : '',
    ((100 * dynamics.outsideFrames.length) / Math.max(1, dynamics.loadedFrames)).toFixed(0),
    dynamics.frictionP95.toFixed(2),
    (directions?.lowConfidenceFrames.length ?? 0).toFixed(0),
    verdicts
      .filter((v) => !v.pass)
      .map((v) => v.check.replaceAll('_', ' '))
      .join(', '),
  ];
}
